// A raid small enough to check by hand: two paths, four threats, one battery with two rounds.
import type { Laydown, ReplayJson } from '../src/data/types'

export const laydown = {
  kind: 'run',
  run: 'sample',
  scenario: 'sample',
  start_utc: '2025-06-08T17:00:00Z',
  time_zone: 'Europe/Kyiv',
  fates: ['failed', 'suppressed', 'shot_down', 'leaked_hit', 'leaked_missed', 'aborted'],
  causes: ['none', 'never_detected', 'shots_missed'],
  outcomes: ['shot_down', 'missed', 'wasted'],
  types: [
    { id: 'drone-a', name: 'Drone', class: 'drone', speed_m_s: 50 },
    { id: 'missile-b', name: 'Missile', class: 'cruise', speed_m_s: 200 },
  ],
  effectors: [{ id: 'round', name: 'Round' }],
  assets: [{ id: 'city', name: 'City', kind: 'city', lon: 30, lat: 50 }],
  units: [
    { id: 'battery', type: 'hawk-battery', name: 'Battery', lon: 30.1, lat: 50, weapons: [0], radar: -1, entry: 'battery' },
    { id: 'battery~2', type: 'hawk-battery', name: 'Battery', lon: 30.2, lat: 50, weapons: [], radar: -1, entry: 'battery' },
    { id: 'guns', type: 'gepard', name: 'Gun', lon: 30.3, lat: 50, weapons: [], radar: -1, entry: 'guns' },
  ],
  sensors: [{ id: 'radar', name: 'Radar', kind: 'radar', lon: 30, lat: 50.1, unit: -1, coverage: 0 }],
  weapons: [{ unit: 0, effector: 0, ready: 2, reserve: 1, launchers: 1, rounds_per_launcher: 2 }],
  zones: [],
  airspace: [],
  salvos: [
    { id: 'north', type: 0, count: 3, origins: [[31, 51]], aim: [0] },
    { id: 'south', type: 1, count: 1, origins: [[31, 49]], aim: [0] },
  ],
} as unknown as Laydown

/** The same with three aircraft that are not of the raid. */
export const laydownWithFlights = {
  ...laydown,
  flights: [
    { id: 'airline', type: 'airliner', name: 'Airliner', side: 'civil', class: 'cruise', count: 2, people: 150, speed_m_s: 240, height_m: 10_000 },
    { id: 'home', type: 'fighter', name: 'Fighter', side: 'friend', class: 'cruise', count: 1, people: 1, speed_m_s: 230, height_m: 5000 },
  ],
  mistakes: ['none', 'taken_for_hostile', 'not_identified'],
} as unknown as Laydown

/** Path 0 goes west one degree in 100 s, then stands; path 1 crosses the antimeridian in 50 s. */
export const raid: ReplayJson = {
  kind: 'replay',
  run: 'sample',
  replication: 7,
  span: [0, 200_000],
  paths: {
    n: [3, 2],
    t: [0, 50_000, 50_000, 0, 50_000],
    lon: [3_100_000, -50_000, -50_000, 17_950_000, 100_000],
    lat: [5_000_000, 0, 0, 1_000_000, 100_000],
    h: [100, 0, -100, 1000, 0],
  },
  threats: {
    salvo: [0, 0, 0, 1],
    number: [1, 2, 3, 1],
    type: [0, 0, 0, 1],
    path: [0, 0, 0, 1],
    start: [0, 10_000, 20_000, 30_000],
    end: [25_000, 110_000, null, 80_000],
    fate: [2, 3, null, 0],
    cause: [0, 2, 0, 0],
    decoy: [0, 0, 1, 0],
    target: [0, 0, 0, 1],
    weapon: [0, 0, -1, -1],
    track: [5_000, null, null, null],
    sensor: [0, -1, -1, -1],
    engageable: [6_000, null, null, null],
    rounds: [1, 1, 0, 0],
    damage: [0, 10, 0, 0],
  },
  shots: { weapon: [0, 0], threat: [0, 1], shots: [1, 1], ordered: [15_000, 60_000], met: [25_000, 70_000], outcome: [0, 1] },
  events: { t: [0, 10_000, 5_000], kind: [0, 0, 3], threat: [0, 1, 0], weapon: [-1, -1, 0], sensor: [-1, -1, -1], value: [0, 0, 1] },
  magazines: { weapon: [0], n: [2], t: [15_000, 45_000], ready: [1, 0], reserve: [1, 1] },
  lost: { units: [[1, 90_000]], sensors: [] },
  out: { units: [2], sensors: [] },
}

/** The first airliner is shot down at 40 s by the battery, the second flies on, the fighter is still under way. */
export const raidWithFlights: ReplayJson = {
  ...raid,
  flights: {
    entry: [0, 0, 1],
    number: [1, 2, 1],
    path: [0, 0, 1],
    start: [0, 5_000, 30_000],
    end: [40_000, 105_000, null],
    down: [1, 0, 0],
    why: [2, 0, 0],
    weapon: [0, -1, -1],
    track: [1_000, 6_000, null],
    sensor: [0, 0, -1],
    rounds: [1, 0, 0],
  },
  shots: { weapon: [0, 0, 0], threat: [0, 4, 1], shots: [1, 1, 1], ordered: [15_000, 20_000, 60_000], met: [25_000, 40_000, 70_000], outcome: [0, 0, 1] },
}
