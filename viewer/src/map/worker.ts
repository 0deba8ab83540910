// MapLibre's worker: a file of its own beside the page; in an exported page its text, made into a file in memory.
import * as maplibregl from 'maplibre-gl'
import workerUrl from 'maplibre-gl/dist/maplibre-gl-worker.mjs?url'

export function startWorker(): void {
  if (!workerUrl.startsWith('data:')) {
    maplibregl.setWorkerUrl(workerUrl)
    maplibregl.prewarm()
    return
  }
  const bytes = Uint8Array.from(atob(workerUrl.slice(workerUrl.indexOf(',') + 1)), (letter) => letter.charCodeAt(0))
  maplibregl.setWorkerUrl(URL.createObjectURL(new Blob([bytes], { type: 'text/javascript' })))
  maplibregl.prewarm()
}
