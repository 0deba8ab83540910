// One map with one raid on it: ground by MapLibre, everything of the scenario by deck.gl on top.
import { MapboxOverlay } from '@deck.gl/mapbox'
import { GeoJsonLayer, IconLayer, LineLayer, ScatterplotLayer } from '@deck.gl/layers'
import type { Layer } from '@deck.gl/core'
import type { FeatureCollection } from 'geojson'
import * as maplibregl from 'maplibre-gl'
import type { Palette, Rgb, Theme } from '../colours'
import { PALETTES, hex, typeColours } from '../colours'
import type { Outcome, Replay } from '../data/replay'
import { countUpTo, placeAt, targetPlace } from '../data/replay'
import type { Laydown } from '../data/types'
import { FrameMeter } from '../play/meter'
import { AIRSPACE_LAYERS, addAirspace } from './airspace'
import { CountedIconLayer } from './counted'
import { Moving, endsOf, type Dots, type Ends, type Lines } from './moving'
import type { World } from './style'
import { FONT, baseStyle, placeNames } from './style'
import type { Atlas, SymbolState } from './symbols'
import { JAMMER_CODE, assetCode, isMinor, markAtlas, sensorCode, symbolAtlas, unitCode } from './symbols'

export interface Shown {
  trails: boolean
  shots: boolean
  ends: boolean
  units: boolean
  sensors: boolean
  zones: boolean
  airspace: boolean
  flights: boolean
  names: boolean
  coverage: 'none' | 'radar' | 'reach'
  height: number
  against: number
  heat: boolean
}

export type Picked = { kind: 'threat' | 'unit' | 'sensor' | 'asset'; index: number } | null

interface Spot {
  kind: 'unit' | 'sensor' | 'asset'
  index: number
  lon: number
  lat: number
  code: string
  size: number
  minor: boolean
}

const PICK_PIXELS = 16
const HUNDRED_M = 100
const BASE_TRAIL_M = 70_000

export class Scene {
  readonly map: maplibregl.Map
  readonly meter = new FrameMeter()
  private overlay: MapboxOverlay
  private replay: Replay | null = null
  private moving: Moving | null = null
  private ends: Ends | null = null
  private shownThreats: Uint8Array = new Uint8Array(0)
  private colours: Rgb[] = []
  private spots: Spot[] = []
  private symbols: Atlas | null = null
  private readonly marks: Atlas = markAtlas()
  private palette: Palette
  private time = 0
  private flash_s = 60
  private still: Layer[] = []
  private stillKey = ''
  private stillVersion = 0
  private overlayShape: FeatureCollection | null = null
  private heatRows: { target: number; leaked: number }[] = []
  private picked: Picked = null
  private grip: maplibregl.Marker | null = null
  private drawnFor: { laydown: Laydown; theme: Theme } | null = null
  private options: Shown
  onPick: (picked: Picked) => void = () => {}
  onReady: () => void = () => {}

  constructor(
    container: HTMLElement,
    private readonly world: World,
    private theme: Theme,
    options: Shown,
    raid: Replay,
    shown: Uint8Array,
    describe: string,
  ) {
    this.options = options
    this.palette = PALETTES[theme]
    this.replay = raid
    this.map = new maplibregl.Map({
      container,
      style: this.style(),
      bounds: boundsOf(raid.laydown) ?? [-20, 30, 60, 65],
      fitBoundsOptions: fitting(container),
      minZoom: 1.5,
      maxZoom: 13,
      dragRotate: false,
      doubleClickZoom: false,
      pitchWithRotate: false,
      attributionControl: false,
      fadeDuration: 0,
      canvasContextAttributes: { antialias: false, preserveDrawingBuffer: false },
      renderWorldCopies: true,
    })
    this.map.touchZoomRotate.disableRotation()
    this.map.addControl(new maplibregl.AttributionControl({ compact: true, customAttribution: world.attribution }), 'bottom-left')
    this.map.addControl(new maplibregl.NavigationControl({ showCompass: false }), 'bottom-right')
    this.map.getCanvas().setAttribute('aria-label', describe)
    this.overlay = new MapboxOverlay({
      interleaved: false,
      layers: [],
      useDevicePixels: Math.min(window.devicePixelRatio, 2),
      onBeforeRender: () => this.meter.drawStart(),
      onAfterRender: () => this.meter.drawEnd(),
    })
    this.map.addControl(this.overlay as unknown as maplibregl.IControl)
    this.map.on('click', (event) => this.onPick(this.pickNext(event.point.x, event.point.y)))
    this.map.on('mousemove', (event) => {
      this.map.getCanvas().style.cursor = this.pickAt(event.point.x, event.point.y) ? 'pointer' : ''
    })
    this.map.on('zoom', () => this.redraw())
    this.map.once('load', () => this.onReady())
    this.setReplay(raid, shown)
  }

