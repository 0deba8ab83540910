// One raid as typed arrays: where every threat is at any moment, and what happened when. Times are seconds here.
import type { Laydown, PathColumns, ReplayJson, ThreatType } from './types'

export interface Paths {
  first: Int32Array
  time: Float64Array
  lon: Float64Array
  lat: Float64Array
  height: Float32Array
}

/** All that flies: the `raid` threats first, behind them friendly and civil aircraft, which have no target and no fate. */
export interface Threats {
  count: number
  raid: number
  salvo: number[]
  number: number[]
  type: Int16Array
  path: Int32Array
  start: Float64Array
  end: Float64Array
  fate: Int8Array
  cause: Int8Array
  decoy: number[]
  target: number[]
}

export interface Shots {
  count: number
  weapon: number[]
  threat: number[]
  shots: number[]
  ordered: Float64Array
  met: Float64Array
  outcome: number[]
}

export interface MagazineSteps {
  time: number[]
  ready: number[]
  reserve: number[]
}

/** What befell friendly and civil aircraft: index of the reason (0: not shot down), weapon that shot last. */
export interface Flights {
  why: number[]
  weapon: number[]
}

export type Kind = Pick<ThreatType, 'id' | 'name' | 'class' | 'speed_m_s'>

export interface Replay {
  laydown: Laydown
  /** Types of the raid, behind them each entry of friendly and civil aircraft, whose class is its side. */
  kinds: Kind[]
  run: string
  replication: number
  from: number
  to: number
  paths: Paths
  threats: Threats
  flights: Flights
  shots: Shots
  magazines: Map<number, MagazineSteps>
  eventTime: Float64Array
  unitLost: Map<number, number>
  sensorLost: Map<number, number>
  unitsOut: Set<number>
  sensorsOut: Set<number>
}

export interface Place {
  lon: number
  lat: number
  height: number
}

const DEGREES = 1e-5

/** Fate classes of an official communique. */
export type Outcome = 'flying' | 'shot_down' | 'suppressed' | 'through' | 'aborted' | 'passed' | 'mistake'
export const OUTCOME_OF_FATE: Record<string, Outcome> = {
  failed: 'suppressed',
  suppressed: 'suppressed',
  shot_down: 'shot_down',
  leaked_hit: 'through',
  leaked_missed: 'through',
  aborted: 'aborted',
}

const seconds = (values: (number | null)[], never = Infinity): Float64Array =>
  Float64Array.from(values, (value) => (value === null || value === undefined ? never : value / 1000))

export function decodePaths(columns: PathColumns): Paths {
  const total = columns.t.length
  const first = new Int32Array(columns.n.length + 1)
  const paths: Paths = {
    first,
    time: new Float64Array(total),
    lon: new Float64Array(total),
    lat: new Float64Array(total),
    height: new Float32Array(total),
  }
  let k = 0
  columns.n.forEach((points, path) => {
    let t = 0
    let lon = 0
    let lat = 0
    let h = 0
    for (const stop = k + points; k < stop; k++) {
      paths.time[k] = (t += columns.t[k]) / 1000
      paths.lon[k] = (lon += columns.lon[k]) * DEGREES
      paths.lat[k] = (lat += columns.lat[k]) * DEGREES
      paths.height[k] = h += columns.h[k]
    }
    first[path + 1] = k
  })
  return paths
}

function decodeMagazines(json: ReplayJson['magazines']): Map<number, MagazineSteps> {
  const found = new Map<number, MagazineSteps>()
  let k = 0
  json.weapon.forEach((weapon, place) => {
    const stop = k + json.n[place]
    let t = 0
    const time = json.t.slice(k, stop).map((step) => (t += step) / 1000)
    found.set(weapon, { time, ready: json.ready.slice(k, stop), reserve: json.reserve.slice(k, stop) })
    k = stop
  })
  return found
}

export const kindsOf = ({ types, flights }: Pick<Laydown, 'types' | 'flights'>): Kind[] => [
  ...types,
  ...(flights ?? []).map(({ type, name, side, speed_m_s }) => ({ id: type, name, class: side, speed_m_s })),
]

const NO_FLIGHTS: NonNullable<ReplayJson['flights']> = {
  entry: [], number: [], path: [], start: [], end: [], down: [], why: [], weapon: [], track: [], sensor: [], rounds: [],
}

