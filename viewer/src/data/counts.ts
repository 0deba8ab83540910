// The communique: how many were launched, shot down, suppressed and went through, up to any moment.
import type { Replay } from './replay'
import { countUpTo, outcomeOf } from './replay'

export interface Counts {
  launched: number
  shot_down: number
  suppressed: number
  through: number
  aborted: number
}

interface Times {
  launched: Float64Array
  shot_down: Float64Array
  suppressed: Float64Array
  through: Float64Array
  aborted: Float64Array
}

export interface Ledger {
  total: Times
  byType: Times[]
  /** Friendly and civil aircraft: how many fly; those shot down by mistake, over all and by entry. */
  flights: number
  mistakes: Float64Array
  mistakesByEntry: Float64Array[]
}

const OUTCOMES: (keyof Times)[] = ['shot_down', 'suppressed', 'through', 'aborted']

/** Sort the times of every launch and end, over all and by type; `shown` leaves threats out. */
export function ledgerOf(replay: Replay, shown?: Uint8Array): Ledger {
  const { threats, laydown } = replay
  const times = (type: number | null): Times => {
    const found: Record<string, number[]> = { launched: [], shot_down: [], suppressed: [], through: [], aborted: [] }
    for (let i = 0; i < threats.raid; i++) {
      const isNotYet = threats.start[i] === Infinity
      if (isNotYet || (type !== null && threats.type[i] !== type) || (shown && !shown[i])) continue
      found.launched.push(threats.start[i])
      const outcome = outcomeOf(replay, i)
      if (outcome !== 'flying') found[outcome]?.push(threats.end[i])
    }
    const sorted = (name: string): Float64Array => Float64Array.from(found[name]).sort()
    return {
      launched: sorted('launched'),
      shot_down: sorted('shot_down'),
      suppressed: sorted('suppressed'),
      through: sorted('through'),
      aborted: sorted('aborted'),
    }
  }
  const mistakes = (entry: number | null): Float64Array => {
    const found: number[] = []
    for (let i = threats.raid; i < threats.count; i++)
      if ((entry === null || threats.salvo[i] === entry) && outcomeOf(replay, i) === 'mistake') found.push(threats.end[i])
    return Float64Array.from(found).sort()
  }
  return {
    total: times(null),
    byType: laydown.types.map((_, type) => times(type)),
    flights: threats.count - threats.raid,
    mistakes: mistakes(null),
    mistakesByEntry: (laydown.flights ?? []).map((_, entry) => mistakes(entry)),
  }
}

export function countsAt(times: Times, t: number): Counts {
  return {
    launched: countUpTo(times.launched, t),
    shot_down: countUpTo(times.shot_down, t),
    suppressed: countUpTo(times.suppressed, t),
    through: countUpTo(times.through, t),
    aborted: countUpTo(times.aborted, t),
  }
}

export interface Bins {
  from: number
  width: number
  launched: number[]
  shot_down: number[]
  suppressed: number[]
  through: number[]
}

/** Count launches and ends in `count` equal bins from `from` to `to`. */
export function binned(times: Times, from: number, to: number, count: number): Bins {
  const width = Math.max((to - from) / count, 1e-9)
  const bin = (values: Float64Array): number[] => {
    const bins = new Array<number>(count).fill(0)
    for (const value of values) bins[Math.max(0, Math.min(count - 1, Math.floor((value - from) / width)))]++
    return bins
  }
  const [shot_down, suppressed, through] = OUTCOMES.slice(0, 3).map((name) => bin(times[name]))
  return { from, width, launched: bin(times.launched), shot_down, suppressed, through }
}

/** The next moment after t (or the last before it) at which something worth seeing happens. */
export function stepFrom(moments: ArrayLike<number>, t: number, forward: boolean): number | null {
  const after = countUpTo(moments, t + (forward ? 1e-6 : -1e-6))
  if (forward) return after < moments.length ? moments[after] : null
  return after > 0 ? moments[after - 1] : null
}
