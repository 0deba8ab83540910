import { signal } from '@preact/signals'
import type { FeatureCollection } from 'geojson'

/** The footprint drawn over the map, if one was asked for. */
export const footprint = signal<FeatureCollection | null>(null)
