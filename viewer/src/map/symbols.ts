// APP-6 / MIL-STD-2525 symbols, each drawn once into one picture that the map's icon layers share.
import ms from 'milsymbol'
import type { Theme } from '../colours'

export type SymbolState = 'ok' | 'out' | 'lost'

/** Letter codes (MIL-STD-2525C) by words of the catalogue's ids; the first that fits is taken. */
const UNIT_CODES: [RegExp, string][] = [
  [/^(f-16|f-35|eurofighter)/, 'SFAPMFF---'],
  [/^(e-3|e-7)/, 'SFAPMFRW--'],
  [/^mrtt/, 'SFAPMFK---'],
  [/thaad|aegis|arrow|sm-3/, 'SFGPUCDO--'],
  [/patriot|samp|s-300/, 'SFGPUCDMH-'],
  [/nasams|iris|buk|hawk/, 'SFGPUCDMM-'],
  [/manpads|stinger/, 'SFGPUCDSS-'],
  [/interceptor-drone/, 'SFGPUCVU--'],
  [/gepard|skynex|skyranger|phalanx|gun|fire-group|zu-23/, 'SFGPUCDG--'],
]
const SENSOR_CODES: Record<string, string> = {
  radar: 'SFGPESR---',
  airborne_radar: 'SFAPMFRW--',
  acoustic: 'SFGPESE---',
  optical: 'SFGPESE---',
  passive_rf: 'SFGPUUMSE-',
  space_infrared: 'SFPPS-----',
}
const ASSET_CODES: [RegExp, string][] = [
  [/airbase|airport/, 'SFGPIBA---H'],
  [/port/, 'SFGPIBN---H'],
  [/nuclear/, 'SFGPIUEN--H'],
  [/power|substation|dam/, 'SFGPIUE---H'],
  [/fuel|gas/, 'SFGPIRP---H'],
  [/ammunition/, 'SFGPIMF---H'],
  [/hospital/, 'SFGPIXH---H'],
  [/government|headquarters/, 'SFGPIG----H'],
  [/barracks/, 'SFGPIB----H'],
  [/radar-site|data-centre/, 'SFGPIUT---H'],
  [/rail|bridge/, 'SFGPIT----H'],
  [/factory/, 'SFGPIE----H'],
]
const FALLBACK_UNIT = 'SFGPUCD---'
const FALLBACK_ASSET = 'SFGPI-----H'
export const JAMMER_CODE = 'SFGPUUMSE-'

/** Units whose symbol would hide the map at the scale of a country: guns, teams, groups. */
export const isMinor = (type: string): boolean => /manpads|gepard|skynex|skyranger|phalanx|fire-group|interceptor-drone/.test(type)

const first = (codes: [RegExp, string][], id: string): string | undefined => codes.find(([words]) => words.test(id))?.[1]
export const unitCode = (type: string): string => first(UNIT_CODES, type) ?? FALLBACK_UNIT
export const sensorCode = (kind: string): string => SENSOR_CODES[kind] ?? 'SFGPES----'
export const assetCode = (kind: string): string | null =>
  kind === 'city' || kind === 'town' ? null : (first(ASSET_CODES, kind) ?? FALLBACK_ASSET)

const withState = (code: string, state: SymbolState): string =>
  state === 'ok' ? code : code.slice(0, 3) + (state === 'lost' ? 'X' : 'D') + code.slice(4)

export interface IconPlace {
  x: number
  y: number
  width: number
  height: number
  anchorX: number
  anchorY: number
  mask: boolean
}

export interface Atlas {
  image: ImageData
  mapping: Record<string, IconPlace>
}

const CELL = 96

function drawnSymbol(code: string, state: SymbolState, theme: Theme): { canvas: HTMLCanvasElement; anchor: { x: number; y: number } } {
  const symbol = new ms.Symbol(withState(code, state), {
    size: 26,
    colorMode: theme === 'dark' ? 'Medium' : 'Light',
    outlineWidth: 3,
    outlineColor: theme === 'dark' ? 'rgba(6,10,15,0.75)' : 'rgba(255,255,255,0.85)',
    civilianColor: false,
  })
  return { canvas: symbol.asCanvas(2), anchor: symbol.getAnchor() }
}

/** Plain marks in white, tinted by the layer: heads of threats by class, ends, interceptors. */
type Mark = (pen: CanvasRenderingContext2D) => void
const polygon =
  (...points: [number, number][]): Mark =>
  (pen) => {
    pen.beginPath()
    points.forEach(([x, y], k) => (k ? pen.lineTo(x, y) : pen.moveTo(x, y)))
    pen.closePath()
    pen.fill()
  }