export function decodeReplay(laydown: Laydown, json: ReplayJson, paths?: Paths): Replay {
  const { threats, shots, events, flights = NO_FLIGHTS } = json
  const none = flights.entry.map(() => -1)
  let t = 0
  return {
    laydown,
    run: json.run,
    replication: json.replication,
    from: json.span[0] / 1000,
    to: json.span[1] / 1000,
    paths: paths ?? decodePaths(json.paths!),
    kinds: kindsOf(laydown),
    threats: {
      count: threats.start.length + flights.start.length,
      raid: threats.start.length,
      salvo: [...threats.salvo, ...flights.entry],
      number: [...threats.number, ...flights.number],
      type: Int16Array.from([...threats.type, ...flights.entry.map((entry) => laydown.types.length + entry)]),
      path: Int32Array.from([...threats.path, ...flights.path]),
      start: seconds([...threats.start, ...flights.start]),
      end: seconds([...threats.end, ...flights.end]),
      fate: Int8Array.from([...threats.fate, ...none], (fate) => fate ?? -1),
      cause: Int8Array.from([...threats.cause, ...flights.entry.map(() => 0)]),
      decoy: [...threats.decoy, ...flights.entry.map(() => 0)],
      target: [...threats.target, ...none],
    },
    flights: { why: flights.why, weapon: flights.weapon },
    shots: {
      count: shots.ordered.length,
      weapon: shots.weapon,
      threat: shots.threat,
      shots: shots.shots,
      ordered: seconds(shots.ordered),
      met: seconds(shots.met),
      outcome: shots.outcome,
    },
    magazines: decodeMagazines(json.magazines),
    eventTime: Float64Array.from(events.t, (step) => (t += step) / 1000),
    unitLost: new Map(json.lost.units.map(([unit, at]) => [unit, at / 1000])),
    sensorLost: new Map(json.lost.sensors.map(([sensor, at]) => [sensor, at / 1000])),
    unitsOut: new Set(json.out.units),
    sensorsOut: new Set(json.out.sensors),
  }
}

export const isFlight = (replay: Replay, threat: number): boolean => threat >= replay.threats.raid

export const threatId = (replay: Replay, threat: number): string => {
  const entries = isFlight(replay, threat) ? replay.laydown.flights! : replay.laydown.salvos
  return `${entries[replay.threats.salvo[threat]].id}/${replay.threats.number[threat]}`
}

export const outcomeOf = (replay: Replay, threat: number): Outcome => {
  if (isFlight(replay, threat)) {
    if (replay.threats.end[threat] === Infinity) return 'flying'
    return replay.flights.why[threat - replay.threats.raid] ? 'mistake' : 'passed'
  }
  const fate = replay.threats.fate[threat]
  return fate < 0 ? 'flying' : OUTCOME_OF_FATE[replay.laydown.fates[fate]]
}

/** The last place in `values[from..to)` whose value is <= t, or `from`. */
export function floorIndex(values: ArrayLike<number>, t: number, from: number, to: number): number {
  let low = from
  let high = to - 1
  while (low < high) {
    const middle = (low + high + 1) >> 1
    if (values[middle] <= t) low = middle
    else high = middle - 1
  }
  return low
}

/** How many of sorted `values` are <= t. */
export function countUpTo(values: ArrayLike<number>, t: number): number {
  let low = 0
  let high = values.length
  while (low < high) {
    const middle = (low + high) >> 1
    if (values[middle] <= t) low = middle + 1
    else high = middle
  }
  return low
}

/** Write where a threat is at t into `out`: linear between the points of its path, held at its launch and its end. */
export function placeAt(replay: Replay, threat: number, t: number, out: Place): Place {
  const { paths, threats } = replay
  const path = threats.path[threat]
  const a = paths.first[path]
  const b = paths.first[path + 1]
  const flown = Math.max(0, Math.min(t, threats.end[threat]) - threats.start[threat])
  const k = floorIndex(paths.time, flown, a, b)
  if (k + 1 >= b) {
    out.lon = paths.lon[k]
    out.lat = paths.lat[k]
    out.height = paths.height[k]
    return out
  }
  const span = paths.time[k + 1] - paths.time[k]
  const part = span > 0 ? Math.min(1, (flown - paths.time[k]) / span) : 0
  out.lon = paths.lon[k] + (paths.lon[k + 1] - paths.lon[k]) * part
  out.lat = paths.lat[k] + (paths.lat[k + 1] - paths.lat[k]) * part
  out.height = paths.height[k] + (paths.height[k + 1] - paths.height[k]) * part
  return out
}

/** Where a target index points: assets, then units, then sensors. */
export function targetPlace(laydown: Laydown, target: number): { name: string; lon: number; lat: number } | null {
  if (target < 0) return null
  const { assets, units, sensors } = laydown
  if (target < assets.length) return assets[target]
  if (target - assets.length < units.length) return units[target - assets.length]
  return sensors[target - assets.length - units.length] ?? null
}
