import '@fontsource-variable/inter/wght.css'
import 'maplibre-gl/dist/maplibre-gl.css'
import './style.css'
import { render } from 'preact'
import { api, embeddedRaid, openEmbedded } from './api'
import { startWorker } from './map/worker'
import type { World } from './map/style'
import { complain, fatal, openRun, runs, seekToFlying, setTheme, theme } from './store'
import { T } from './text'
import { App } from './ui/App'
import { scenes, setWorld } from './ui/MapPane'

declare const __SINGLE__: boolean

window.__shieldwall = { ready: false, readyAt: 0, scenes, seekToFlying }

async function readWorld(): Promise<World> {
  const inside = document.getElementById('shieldwall-world')?.textContent
  if (inside) return JSON.parse(inside) as World
  return (await (await fetch('/assets/world.json')).json()) as World
}

async function open(): Promise<void> {
  startWorker()
  await openEmbedded()
  const address = new URLSearchParams(location.search)
  const [world, { start }] = await Promise.all([readWorld(), api.health(), document.fonts.load('500 16px "Inter Variable"').catch(() => [])])
  setWorld(world)
  const listed = api.runs().catch((error: unknown) => {
    complain(error)
    return []
  })
  const first = address.get('run') ?? start ?? (await listed)[0]?.run
  if (!first) throw new Error(T.noRun)
  const raid = address.get('raid')
  await openRun(first, raid === null ? embeddedRaid() : Number(raid))
  runs.value = await listed
}

setTheme(theme.value)
render(<App />, document.getElementById('page')!)
open().catch((error: unknown) => {
  fatal.value = { title: T.failed, detail: error instanceof Error ? error.message : String(error) }
})