// Each points up (north) in a box of -1..1.
const MARKS: Record<string, Mark> = {
  drone: polygon([0, -0.8], [0.8, 0.7], [0, 0.35], [-0.8, 0.7]),
  cruise: polygon([0, -1], [0.2, -0.55], [0.2, -0.1], [0.85, 0.3], [0.2, 0.25], [0.2, 0.65], [0.5, 0.95], [-0.5, 0.95], [-0.2, 0.65], [-0.2, 0.25], [-0.85, 0.3], [-0.2, -0.1], [-0.2, -0.55]),
  supersonic: polygon([0, -1], [0.55, 0.9], [0, 0.6], [-0.55, 0.9]),
  anti_radiation: polygon([0, -1], [0.25, -0.2], [0.75, 0.9], [0.2, 0.55], [-0.2, 0.55], [-0.75, 0.9], [-0.25, -0.2]),
  ballistic: polygon([0, -1], [0.45, 0], [0, 1], [-0.45, 0]),
  hypersonic: polygon([0, -1], [0.4, 0.2], [0.8, 0.9], [0, 0.55], [-0.8, 0.9], [-0.4, 0.2]),
  glide: polygon([0, -1], [0.9, 0.8], [0, 0.5], [-0.9, 0.8]),
  intercontinental: polygon([0, -1], [0.6, 0], [0, 1], [-0.6, 0]),
  friend: polygon([0, -1], [0.16, -0.35], [0.9, 0.45], [0.9, 0.65], [0.2, 0.5], [0.45, 0.95], [-0.45, 0.95], [-0.2, 0.5], [-0.9, 0.65], [-0.9, 0.45], [-0.16, -0.35]),
  civil: polygon([0, -1], [0.17, -0.75], [0.17, -0.3], [1, 0.2], [1, 0.42], [0.17, 0.2], [0.17, 0.65], [0.45, 0.85], [0.45, 1], [-0.45, 1], [-0.45, 0.85], [-0.17, 0.65], [-0.17, 0.2], [-1, 0.42], [-1, 0.2], [-0.17, -0.3], [-0.17, -0.75]),
  mistake: (pen) => {
    pen.lineWidth = 0.2
    pen.beginPath()
    pen.arc(0, 0, 0.85, 0, 7)
    pen.moveTo(-0.42, -0.42)
    pen.lineTo(0.42, 0.42)
    pen.moveTo(0.42, -0.42)
    pen.lineTo(-0.42, 0.42)
    pen.stroke()
  },
  through: (pen) => {
    polygon([0, -0.95], [0.95, 0], [0, 0.95], [-0.95, 0])(pen)
    pen.globalCompositeOperation = 'destination-out'
    polygon([0, -0.36], [0.36, 0], [0, 0.36], [-0.36, 0])(pen)
    pen.globalCompositeOperation = 'source-over'
  },
  shot_down: (pen) => {
    pen.lineWidth = 0.3
    pen.lineCap = 'round'
    pen.beginPath()
    pen.moveTo(-0.6, -0.6)
    pen.lineTo(0.6, 0.6)
    pen.moveTo(0.6, -0.6)
    pen.lineTo(-0.6, 0.6)
    pen.stroke()
  },
  suppressed: (pen) => {
    pen.lineWidth = 0.28
    pen.beginPath()
    pen.arc(0, 0, 0.6, 0, 7)
    pen.stroke()
  },
  aborted: (pen) => {
    pen.lineWidth = 0.3
    pen.beginPath()
    pen.moveTo(-0.7, 0)
    pen.lineTo(0.7, 0)
    pen.stroke()
  },
  dot: (pen) => {
    pen.beginPath()
    pen.arc(0, 0, 0.75, 0, 7)
    pen.fill()
  },
}

const MARK_CELL = 64

export function markAtlas(): Atlas {
  const names = Object.keys(MARKS)
  const canvas = document.createElement('canvas')
  canvas.width = MARK_CELL * names.length
  canvas.height = MARK_CELL
  const pen = canvas.getContext('2d', { willReadFrequently: true })!
  const mapping: Atlas['mapping'] = {}
  pen.fillStyle = pen.strokeStyle = '#fff'
  names.forEach((name, k) => {
    pen.save()
    pen.translate(MARK_CELL * (k + 0.5), MARK_CELL / 2)
    pen.scale(MARK_CELL * 0.42, MARK_CELL * 0.42)
    MARKS[name](pen)
    pen.restore()
    mapping[name] = { x: MARK_CELL * k, y: 0, width: MARK_CELL, height: MARK_CELL, anchorX: MARK_CELL / 2, anchorY: MARK_CELL / 2, mask: true }
  })
  return { image: pen.getImageData(0, 0, canvas.width, canvas.height), mapping }
}

/** Draw one symbol for each code and state; keys are `CODE:STATE`. */
export function symbolAtlas(codes: Iterable<string>, theme: Theme): Atlas {
  const jobs = [...new Set(codes)].flatMap((code) => (['ok', 'out', 'lost'] as const).map((state) => ({ code, state })))
  const columns = 12
  const canvas = document.createElement('canvas')
  canvas.width = CELL * columns
  canvas.height = CELL * Math.max(1, Math.ceil(jobs.length / columns))
  const pen = canvas.getContext('2d', { willReadFrequently: true })!
  const mapping: Atlas['mapping'] = {}
  jobs.forEach(({ code, state }, k) => {
    const drawn = drawnSymbol(code, state, theme)
    const scale = Math.min(1, (CELL - 4) / Math.max(drawn.canvas.width, drawn.canvas.height))
    const x = CELL * (k % columns)
    const y = CELL * Math.floor(k / columns)
    const left = x + (CELL - drawn.canvas.width * scale) / 2
    const top = y + (CELL - drawn.canvas.height * scale) / 2
    pen.globalAlpha = state === 'ok' ? 1 : 0.6
    pen.drawImage(drawn.canvas, left, top, drawn.canvas.width * scale, drawn.canvas.height * scale)
    mapping[`${code}:${state}`] = { x, y, width: CELL, height: CELL, anchorX: CELL / 2, anchorY: CELL / 2, mask: false }
  })
  return { image: pen.getImageData(0, 0, canvas.width, canvas.height), mapping }
}

/** One symbol as a picture for a list or a heading. */
export function symbolUrl(code: string, theme: Theme, size = 22): string {
  const symbol = new ms.Symbol(code, { size, colorMode: theme === 'dark' ? 'Medium' : 'Light' })
  return symbol.asCanvas(2).toDataURL()
}
