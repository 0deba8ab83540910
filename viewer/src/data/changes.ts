// Changes to a scenario as the server takes them: a path and a value; one change a path, the last one counts.
import type { Change, FireUnit, Laydown } from './types'

export const withChange = (changes: Change[], path: string, value: unknown, was: unknown): Change[] => {
  const others = changes.filter((change) => change.path !== path)
  return JSON.stringify(value) === JSON.stringify(was) ? others : [...others, { path, value }]
}

export const valueOf = (changes: Change[], path: string): unknown => changes.find((change) => change.path === path)?.value

/** How many fire units stand in the file as one line with a count. */
export const copiesOf = (laydown: Laydown, entry: string): number => laydown.units.filter((unit) => unit.entry === entry).length

/** One fire unit for each line of the file, in order of name. */
export function entriesOf(laydown: Laydown): FireUnit[] {
  const seen = new Map<string, FireUnit>()
  for (const unit of laydown.units) if (!seen.has(unit.entry)) seen.set(unit.entry, unit)
  return [...seen.values()].sort((a, b) => a.type.localeCompare(b.type) || a.entry.localeCompare(b.entry))
}

const round = (degrees: number): number => Math.round(degrees * 1000) / 1000
export const positionValue = (lat: number, lon: number): [number, number] => [round(lat), round(lon)]
