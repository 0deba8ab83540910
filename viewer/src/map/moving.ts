// What moves, filled into arrays that the graphics card reads: heads, trails, shots on their way, flashes, ends.
import type { Rgb } from '../colours'
import type { Outcome, Place, Replay } from '../data/replay'
import { countUpTo, outcomeOf, placeAt } from '../data/replay'

const TRAIL_PIECES = 7
const RADIANS = Math.PI / 180

export interface Heads {
  count: number
  position: Float32Array
  angle: Float32Array
  colour: Uint8Array
  threat: Int32Array
}

export interface Lines {
  count: number
  from: Float32Array
  to: Float32Array
  colour: Uint8Array
}

export interface Dots {
  count: number
  position: Float32Array
  colour: Uint8Array
  radius: Float32Array
}

const lines = (size: number): Lines => ({
  count: 0,
  from: new Float32Array(size * 3),
  to: new Float32Array(size * 3),
  colour: new Uint8Array(size * 4),
})

const grown = (have: number, need: number): number => (need > have ? Math.max(need, have * 2, 64) : have)

/** Everything that is redrawn each frame; arrays grow and are kept. */
export class Moving {
  heads: Heads = { count: 0, position: new Float32Array(0), angle: new Float32Array(0), colour: new Uint8Array(0), threat: new Int32Array(0) }
  trails: Lines = lines(0)
  shots: Lines = lines(0)
  rounds: Dots = { count: 0, position: new Float32Array(0), colour: new Uint8Array(0), radius: new Float32Array(0) }
  flashes: Dots = { count: 0, position: new Float32Array(0), colour: new Uint8Array(0), radius: new Float32Array(0) }
  private readonly here: Place = { lon: 0, lat: 0, height: 0 }
  private readonly before: Place = { lon: 0, lat: 0, height: 0 }
  private readonly byEnd: Int32Array
  private readonly endTimes: Float64Array
  private readonly shotOrder: Int32Array
  private readonly shotTimes: Float64Array
  private readonly longestShot: number

  constructor(private readonly replay: Replay) {
    const { threats, shots } = replay
    this.byEnd = Int32Array.from({ length: threats.count }, (_, i) => i).sort((a, b) => threats.end[a] - threats.end[b])
    this.endTimes = Float64Array.from(this.byEnd, (i) => threats.end[i])
    this.shotOrder = Int32Array.from({ length: shots.count }, (_, i) => i).sort((a, b) => shots.ordered[a] - shots.ordered[b])
    this.shotTimes = Float64Array.from(this.shotOrder, (i) => shots.ordered[i])
    let longest = 0
    for (let s = 0; s < shots.count; s++) if (shots.met[s] < Infinity) longest = Math.max(longest, shots.met[s] - shots.ordered[s])
    this.longestShot = longest
  }

  /** Fill all arrays for moment t. Trails reach back `trail_m` metres, or what passed in `trail_s`, whichever is longer. */
  fill(t: number, shown: Uint8Array, colours: Rgb[], friend: Rgb, outcome: Record<Outcome, Rgb>, trail_m: number, flash_s: number): void {
    this.fillThreats(t, shown, colours, trail_m, flash_s)
    this.fillShots(t, shown, friend)
    this.fillFlashes(t, shown, outcome, flash_s)
  }

  private fillThreats(t: number, shown: Uint8Array, colours: Rgb[], trail_m: number, flash_s: number): void {
    const { threats, kinds } = this.replay
    let flying = 0
    for (let i = 0; i < threats.count; i++) if (threats.start[i] <= t && t < threats.end[i] && shown[i]) flying++
    this.reserveThreats(flying)
    const { heads, trails, here, before } = this
    let n = 0
    let k = 0
    for (let i = 0; i < threats.count; i++) {
      if (threats.start[i] > t || t >= threats.end[i] || !shown[i]) continue
      const colour = colours[threats.type[i]]
      placeAt(this.replay, i, t, here)
      heads.position[3 * n] = here.lon
      heads.position[3 * n + 1] = here.lat
      heads.threat[n] = i
      heads.colour[4 * n] = colour[0]
      heads.colour[4 * n + 1] = colour[1]
      heads.colour[4 * n + 2] = colour[2]
      heads.colour[4 * n + 3] = threats.decoy[i] ? 150 : 255
      const back = Math.max(trail_m / Math.max(kinds[threats.type[i]].speed_m_s, 1), flash_s)
      let lon = here.lon
      let lat = here.lat
      let angle = 0
      for (let piece = 1; piece <= TRAIL_PIECES; piece++) {
        const at = t - (back * piece) / TRAIL_PIECES
        placeAt(this.replay, i, at, before)
        trails.from[3 * k] = lon
        trails.from[3 * k + 1] = lat
        trails.to[3 * k] = before.lon
        trails.to[3 * k + 1] = before.lat
        trails.colour[4 * k] = colour[0]
        trails.colour[4 * k + 1] = colour[1]
        trails.colour[4 * k + 2] = colour[2]
        trails.colour[4 * k + 3] = 215 * (1 - (piece - 0.5) / TRAIL_PIECES)
        if (piece === 1) angle = Math.atan2((lon - before.lon) * Math.cos(lat * RADIANS), lat - before.lat)
        lon = before.lon
        lat = before.lat
        k++
        if (at <= threats.start[i]) break
      }
      heads.angle[n] = -angle / RADIANS
      n++
    }
    heads.count = n
    trails.count = k
  }

