// What the page knows and shows now, and the steps that change it.
import { batch, computed, signal } from '@preact/signals'
import { Refused, api } from './api'
import type { Theme } from './colours'
import type { Filter } from './data/filter'
import { noFilter, shownThreats } from './data/filter'
import type { Ledger } from './data/counts'
import { ledgerOf } from './data/counts'
import type { Replay } from './data/replay'
import { decodeReplay, outcomeOf } from './data/replay'
import type { Comparison, ExerciseSession, Laydown, Review, Run, RunEntry } from './data/types'
import type { Picked, Shown } from './map/scene'
import { fittingSpeed, now, pause, seek, setSpan, speed } from './play/clock'
import { T } from './text'

export type Tab = 'replay' | 'across' | 'compare' | 'change' | 'exercise'
export type Fatal = { title: string; detail: string }

/** A second raid beside the first: another run's, or what the automatic doctrine did. */
export interface Beside {
  replay: Replay
  labels: [string, string]
}

const THEME_KEY = 'shieldwall-theme'
const stored = ((): string | null => {
  try {
    return localStorage.getItem(THEME_KEY)
  } catch {
    return null
  }
})()
const preferred = (): Theme => (matchMedia('(prefers-color-scheme: light)').matches ? 'light' : 'dark')

export const theme = signal<Theme>(stored === 'light' || stored === 'dark' ? stored : preferred())
export const tab = signal<Tab>('replay')
export const fatal = signal<Fatal | null>(null)
export const notice = signal<string | null>(null)
export const runs = signal<RunEntry[]>([])
export const run = signal<Run | null>(null)
export const replay = signal<Replay | null>(null)
export const beside = signal<Beside | null>(null)
export const comparison = signal<Comparison | null>(null)
export const comparedRun = signal<Run | null>(null)
export const session = signal<ExerciseSession | null>(null)
export const review = signal<Review | null>(null)
export const picked = signal<Picked>(null)
export const filter = signal<Filter>(noFilter())
export const busy = signal(false)
export const options = signal<Shown>({
  trails: true,
  shots: true,
  ends: true,
  units: true,
  sensors: true,
  zones: true,
  airspace: true,
  flights: true,
  names: true,
  coverage: 'none',
  height: 1,
  against: 0,
  heat: false,
})

export const laydown = computed<Laydown | null>(() => replay.value?.laydown ?? run.value)
const flightsShown = computed<boolean>(() => options.value.flights)
export const shown = computed<Uint8Array>(() => (replay.value ? shownThreats(replay.value, filter.value, flightsShown.value) : new Uint8Array(0)))
export const shownBeside = computed<Uint8Array>(() => (beside.value ? shownThreats(beside.value.replay, filter.value, flightsShown.value) : new Uint8Array(0)))
export const ledger = computed<Ledger | null>(() => (replay.value ? ledgerOf(replay.value) : null))
export const ledgerBeside = computed<Ledger | null>(() => (beside.value ? ledgerOf(beside.value.replay) : null))
/** Moments worth stepping to: shots, ends and losses; while a filter is set, only of what is shown. */
export const moments = computed<Float64Array>(() => {
  const raid = replay.value
  if (!raid) return new Float64Array(0)
  const kept = shown.value
  const found: number[] = [...raid.unitLost.values(), ...raid.sensorLost.values()]
  for (let i = 0; i < raid.threats.raid; i++) if (kept[i]) found.push(raid.threats.start[i], raid.threats.end[i])
  for (let i = raid.threats.raid; i < raid.threats.count; i++) if (kept[i] && outcomeOf(raid, i) === 'mistake') found.push(raid.threats.end[i])
  for (let s = 0; s < raid.shots.count; s++) if (kept[raid.shots.threat[s]]) found.push(raid.shots.ordered[s])
  return Float64Array.from(new Set(found.filter(Number.isFinite))).sort()
})
export const leaks = computed<Float64Array>(() => {
  const raid = replay.value
  if (!raid) return new Float64Array(0)
  const kept = shown.value
  return Float64Array.from([...kept.keys()].filter((i) => kept[i] && outcomeOf(raid, i) === 'through').map((i) => raid.threats.end[i])).sort()
})

export const setTheme = (to: Theme): void => {
  theme.value = to
  document.documentElement.dataset.theme = to
  try {
    localStorage.setItem(THEME_KEY, to)
  } catch {
    // A page opened from disk may have no storage; the choice then lasts as long as the page.
  }
}

export const complain = (error: unknown): void => {
  notice.value = error instanceof Refused || error instanceof Error ? error.message : String(error)
}