  destroy(): void {
    this.map.remove()
  }

  setTheme(theme: Theme): void {
    if (theme === this.theme) return
    this.theme = theme
    this.palette = PALETTES[theme]
    this.restyle()
    if (this.replay) this.setReplay(this.replay, this.shownThreats)
  }

  /** Show a raid; fits the map to it when it is of another scenario. */
  setReplay(replay: Replay, shown: Uint8Array): void {
    const known = this.replay?.laydown.scenario
    this.replay = replay
    this.moving = new Moving(replay)
    this.colours = typeColours(replay.kinds, this.theme)
    if (this.drawnFor?.laydown !== replay.laydown || this.drawnFor.theme !== this.theme) {
      this.drawnFor = { laydown: replay.laydown, theme: this.theme }
      this.spots = spotsOf(replay.laydown)
      this.symbols = symbolAtlas([...this.spots.map((spot) => spot.code).filter(Boolean), JAMMER_CODE], this.theme)
    }
    this.setFilter(shown)
    if (known !== replay.laydown.scenario) {
      this.restyle()
      this.fit()
    }
  }

  setFilter(shown: Uint8Array): void {
    if (!this.replay) return
    this.shownThreats = shown
    this.ends = endsOf(this.replay, shown, this.outcomeColours())
    this.changed()
  }

  setOptions(options: Shown): void {
    this.options = options
    for (const layer of ['place-names', 'cities', 'countries'])
      if (this.map.getLayer(layer)) this.map.setLayoutProperty(layer, 'visibility', options.names ? 'visible' : 'none')
    for (const layer of AIRSPACE_LAYERS)
      if (this.map.getLayer(layer)) this.map.setLayoutProperty(layer, 'visibility', options.airspace ? 'visible' : 'none')
    this.changed()
  }

  setPicked(picked: Picked): void {
    this.picked = picked
    this.changed()
  }

  /** Draw a shape over the map, as a footprint; null takes it away. */
  setShape(shape: FeatureCollection | null): void {
    this.overlayShape = shape
    this.changed()
  }

  setHeat(rows: { target: number; leaked: number }[]): void {
    this.heatRows = rows
    this.changed()
  }

  /** Show moment t; `speed` is scenario seconds in a second, for how long flashes last. */
  setTime(t: number, speed: number): void {
    this.time = t
    this.flash_s = Math.max(8, speed * 0.9)
    this.redraw()
  }

  fit(): void {
    const bounds = this.replay && boundsOf(this.replay.laydown)
    if (bounds) this.map.fitBounds(bounds, { ...fitting(this.map.getContainer()), duration: 0 })
  }

  /** Where on the screen a threat is now, for tests and for the keyboard. */
  screenOf(picked: NonNullable<Picked>): { x: number; y: number } | null {
    const at = this.placeOf(picked)
    return at ? this.map.project([at.lon, at.lat]) : null
  }

  placeOf(picked: NonNullable<Picked>): { lon: number; lat: number } | null {
    const replay = this.replay
    if (!replay) return null
    if (picked.kind === 'threat') return placeAt(replay, picked.index, this.time, { lon: 0, lat: 0, height: 0 })
    const { units, sensors, assets } = replay.laydown
    return { unit: units, sensor: sensors, asset: assets }[picked.kind][picked.index] ?? null
  }

