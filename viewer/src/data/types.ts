// What the server answers, as docs/reference/page.md describes it. Times are milliseconds after the scenario's start.

export type Index = number
export type Milliseconds = number

export interface ThreatType {
  id: string
  name: string
  class: string
  path_kind: string
  speed_m_s: number
  height_m: number
  unit_cost_usd: number
}

export interface Effector {
  id: string
  name: string
  kind: string
  rounds_per_shot: number
  unit_cost_usd: number
}

export interface Asset {
  id: string
  kind: string
  name: string
  lon: number
  lat: number
  radius_m: number
  value: number
  population: number | null
}

export interface FireUnit {
  id: string
  type: string
  name: string
  lon: number
  lat: number
  sector: string
  channels: number
  radar: Index
  weapons: Index[]
  entry: string
  kind?: 'ground' | 'aircraft'
  patrol?: [number, number][]
}

export interface Sensor {
  id: string
  type: string
  name: string
  kind: string
  lon: number
  lat: number
  sector: string
  unit: Index
  coverage: Index
  entry: string
}

export interface Weapon {
  unit: Index
  effector: Index
  ready: number
  reserve: number
  launchers: number
  rounds_per_launcher: number
}

export interface Zone {
  id: string
  type: string
  lon: number
  lat: number
  radius_m: number
  height_max_m: number
  sector: string
  hazard_per_h: Record<string, number>
  entry: string
}

/** A volume over an area: who may shoot at what is met inside. `height_max_m` null: no limit. */
export interface Airspace {
  id: string
  kind: 'fighter' | 'missile' | 'joint' | 'corridor'
  control: 'free' | 'tight' | 'hold'
  height_min_m: number
  height_max_m: number | null
  border: [number, number][]
}

export interface Salvo {
  id: string
  type: Index
  count: number
  origins: [number, number][]
  aim: Index[]
}

/** Friendly or civil aircraft that fly among the raid. */
export interface FlightEntry {
  id: string
  type: string
  name: string
  side: 'friend' | 'civil'
  class: string
  count: number
  people: number
  speed_m_s: number
  height_m: number
}

export interface Doctrine {
  assignment: string
  weapons_control: string | Record<string, string>
  shots: Record<string, { salvo: number; max_shots: number; assess_s: number }>
  prefer: Record<string, string[]>
  forbid: Record<string, string[]>
  reserves: { effector: string; keep: number; classes: string[] }[]
}

export interface TypeCounts {
  launched: number
  shot_down: number
  suppressed: number
  failed: number
  leaked: number
  aborted: number
  leaked_ci90: [number, number]
}

export interface ReportedFigure {
  reported: number
  simulated: number
  residual: number
}

export interface TrafficCounts {
  name: string
  side: 'friend' | 'civil'
  flights: number
  shot_down: number
  shot_down_ci90: [number, number]
  mistaken: Record<string, number>
  people_lost: number
}

export interface Across {
  leaked: number[] | null
  leaked_by_type: number[][] | null
  damage: number[] | null
  histogram: { first: number; counts: number[] }
  mean: number
  se: number
  ci90: [number, number]
  chosen: { median: number; best: number; worst: number }
  types: Record<string, TypeCounts>
  total: TypeCounts
  reported: Record<string, Record<string, ReportedFigure>>
  places: { target: Index; leaked: number; hit: number; damage: number }[]
  first_empty: { never: number; effectors: { effector: Index; share: number; mean: number }[] }
  causes: Record<string, number>
  causes_by_type: Record<string, Record<string, number>>
  rounds: { effector: Index; fired: number; left: number; lost: number; units_empty: number }[]
  /** Empty where the scenario does not speak of people or services. */
  casualties?: { mean?: number; ci90?: [number, number]; without_warning?: { mean: number; ci90: [number, number] } }
  service_lost?: Record<string, { unit: string; mean: number; ci90: [number, number] }>
  /** Only where friendly or civil aircraft fly, by type. */
  traffic?: Record<string, TrafficCounts>
  duplicate_engagements?: { mean: number; ci90: [number, number] }
  cost: { defence: number; defence_ci90: [number, number]; raid: number; exchange: number | null; at_stake: number; value_lost: number }
}