/** Open a run at its median raid, or at the one asked for. */
export async function openRun(id: string, replication?: number): Promise<void> {
  const found = await api.run(id)
  const json = await api.replay(id, replication ?? found.across.chosen.median)
  pause()
  batch(() => {
    run.value = found
    beside.value = null
    comparison.value = null
    comparedRun.value = null
    session.value = null
    review.value = null
    picked.value = null
    filter.value = noFilter()
    const commonest = commonestType(found)
    options.value = { ...options.value, against: commonest, height: heightFor(found, commonest) }
    replay.value = decodeReplay(found, json)
    setSpan(replay.value.from, replay.value.to)
    speed.value = fittingSpeed()
  })
}

const commonestType = (found: Laydown): number => {
  const launched = found.types.map((_, type) => found.salvos.reduce((sum, salvo) => sum + (salvo.type === type ? salvo.count : 0), 0))
  return Math.max(0, launched.indexOf(Math.max(...launched)))
}

const heightFor = (found: Laydown, type: number): number => {
  const heights = found.coverage.heights_m
  const flown = found.types[type]?.height_m ?? 1000
  return heights.reduce((best, height, k) => (Math.abs(Math.log(height / flown)) < Math.abs(Math.log(heights[best] / flown)) ? k : best), 0)
}

/** Show another raid of the open run; a second run beside it shows the same raid number. */
export async function openRaid(replication: number): Promise<void> {
  const open = run.value
  if (!open) return
  busy.value = true
  try {
    const other = comparedRun.value
    const [own, its] = await Promise.all([
      api.replay(open.run, replication),
      beside.value && other ? api.replay(other.run, replication) : null,
    ])
    batch(() => {
      picked.value = null
      replay.value = decodeReplay(open, own)
      if (its && other && beside.value) beside.value = { ...beside.value, replay: decodeReplay(other, its) }
      setSpan(replay.value.from, Math.max(replay.value.to, beside.value?.replay.to ?? 0))
    })
  } catch (error) {
    complain(error)
  } finally {
    busy.value = false
  }
}

/** Compare the open run with another on the same luck. */
export async function compareWith(other: string, known?: Comparison): Promise<void> {
  const open = run.value
  if (!open) return
  busy.value = true
  try {
    const [found, itsRun] = await Promise.all([known ?? api.compare(open.run, other), api.run(other)])
    batch(() => {
      comparison.value = found
      comparedRun.value = itsRun
      beside.value = null
    })
  } catch (error) {
    complain(error)
  } finally {
    busy.value = false
  }
}

/** Put the compared run's raid of the same number beside the open one. */
export async function showBeside(): Promise<void> {
  const [other, raid] = [comparedRun.value, replay.value]
  if (!other || !raid) return
  busy.value = true
  try {
    const last = Math.min(raid.replication, other.replications - 1)
    if (last !== raid.replication) await openRaid(last)
    const its = decodeReplay(other, await api.replay(other.run, last))
    batch(() => {
      beside.value = { replay: its, labels: [T.compare.base, T.compare.other] }
      setSpan(Math.min(replay.value!.from, its.from), Math.max(replay.value!.to, its.to), true)
    })
  } catch (error) {
    complain(error)
  } finally {
    busy.value = false
  }
}

export function oneMap(): void {
  beside.value = null
  if (replay.value) setSpan(replay.value.from, replay.value.to, true)
}

/** Go to the first moment at which `wanted` threats fly at once, or to the fullest; returns how many do. For benchmarks. */
export function seekToFlying(wanted: number): number {
  const raid = replay.value
  if (!raid) return 0
  const steps = [...raid.threats.start].map((at) => [at, 1]).concat([...raid.threats.end].map((at) => [at, -1])).filter(([at]) => Number.isFinite(at))
  steps.sort((a, b) => a[0] - b[0])
  let flying = 0
  let [most, when] = [0, raid.from]
  for (const [at, step] of steps) {
    flying += step
    if (flying > most) [most, when] = [flying, at]
    if (most >= wanted) break
  }
  seek(when)
  return most
}

export function pickNeighbour(step: number): void {
  const raid = replay.value
  if (!raid) return
  const kept = shown.value
  const t = now()
  const flying = [...kept.keys()].filter((i) => kept[i] && raid.threats.start[i] <= t && t < raid.threats.end[i])
  if (!flying.length) return
  const at = picked.value?.kind === 'threat' ? flying.indexOf(picked.value.index) : -1
  picked.value = { kind: 'threat', index: flying[(at + step + flying.length) % flying.length] }
}
