// Which threats are shown: by type, unit, fate and cause. An empty choice shows all.
import type { Replay } from './replay'
import { outcomeOf } from './replay'

export interface Filter {
  types: Set<number>
  outcomes: Set<string>
  causes: Set<number>
  unit: number | null
}

export const noFilter = (): Filter => ({ types: new Set(), outcomes: new Set(), causes: new Set(), unit: null })

export const isFiltering = (filter: Filter): boolean =>
  filter.types.size + filter.outcomes.size + filter.causes.size > 0 || filter.unit !== null

/** 1 where a threat is shown. A unit's threats are those it shot at. `flights`: friendly and civil aircraft too, unless only some threats are asked for. */
export function shownThreats(replay: Replay, filter: Filter, flights = true): Uint8Array {
  const { threats, shots, laydown } = replay
  const shown = new Uint8Array(threats.count)
  let byUnit: Set<number> | null = null
  if (filter.unit !== null) {
    byUnit = new Set()
    for (let s = 0; s < shots.count; s++)
      if (laydown.weapons[shots.weapon[s]].unit === filter.unit) byUnit.add(shots.threat[s])
  }
  for (let i = 0; i < threats.raid; i++) {
    const kept =
      (filter.types.size === 0 || filter.types.has(threats.type[i])) &&
      (filter.outcomes.size === 0 || filter.outcomes.has(outcomeOf(replay, i))) &&
      (filter.causes.size === 0 || filter.causes.has(threats.cause[i])) &&
      (byUnit === null || byUnit.has(i))
    shown[i] = kept ? 1 : 0
  }
  const areThreatsChosen = filter.types.size + filter.outcomes.size + filter.causes.size > 0
  for (let i = threats.raid; i < threats.count; i++) shown[i] = flights && !areThreatsChosen && (byUnit === null || byUnit.has(i)) ? 1 : 0
  return shown
}