  /** Put a symbol on the map that can be dragged, or take it away. */
  setGrip(place: { lon: number; lat: number } | null, picture = '', label = '', onMove: (lon: number, lat: number) => void = () => {}): void {
    this.grip?.remove()
    this.grip = null
    if (!place) return
    const element = document.createElement('div')
    element.className = 'grip'
    element.setAttribute('aria-label', label)
    const image = document.createElement('img')
    image.src = picture
    image.alt = ''
    element.append(image)
    this.grip = new maplibregl.Marker({ element, draggable: true }).setLngLat([place.lon, place.lat]).addTo(this.map)
    this.grip.on('dragend', () => {
      const { lng, lat } = this.grip!.getLngLat()
      onMove(lng, lat)
    })
  }

  /** What lies under a point of the screen: threats before fire units, those before sensors and assets. */
  pickAt(x: number, y: number): Picked {
    const replay = this.replay
    if (!replay || !this.moving) return null
    const project = (lon: number, lat: number): number => {
      const at = this.map.project([lon, lat])
      return Math.hypot(at.x - x, at.y - y)
    }
    let best: Picked = null
    let least = PICK_PIXELS
    const { heads } = this.moving
    for (let n = 0; n < heads.count; n++) {
      const gap = project(heads.position[3 * n], heads.position[3 * n + 1])
      if (gap < least) [best, least] = [{ kind: 'threat', index: heads.threat[n] }, gap]
    }
    if (best) return best
    if (this.options.ends && this.ends) {
      const ended = countUpTo(this.ends.time, this.time)
      least = 9
      for (let n = 0; n < ended; n++) {
        const gap = project(this.ends.position[3 * n], this.ends.position[3 * n + 1])
        if (gap < least) [best, least] = [{ kind: 'threat', index: this.ends.threat[n] }, gap]
      }
      if (best && /through|mistake/.test(this.ends.kind[this.ends.threat.indexOf((best as { index: number }).index)])) return best
    }
    const near = best ? least : PICK_PIXELS
    least = near
    for (const spot of this.spots) {
      if (!this.isVisible(spot)) continue
      const gap = project(spot.lon, spot.lat) * (spot.kind === 'unit' ? 0.8 : 1) * (spot.minor ? 1.3 : 1)
      if (gap < least) [best, least] = [{ kind: spot.kind, index: spot.index }, gap]
    }
    return best
  }

  /** As `pickAt`, but a second click on the same place goes on to what stands below. */
  private pickNext(x: number, y: number): Picked {
    const first = this.pickAt(x, y)
    if (!first || first.kind === 'threat') return first
    const here = this.placeOf(first)!
    const stack = this.spots.filter((spot) => this.isVisible(spot) && this.pixelsTo(spot.lon, spot.lat, here) < 6)
    const at = stack.findIndex((spot) => spot.kind === this.picked?.kind && spot.index === this.picked.index)
    if (at < 0) return first
    const next = stack[(at + stack.length - 1) % stack.length]
    return { kind: next.kind, index: next.index }
  }

  private pixelsTo(lon: number, lat: number, from: { lon: number; lat: number }): number {
    const [a, b] = [this.map.project([lon, lat]), this.map.project([from.lon, from.lat])]
    return Math.hypot(a.x - b.x, a.y - b.y)
  }

  private isVisible(spot: Spot): boolean {
    if (spot.kind === 'unit') return this.options.units
    if (spot.kind === 'sensor') return this.options.sensors
    return true
  }

  private outcomeColours(): Record<Outcome, Rgb> {
    const { outcome } = this.palette
    return {
      flying: hex(outcome.flying),
      shot_down: hex(outcome.shot_down),
      suppressed: hex(outcome.suppressed),
      through: hex(outcome.through),
      aborted: hex(outcome.aborted),
      passed: hex(outcome.flying),
      mistake: hex(outcome.mistake),
    }
  }