  private fillShots(t: number, shown: Uint8Array, friend: Rgb): void {
    const { shots, laydown } = this.replay
    const first = countUpTo(this.shotTimes, t - this.longestShot - 1)
    const last = countUpTo(this.shotTimes, t)
    const size = grown(this.rounds.radius.length, last - first)
    if (size > this.rounds.radius.length) {
      this.shots = lines(size)
      this.rounds = { count: 0, position: new Float32Array(size * 3), colour: new Uint8Array(size * 4), radius: new Float32Array(size) }
    }
    let n = 0
    for (let k = first; k < last; k++) {
      const s = this.shotOrder[k]
      const met = shots.met[s]
      const threat = shots.threat[s]
      if (t >= met || met === Infinity || !shown[threat]) continue
      const unit = laydown.units[laydown.weapons[shots.weapon[s]].unit]
      const meeting = placeAt(this.replay, threat, met, this.here)
      const part = (t - shots.ordered[s]) / Math.max(met - shots.ordered[s], 1e-6)
      const lon = unit.lon + (meeting.lon - unit.lon) * part
      const lat = unit.lat + (meeting.lat - unit.lat) * part
      this.shots.from.set([unit.lon, unit.lat, 0], 3 * n)
      this.shots.to.set([lon, lat, 0], 3 * n)
      this.shots.colour.set([friend[0], friend[1], friend[2], 190], 4 * n)
      this.rounds.position.set([lon, lat, 0], 3 * n)
      this.rounds.colour.set([friend[0], friend[1], friend[2], 255], 4 * n)
      this.rounds.radius[n] = 2.4
      n++
    }
    this.shots.count = n
    this.rounds.count = n
  }

  private fillFlashes(t: number, shown: Uint8Array, outcome: Record<Outcome, Rgb>, flash_s: number): void {
    const first = countUpTo(this.endTimes, t - flash_s)
    const last = countUpTo(this.endTimes, t)
    const size = grown(this.flashes.radius.length, last - first)
    if (size > this.flashes.radius.length)
      this.flashes = { count: 0, position: new Float32Array(size * 3), colour: new Uint8Array(size * 4), radius: new Float32Array(size) }
    const { flashes, here } = this
    let n = 0
    for (let k = first; k < last; k++) {
      const i = this.byEnd[k]
      if (!shown[i]) continue
      const kind = outcomeOf(this.replay, i)
      if (kind === 'passed') continue
      const age = (t - this.endTimes[k]) / flash_s
      placeAt(this.replay, i, t, here)
      flashes.position[3 * n] = here.lon
      flashes.position[3 * n + 1] = here.lat
      const colour = outcome[kind]
      flashes.colour.set([colour[0], colour[1], colour[2], 255 * (1 - age) * (1 - age)], 4 * n)
      const isGrave = kind === 'through' || kind === 'mistake'
      flashes.radius[n] = (isGrave ? 10 : 5) + (isGrave ? 26 : 13) * Math.sqrt(age)
      n++
    }
    flashes.count = n
  }

  private reserveThreats(flying: number): void {
    const size = grown(this.heads.angle.length, flying)
    if (size === this.heads.angle.length) return
    this.heads = {
      count: 0,
      position: new Float32Array(size * 3),
      angle: new Float32Array(size),
      colour: new Uint8Array(size * 4),
      threat: new Int32Array(size),
    }
    this.trails = lines(size * TRAIL_PIECES)
  }
}

export interface Ends {
  time: Float64Array
  threat: Int32Array
  position: Float32Array
  colour: Uint8Array
  size: Float32Array
  kind: Outcome[]
  /** The columns as a layer takes them; the same object as long as the ends are the same. */
  data: { length: number; attributes: Record<string, { value: Float32Array | Uint8Array; size: number; normalized?: boolean }> }
}

/** Where and how every shown threat ended, in order of time: the first n are drawn. What flew on leaves no mark. */
export function endsOf(replay: Replay, shown: Uint8Array, outcome: Record<Outcome, Rgb>): Ends {
  const { threats } = replay
  const order = [...shown.keys()].filter((i) => shown[i] && threats.end[i] < Infinity && outcomeOf(replay, i) !== 'passed').sort((a, b) => threats.end[a] - threats.end[b])
  const ends: Omit<Ends, 'data'> = {
    time: Float64Array.from(order, (i) => threats.end[i]),
    threat: Int32Array.from(order),
    position: new Float32Array(order.length * 3),
    colour: new Uint8Array(order.length * 4),
    size: new Float32Array(order.length),
    kind: order.map((i) => outcomeOf(replay, i)),
  }
  const here: Place = { lon: 0, lat: 0, height: 0 }
  order.forEach((i, n) => {
    placeAt(replay, i, threats.end[i], here)
    const kind = ends.kind[n]
    ends.position.set([here.lon, here.lat, 0], 3 * n)
    const isGrave = kind === 'through' || kind === 'mistake'
    ends.colour.set([...outcome[kind], isGrave ? 255 : 120], 4 * n)
    ends.size[n] = isGrave ? 17 : 8
  })
  const attributes = {
    getPosition: { value: ends.position, size: 3 },
    getColor: { value: ends.colour, size: 4, normalized: true },
    getSize: { value: ends.size, size: 1 },
  }
  return { ...ends, data: { length: order.length, attributes } }
}