/** A run without what is known only across replications: also the laydown of an exercise. */
export interface Laydown {
  kind: 'run'
  run: string
  shieldwall: string
  scenario: string
  title: string
  seed: number
  replications: number
  scenario_hash: string
  start_utc: string
  start_local: string
  time_zone: string
  overrides: Record<string, string>
  notes: string[]
  sources: string[]
  editable: boolean
  fates: string[]
  causes: string[]
  event_kinds: string[]
  outcomes: string[]
  types: ThreatType[]
  effectors: Effector[]
  assets: Asset[]
  units: FireUnit[]
  sensors: Sensor[]
  weapons: Weapon[]
  zones: Zone[]
  airspace: Airspace[]
  salvos: Salvo[]
  /** Both only where friendly or civil aircraft fly. */
  flights?: FlightEntry[]
  mistakes?: string[]
  doctrine: Doctrine
  command: { integration: string; identification_s: number; command_s: number }
  coverage: { heights_m: number[]; sensors: number[][][]; effectors: number[][][] }
}

export interface Run extends Laydown {
  across: Across
}

export interface PathColumns {
  n: number[]
  t: number[]
  lon: number[]
  lat: number[]
  h: number[]
}

export interface ReplayJson {
  kind: 'replay'
  run: string
  replication: number
  span: [Milliseconds, Milliseconds]
  paths?: PathColumns
  threats: {
    salvo: number[]
    number: number[]
    type: number[]
    path: number[]
    start: (number | null)[]
    end: (number | null)[]
    fate: (number | null)[]
    cause: number[]
    decoy: number[]
    target: number[]
    weapon: number[]
    track: (number | null)[]
    sensor: number[]
    engageable: (number | null)[]
    rounds: number[]
    damage: number[]
  }
  flights?: {
    entry: number[]
    number: number[]
    path: number[]
    start: (number | null)[]
    end: (number | null)[]
    down: number[]
    why: number[]
    weapon: number[]
    track: (number | null)[]
    sensor: number[]
    rounds: number[]
  }
  shots: { weapon: number[]; threat: number[]; shots: number[]; ordered: number[]; met: (number | null)[]; outcome: number[] }
  events: { t: number[]; kind: number[]; threat: number[]; weapon: number[]; sensor: number[]; value: number[] }
  magazines: { weapon: number[]; n: number[]; t: number[]; ready: number[]; reserve: number[] }
  lost: { units: [Index, Milliseconds][]; sensors: [Index, Milliseconds][] }
  out: { units: Index[]; sensors: Index[] }
}

export interface Stop {
  number: number
  folder: string
  title: string
  sentences: string[]
}

export interface Measured {
  mean: number
  se: number
  ci90: [number, number]
}

export interface Comparison {
  base: string
  other: string
  seed: number
  replications: number
  quantities: Record<string, { base: Measured | null; other: Measured | null; difference: Measured & { variance_reduction: number | null } }>
  leaked: { base: number[]; other: number[] }
}

export interface Change {
  path: string
  value: unknown
}

export interface Job {
  id: string
  state: 'queued' | 'running' | 'done' | 'failed' | 'cancelled'
  done: number
  of: number
  label: string
  run: string | null
  base: string | null
  error: string | null
  comparison: Comparison | null
}

export interface RunEntry {
  run: string
  scenario: string
  title: string
  seed: number
  replications: number
  finished?: boolean | string
}

export interface DiffFile {
  name: string
  diff: string
  text: string
}

export type ControlStatus = 'free' | 'tight' | 'hold'

export interface Order {
  kind: 'control' | 'release' | 'keep' | 'commit' | 'stand_down'
  class?: string
  status?: ControlStatus
  effector?: string
  base?: string
}

export interface ExerciseSession {
  id: string
  now: Milliseconds
  end: Milliseconds
  over: boolean
  replication: number
  controls: Record<string, ControlStatus>
  reserves: { effector: string; keep: number; classes: string[]; released: boolean }[]
  counts: Record<string, number>
  replay: ReplayJson
  log: { t: Milliseconds; order: Order }[]
  bases?: { id: string; name: string; count: number; ready: number; up: number; lost: number; held: boolean | number }[]
  laydown?: Laydown
  paths?: PathColumns
}

export interface ReviewSide {
  counts: Record<string, number>
  cost_rounds_usd: number
  damage: number
  rounds: Record<string, number>
}

export interface Review {
  replication: number
  yours: ReviewSide
  automatic: ReviewSide
  log: { t: Milliseconds; order: Order }[]
  replay: { yours: ReplayJson; automatic: ReplayJson }
  laydown: Laydown
  paths?: PathColumns
}