  private style(): maplibregl.StyleSpecification {
    const assets = this.replay?.laydown.assets ?? []
    const style = baseStyle(this.world, this.theme, new Set(assets.map((asset) => asset.name)))
    const zoneNames = addAirspace(style, this.replay?.laydown.airspace ?? [], this.palette, this.options.airspace)
    style.sources['place-names'] = {
      type: 'geojson',
      data: placeNames(assets.map(({ lon, lat, name, value, kind }) => ({ lon, lat, name, rank: kind === 'city' ? value + 1000 : value }))),
    }
    style.layers.push({
      id: 'place-names',
      type: 'symbol',
      source: 'place-names',
      layout: {
        'text-field': ['get', 'name'],
        'text-font': FONT,
        'text-size': ['interpolate', ['linear'], ['zoom'], 4, 11, 8, 14],
        'text-variable-anchor': ['left', 'right', 'top', 'bottom'],
        'text-radial-offset': 1.2,
        'text-justify': 'auto',
        'text-max-width': 9,
        'symbol-sort-key': ['-', 0, ['get', 'rank']],
        visibility: this.options.names ? 'visible' : 'none',
      },
      paint: { 'text-color': this.palette.ink, 'text-halo-color': this.palette.halo, 'text-halo-width': 1.5 },
    })
    style.layers.push(...zoneNames)
    return style
  }

  private restyle(): void {
    this.map.setStyle(this.style(), { diff: false })
  }

  private changed(): void {
    this.stillVersion++
    this.redraw()
  }

  private redraw(): void {
    const { replay, moving } = this
    if (!replay || !moving) return
    this.meter.workStart()
    const zoom = this.map.getZoom()
    const trail_m = BASE_TRAIL_M * Math.min(2.2, Math.max(0.05, 2 ** (5.5 - zoom)))
    moving.fill(this.time, this.shownThreats, this.colours, hex(this.palette.friend), this.outcomeColours(), trail_m, this.flash_s)
    this.overlay.setProps({ layers: [...this.stillLayers(zoom), ...this.movingLayers(zoom)] })
    this.meter.workEnd()
  }

  /** Layers that change only with choices, zoom steps and losses; the same objects are handed over between. */
  private stillLayers(zoom: number): Layer[] {
    const replay = this.replay!
    let losses = 0
    for (const at of replay.unitLost.values()) if (at <= this.time) losses++
    for (const at of replay.sensorLost.values()) if (at <= this.time) losses++
    const key = `${this.stillVersion}|${Math.round(zoom * 4)}|${losses}|${this.theme}`
    if (key === this.stillKey) return this.still
    this.stillKey = key
    this.still = [
      ...this.zoneLayers(replay.laydown),
      ...this.coverageLayers(replay.laydown, zoom),
      ...this.shapeLayers(),
      ...this.heatLayers(replay.laydown),
      ...this.spotLayers(replay, zoom),
    ]
    return this.still
  }

  private zoneLayers(laydown: Laydown): Layer[] {
    if (!this.options.zones) return []
    const colour = hex(this.palette.zone)
    return [
      new ScatterplotLayer({
        id: 'zones',
        data: laydown.zones,
        getPosition: (zone) => [zone.lon, zone.lat],
        getRadius: (zone) => zone.radius_m,
        getFillColor: [...colour, this.theme === 'dark' ? 26 : 30],
        getLineColor: [...colour, 140],
        stroked: true,
        lineWidthUnits: 'pixels',
        getLineWidth: 1,
      }),
    ]
  }

