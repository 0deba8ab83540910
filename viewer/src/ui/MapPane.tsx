// One map on the page, kept in step with the store, and with the other map when two are shown.
import { useSignalEffect } from '@preact/signals'
import { useEffect, useRef } from 'preact/hooks'
import type { Signal } from '@preact/signals'
import type { Replay } from '../data/replay'
import { Scene } from '../map/scene'
import type { World } from '../map/style'
import { onMoment, speed } from '../play/clock'
import { options, picked, run, theme } from '../store'
import { footprint } from './footprint'

export const scenes: [Scene | null, Scene | null] = [null, null]
let world: World | null = null
export const setWorld = (found: World): void => void (world = found)

/** A pane that grows or shrinks by this part shows the whole raid anew. */
const REFIT = 0.25

/** Tests and benchmarks wait for this instead of for seconds. */
declare global {
  interface Window {
    __shieldwall: { ready: boolean; readyAt: number; scenes: typeof scenes; seekToFlying: (wanted: number) => number }
  }
}

function follow(leader: Scene, other: Scene | null): void {
  if (!other) return
  const { map } = leader
  const [a, b] = [map.getCenter(), other.map.getCenter()]
  if (Math.abs(a.lng - b.lng) + Math.abs(a.lat - b.lat) + Math.abs(map.getZoom() - other.map.getZoom()) > 1e-7)
    other.map.jumpTo({ center: a, zoom: map.getZoom() })
}

export function MapPane({ place, raid, kept, label }: { place: 0 | 1; raid: Signal<Replay | null>; kept: Signal<Uint8Array>; label: string }) {
  const element = useRef<HTMLDivElement>(null)
  const scene = useRef<Scene | null>(null)
  const drawn = useRef<Replay | null>(null)
  useEffect(() => {
    const made = new Scene(element.current!, world!, theme.peek(), options.peek(), raid.peek()!, kept.peek(), label)
    scene.current = scenes[place] = made
    made.onReady = () => {
      if (place !== 0 || window.__shieldwall.ready) return
      Object.assign(window.__shieldwall, { ready: true, readyAt: performance.now() })
      document.documentElement.dataset.ready = 'true'
    }
    made.onPick = (found) => (picked.value = found)
    made.map.on('move', () => follow(made, scenes[1 - place]))
    drawn.current = raid.peek()
    if (place === 1 && scenes[0]) follow(scenes[0], made)
    const stop = onMoment((t) => made.setTime(t, speed.peek()))
    let width = element.current!.clientWidth
    const watch = new ResizeObserver(([{ contentRect }]) => {
      made.map.resize()
      if (place === 0 && width > 0 && Math.abs(contentRect.width / width - 1) > REFIT) made.fit()
      width = contentRect.width
    })
    watch.observe(element.current!)
    return () => {
      stop()
      watch.disconnect()
      made.destroy()
      scene.current = scenes[place] = null
    }
  }, [])
  useSignalEffect(() => {
    const [raidNow, keptNow] = [raid.value, kept.value]
    if (!raidNow || !scene.current) return
    if (drawn.current === raidNow) scene.current.setFilter(keptNow)
    else scene.current.setReplay(raidNow, keptNow)
    drawn.current = raidNow
  })
  useSignalEffect(() => scene.current?.setTheme(theme.value))
  useSignalEffect(() => scene.current?.setOptions(options.value))
  useSignalEffect(() => scene.current?.setPicked(picked.value))
  useSignalEffect(() => scene.current?.setShape(footprint.value))
  useSignalEffect(() => scene.current?.setHeat(run.value?.across?.places ?? []))
  return <div class="map" ref={element} data-map={place} />
}
