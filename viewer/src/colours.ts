// Every colour of map and charts: Okabe and Ito's set, told apart with any colour vision; shapes and words go beside.
export type Rgb = [number, number, number]
export type Theme = 'light' | 'dark'

export const hex = (text: string): Rgb => [1, 3, 5].map((k) => parseInt(text.slice(k, k + 2), 16)) as Rgb
export const css = ([r, g, b]: Rgb, alpha = 1): string => `rgb(${r} ${g} ${b} / ${alpha})`

export interface Palette {
  sea: string
  land: string
  coast: string
  border: string
  country: string
  city: string
  halo: string
  ink: string
  muted: string
  friend: string
  outcome: Record<'shot_down' | 'suppressed' | 'through' | 'aborted' | 'flying' | 'mistake', string>
  classes: Record<string, string>
  reach: string
  radar: string
  zone: string
}

export const PALETTES: Record<Theme, Palette> = {
  dark: {
    sea: '#0a1017',
    land: '#161f2a',
    coast: '#33475c',
    border: '#3a4b5e',
    country: '#6d8298',
    city: '#8fa1b3',
    halo: '#10171f',
    ink: '#e9eff5',
    muted: '#93a3b3',
    friend: '#6cc3f2',
    outcome: { shot_down: '#3d9be0', suppressed: '#7fd0f7', through: '#ff6a2b', aborted: '#cc79a7', flying: '#c9d3dc', mistake: '#ff7ab8' },
    classes: {
      drone: '#e8a317',
      cruise: '#f0e442',
      supersonic: '#e58fbd',
      anti_radiation: '#35c99a',
      ballistic: '#ffffff',
      hypersonic: '#b9a0ff',
      glide: '#ffb59e',
      intercontinental: '#d8c6a8',
      friend: '#7fb8ff',
      civil: '#b9ec86',
    },
    reach: '#4aa8e8',
    radar: '#35c99a',
    zone: '#cc79a7',
  },
  light: {
    sea: '#d5e2ea',
    land: '#f8f7f3',
    coast: '#94a9b8',
    border: '#b3b9bd',
    country: '#8a949c',
    city: '#5f6b75',
    halo: '#fbfaf7',
    ink: '#17202a',
    muted: '#56636f',
    friend: '#0072b2',
    outcome: { shot_down: '#0072b2', suppressed: '#2a84b8', through: '#cf4a00', aborted: '#a8457e', flying: '#5a6773', mistake: '#b4125f' },
    classes: {
      drone: '#b06f00',
      cruise: '#857400',
      supersonic: '#a8457e',
      anti_radiation: '#00805c',
      ballistic: '#111820',
      hypersonic: '#6546c7',
      glide: '#a34a33',
      intercontinental: '#6d5a36',
      friend: '#1f56b8',
      civil: '#47731a',
    },
    reach: '#0072b2',
    radar: '#00805c',
    zone: '#a8457e',
  },
}

/** One colour a type: that of its class, mixed towards paper or ink when a class has several types. */
export function typeColours(types: { class: string }[], theme: Theme): Rgb[] {
  const seen = new Map<string, number>()
  const towards: Rgb = theme === 'dark' ? [90, 90, 90] : [205, 205, 205]
  return types.map((type) => {
    const turn = seen.get(type.class) ?? 0
    seen.set(type.class, turn + 1)
    const own = hex(PALETTES[theme].classes[type.class] ?? PALETTES[theme].muted)
    const part = [0, 0.42, 0.22, 0.6][turn % 4]
    return own.map((value, k) => Math.round(value + (towards[k] - value) * part)) as Rgb
  })
}