  private coverageLayers(laydown: Laydown, zoom: number): Layer[] {
    const rings: { lon: number; lat: number; radius: number; colour: Rgb; fill: number }[] = []
    const { coverage, height, against } = this.options
    const radar = hex(this.palette.radar)
    const reach = hex(this.palette.reach)
    const { picked } = this
    const add = (kind: 'radar' | 'reach', index: number, h: number, fill: number): void => {
      if (kind === 'radar') {
        const sensor = laydown.sensors[index]
        const radius = laydown.coverage.sensors[sensor.coverage]?.[against]?.[h] ?? 0
        if (radius > 0) rings.push({ lon: sensor.lon, lat: sensor.lat, radius: radius * HUNDRED_M, colour: radar, fill })
      } else {
        const unit = laydown.units[index]
        const radius = Math.max(0, ...unit.weapons.map((w) => laydown.coverage.effectors[laydown.weapons[w].effector]?.[against]?.[h] ?? 0))
        if (radius > 0) rings.push({ lon: unit.lon, lat: unit.lat, radius: radius * HUNDRED_M, colour: reach, fill })
      }
    }
    if (coverage === 'radar') laydown.sensors.forEach((_, index) => add('radar', index, height, 9))
    if (coverage === 'reach') laydown.units.forEach((_, index) => add('reach', index, height, 13))
    if (picked?.kind === 'unit')
      laydown.coverage.heights_m.forEach((_, h) => {
        add('reach', picked.index, h, h === height ? 40 : 0)
        if (laydown.units[picked.index].radar >= 0 && h === height) add('radar', laydown.units[picked.index].radar, h, 0)
      })
    if (picked?.kind === 'sensor') laydown.coverage.heights_m.forEach((_, h) => add('radar', picked.index, h, h === height ? 36 : 0))
    if (!rings.length) return []
    return [
      new ScatterplotLayer({
        id: 'coverage',
        data: rings,
        getPosition: (ring) => [ring.lon, ring.lat],
        getRadius: (ring) => ring.radius,
        getFillColor: (ring) => [...ring.colour, ring.fill] as [number, number, number, number],
        getLineColor: (ring) => [...ring.colour, ring.fill > 20 || ring.fill === 0 ? 170 : 60] as [number, number, number, number],
        stroked: true,
        lineWidthUnits: 'pixels',
        getLineWidth: zoom > 7 ? 1.4 : 0.9,
        updateTriggers: { getRadius: [coverage, height, against, picked], getFillColor: [coverage, height], getLineColor: [coverage, height] },
      }),
    ]
  }

  private shapeLayers(): Layer[] {
    if (!this.overlayShape) return []
    const colour = hex(this.palette.reach)
    return [
      new GeoJsonLayer({
        id: 'footprint',
        data: this.overlayShape,
        getFillColor: [...colour, 46],
        getLineColor: [...colour, 255],
        lineWidthUnits: 'pixels',
        getLineWidth: 2,
      }),
    ]
  }

  private heatLayers(laydown: Laydown): Layer[] {
    if (!this.options.heat || !this.heatRows.length) return []
    const rows = this.heatRows.flatMap((row) => {
      const at = targetPlace(laydown, row.target)
      return at && row.leaked > 0 ? [{ ...at, leaked: row.leaked }] : []
    })
    const most = Math.max(...rows.map((row) => row.leaked), 1e-9)
    const colour = hex(this.palette.outcome.through)
    const blob = (id: string, scale: number, alpha: number): Layer =>
      new ScatterplotLayer({
        id,
        data: rows,
        getPosition: (row) => [row.lon, row.lat],
        getRadius: (row) => (8 + 46 * Math.sqrt(row.leaked / most)) * scale,
        radiusUnits: 'pixels',
        getFillColor: [...colour, alpha],
        updateTriggers: { getRadius: most },
      })
    return [blob('heat-3', 1, 34), blob('heat-2', 0.68, 52), blob('heat-1', 0.4, 96)]
  }

