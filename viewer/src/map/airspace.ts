// Engagement zones and corridors: dashed outlines under everything of the raid, their names at a northern corner.
import type { Feature } from 'geojson'
import type { LayerSpecification, StyleSpecification } from 'maplibre-gl'
import type { Palette } from '../colours'
import type { Airspace } from '../data/types'
import { T } from '../text'
import { FONT } from './style'

export const AIRSPACE_LAYERS = ['airspace-fill', 'airspace-line', 'airspace-name']

/** Put the zones of a scenario into a style of the map; return the layer of their names, which goes on top. */
export function addAirspace(style: StyleSpecification, zones: Airspace[], palette: Palette, shown: boolean): LayerSpecification[] {
  const [fill, line, name] = AIRSPACE_LAYERS
  const visibility = shown ? 'visible' : 'none'
  style.sources.airspace = { type: 'geojson', data: { type: 'FeatureCollection', features: zones.flatMap(featuresOf) } }
  const held = ['case', ['==', ['get', 'kind'], 'corridor'], 0.1, 0.03] as unknown as number
  style.layers.push(
    {
      id: fill,
      type: 'fill',
      source: 'airspace',
      filter: ['==', ['geometry-type'], 'Polygon'],
      layout: { visibility },
      paint: { 'fill-color': palette.ink, 'fill-opacity': held },
    },
    {
      id: line,
      type: 'line',
      source: 'airspace',
      filter: ['==', ['geometry-type'], 'Polygon'],
      layout: { visibility },
      paint: { 'line-color': palette.ink, 'line-opacity': 0.7, 'line-width': 1.3, 'line-dasharray': [4, 3] },
    },
  )
  return [
    {
      id: name,
      type: 'symbol',
      source: 'airspace',
      filter: ['==', ['geometry-type'], 'Point'],
      layout: {
        'text-field': ['get', 'name'],
        'text-font': FONT,
        'text-size': 11,
        'text-anchor': 'bottom-left',
        'text-justify': 'left',
        visibility,
      },
      paint: { 'text-color': palette.ink, 'text-halo-color': palette.halo, 'text-halo-width': 1.5 },
    },
  ]
}

function featuresOf({ id, kind, control, height_min_m, height_max_m, border }: Airspace): Feature[] {
  const corner = border.reduce((a, b) => (b[1] > a[1] || (b[1] === a[1] && b[0] < a[0]) ? b : a))
  const name = T.map.zone(id, kind, control, height_min_m, height_max_m)
  return [
    { type: 'Feature', properties: { kind }, geometry: { type: 'Polygon', coordinates: [[...border, border[0]]] } },
    { type: 'Feature', properties: { name }, geometry: { type: 'Point', coordinates: corner } },
  ]
}
