// The ground under everything: land, borders, names of countries and cities. No tiles, no fonts from outside.
import type { FeatureCollection } from 'geojson'
import type { StyleSpecification } from 'maplibre-gl'
import { feature } from 'topojson-client'
import type { GeometryCollection, Topology } from 'topojson-specification'
import type { Theme } from '../colours'
import { PALETTES } from '../colours'

export interface World {
  attribution: string
  topology: Topology<{ land: GeometryCollection; borders: GeometryCollection }>
  countries: [name: string, lon: number, lat: number, area: number][]
  cities: [name: string, lon: number, lat: number, thousands: number, capital: 0 | 1][]
}

const FONT = ['Inter Variable']

const points = (rows: { lon: number; lat: number; properties: Record<string, unknown> }[]): FeatureCollection => ({
  type: 'FeatureCollection',
  features: rows.map(({ lon, lat, properties }) => ({
    type: 'Feature',
    properties,
    geometry: { type: 'Point', coordinates: [lon, lat] },
  })),
})

/** Return the style; `taken` are names that the scenario's own assets will carry. */
export function baseStyle(world: World, theme: Theme, taken: Set<string>): StyleSpecification {
  const colour = PALETTES[theme]
  const cities = world.cities.filter(([name]) => !taken.has(name))
  return {
    version: 8,
    sources: {
      land: { type: 'geojson', data: feature(world.topology, world.topology.objects.land), tolerance: 0.5, buffer: 16 },
      borders: { type: 'geojson', data: feature(world.topology, world.topology.objects.borders), tolerance: 0.5, buffer: 16 },
      countries: {
        type: 'geojson',
        data: points(world.countries.map(([name, lon, lat, area]) => ({ lon, lat, properties: { name, area } }))),
      },
      cities: {
        type: 'geojson',
        data: points(cities.map(([name, lon, lat, size, capital]) => ({ lon, lat, properties: { name, size, capital } }))),
      },
    },
    layers: [
      { id: 'sea', type: 'background', paint: { 'background-color': colour.sea } },
      { id: 'land', type: 'fill', source: 'land', paint: { 'fill-color': colour.land, 'fill-antialias': false } },
      { id: 'coast', type: 'line', source: 'land', paint: { 'line-color': colour.coast, 'line-width': 0.8 } },
      {
        id: 'borders',
        type: 'line',
        source: 'borders',
        layout: { 'line-join': 'round' },
        paint: { 'line-color': colour.border, 'line-width': ['interpolate', ['linear'], ['zoom'], 3, 0.6, 8, 1.4] },
      },
      {
        id: 'countries',
        type: 'symbol',
        source: 'countries',
        maxzoom: 7,
        layout: {
          'text-field': ['upcase', ['get', 'name']],
          'text-font': FONT,
          'text-size': ['interpolate', ['linear'], ['zoom'], 2, 9, 6, 14],
          'text-letter-spacing': 0.22,
          'text-max-width': 8,
          'symbol-sort-key': ['-', 0, ['get', 'area']],
        },
        paint: { 'text-color': colour.country, 'text-opacity': 0.8, 'text-halo-color': colour.land, 'text-halo-width': 1.2 },
      },
      {
        id: 'cities',
        type: 'symbol',
        source: 'cities',
        filter: ['>=', ['+', ['get', 'size'], ['*', 2500, ['get', 'capital']]], ['step', ['zoom'], 4000, 4, 1500, 5, 700, 6, 300, 7, 0]],
        layout: {
          'text-field': ['get', 'name'],
          'text-font': FONT,
          'text-size': ['interpolate', ['linear'], ['zoom'], 4, 10, 8, 12.5],
          'text-max-width': 7,
          'symbol-sort-key': ['-', 0, ['get', 'size']],
        },
        paint: { 'text-color': colour.city, 'text-opacity': 0.75, 'text-halo-color': colour.land, 'text-halo-width': 1.3 },
      },
    ],
  }
}

export const placeNames = (rows: { lon: number; lat: number; name: string; rank: number }[]): FeatureCollection =>
  points(rows.map(({ lon, lat, name, rank }) => ({ lon, lat, properties: { name, rank } })))

export { FONT }