  private spotLayers(replay: Replay, zoom: number): Layer[] {
    const { laydown } = replay
    const state = (spot: Spot): SymbolState => {
      const [lost, out] = spot.kind === 'unit' ? [replay.unitLost, replay.unitsOut] : [replay.sensorLost, replay.sensorsOut]
      if (spot.kind === 'asset') return 'ok'
      if (out.has(spot.index)) return 'out'
      return (lost.get(spot.index) ?? Infinity) <= this.time ? 'lost' : 'ok'
    }
    const visible = this.spots.filter((spot) => this.isVisible(spot))
    const small = (spot: Spot): boolean => spot.minor && zoom < 7.2
    const friend = hex(this.palette.friend)
    const scale = Math.min(1.5, Math.max(0.62, 0.62 + (zoom - 5) * 0.22))
    const patrols = this.options.units ? laydown.units.filter((unit) => unit.patrol?.length === 2) : []
    const cities = laydown.assets.filter((asset) => assetCode(asset.kind) === null)
    const picked = this.picked && this.picked.kind !== 'threat' ? this.placeOf(this.picked) : null
    return [
      new LineLayer({
        id: 'patrols',
        data: patrols,
        getSourcePosition: (unit) => unit.patrol![0],
        getTargetPosition: (unit) => unit.patrol![1],
        getColor: [...friend, 150],
        getWidth: 2,
      }),
      new ScatterplotLayer({
        id: 'cities',
        data: cities,
        getPosition: (asset) => [asset.lon, asset.lat],
        getRadius: (asset) => asset.radius_m,
        radiusMinPixels: 4,
        stroked: true,
        getFillColor: [...hex(this.palette.ink), 26],
        getLineColor: [...hex(this.palette.ink), 190],
        lineWidthUnits: 'pixels',
        getLineWidth: 1.2,
      }),
      new ScatterplotLayer({
        id: 'minor-spots',
        data: visible.filter(small),
        getPosition: (spot) => [spot.lon, spot.lat],
        getRadius: zoom < 5.5 ? 1.6 : 2.3,
        radiusUnits: 'pixels',
        getFillColor: (spot) => [...friend, state(spot) === 'ok' ? (spot.kind === 'unit' ? 205 : 110) : 60] as [number, number, number, number],
        updateTriggers: { getFillColor: this.stillKey, getRadius: zoom < 5.5 },
      }),
      new IconLayer({
        id: `symbols-${this.theme}`,
        data: visible.filter((spot) => spot.code && !small(spot)).sort((a, b) => a.size - b.size),
        iconAtlas: this.symbols!.image as unknown as string,
        iconMapping: this.symbols!.mapping,
        getPosition: (spot) => [spot.lon, spot.lat],
        getIcon: (spot) => `${spot.code}:${state(spot)}`,
        getSize: (spot) => spot.size,
        sizeScale: scale,
        updateTriggers: { getIcon: this.stillKey },
      }),
      ...(picked ? [ring('picked', picked, 19, hex(this.palette.ink))] : []),
    ]
  }

  private movingLayers(zoom: number): Layer[] {
    const { heads, trails, shots, rounds, flashes } = this.moving!
    const { replay, ends, marks, options } = this
    const layers: Layer[] = []
    const icons = { iconAtlas: marks.image as unknown as string, iconMapping: marks.mapping }
    if (options.ends && ends) {
      const ended = countUpTo(ends.time, this.time)
      layers.push(
        new CountedIconLayer({
          id: 'ends',
          ...icons,
          data: ends.data,
          drawn: ended,
          getIcon: (_: unknown, { index }: { index: number }) => ends.kind[index],
          sizeScale: zoom < 5 ? 0.8 : 1,
        }),
      )
    }
    if (options.trails) layers.push(segments('trails', trails, 1.7))
    if (options.shots) layers.push(segments('shots', shots, 1.3), dots('rounds', rounds))
    layers.push(dots('flashes', flashes, true))
    layers.push(
      new IconLayer({
        id: 'heads',
        ...icons,
        data: {
          length: heads.count,
          attributes: {
            getPosition: { value: heads.position.subarray(0, heads.count * 3), size: 3 },
            getAngle: { value: heads.angle.subarray(0, heads.count), size: 1 },
            getColor: { value: heads.colour.subarray(0, heads.count * 4), size: 4, normalized: true },
          },
        },
        getIcon: (_: unknown, { index }: { index: number }) => {
          const kind = replay!.kinds[replay!.threats.type[heads.threat[index]]].class
          return marks.mapping[kind] ? kind : 'dot'
        },
        getSize: zoom < 5 ? 11 : zoom < 7 ? 14 : 18,
        updateTriggers: { getSize: zoom < 5 ? 0 : zoom < 7 ? 1 : 2 },
      }),
    )
    if (this.picked?.kind === 'threat') layers.push(ring('picked-threat', this.placeOf(this.picked)!, 14, hex(this.palette.ink)))
    return layers
  }
}

/** A circle around what is picked. */
function ring(id: string, at: { lon: number; lat: number }, radius: number, colour: Rgb): Layer {
  return new ScatterplotLayer({
    id,
    data: [at],
    getPosition: (place: { lon: number; lat: number }) => [place.lon, place.lat],
    getRadius: radius,
    radiusUnits: 'pixels',
    filled: false,
    stroked: true,
    getLineColor: [...colour, 255],
    lineWidthUnits: 'pixels',
    getLineWidth: 2,
  })
}

function segments(id: string, from: Lines, width: number): Layer {
  return new LineLayer({
    id,
    data: {
      length: from.count,
      attributes: {
        getSourcePosition: { value: from.from.subarray(0, from.count * 3), size: 3 },
        getTargetPosition: { value: from.to.subarray(0, from.count * 3), size: 3 },
        getColor: { value: from.colour.subarray(0, from.count * 4), size: 4, normalized: true },
      },
    },
    getWidth: width,
  })
}

function dots(id: string, from: Dots, hollow = false): Layer {
  const colour = { value: from.colour.subarray(0, from.count * 4), size: 4, normalized: true }
  return new ScatterplotLayer({
    id,
    data: {
      length: from.count,
      attributes: {
        getPosition: { value: from.position.subarray(0, from.count * 3), size: 3 },
        getRadius: { value: from.radius.subarray(0, from.count), size: 1 },
        ...(hollow ? { getLineColor: colour } : { getFillColor: colour }),
      },
    },
    radiusUnits: 'pixels',
    filled: !hollow,
    stroked: hollow,
    lineWidthUnits: 'pixels',
    getLineWidth: 1.8,
  })
}

/** What to look at: what is defended, and from where most of the raid comes. */
function boundsOf({ assets, units, zones, salvos }: Laydown): maplibregl.LngLatBounds | null {
  const bounds = new maplibregl.LngLatBounds()
  for (const place of [...assets, ...units, ...zones]) bounds.extend([place.lon, place.lat])
  const most = Math.max(...salvos.map((salvo) => salvo.count), 1)
  for (const { origins, count } of salvos)
    if (count > most / 4 || salvos.length < 4) for (const [lon, lat] of origins) bounds.extend([lon, lat])
  return bounds.isEmpty() ? null : bounds
}

const fitting = ({ clientWidth, clientHeight }: HTMLElement): { padding: number; maxZoom: number } => ({
  padding: Math.min(48, clientWidth * 0.05, clientHeight * 0.06),
  maxZoom: 8,
})

function spotsOf(laydown: Laydown): Spot[] {
  const spots: Spot[] = []
  laydown.assets.forEach(({ lon, lat, kind }, index) => {
    const code = assetCode(kind)
    spots.push({ kind: 'asset', index, lon, lat, code: code ?? '', size: 24, minor: false })
  })
  laydown.sensors.forEach((sensor, index) => {
    if (sensor.unit < 0) spots.push({ kind: 'sensor', index, lon: sensor.lon, lat: sensor.lat, code: sensorCode(sensor.kind), size: 24, minor: sensor.kind !== 'radar' && sensor.kind !== 'airborne_radar' && sensor.kind !== 'space_infrared' })
  })
  laydown.units.forEach(({ lon, lat, type }, index) => {
    const minor = isMinor(type)
    spots.push({ kind: 'unit', index, lon, lat, code: unitCode(type), size: minor ? 27 : 34, minor })
  })
  return spots
}
