// The moment that everything shows, and whether and how fast it moves. Seconds after the scenario's start.
import { signal } from '@preact/signals'

export const playing = signal(false)
export const speed = signal(300)
/** The moment as words and tables read it: at most eight times a second while playing. */
export const shownTime = signal(0)
export const SPEEDS = [1, 10, 60, 120, 300, 600, 1200, 2400]

const WORDS_EVERY_MS = 125

type Listener = (t: number) => void
const listeners = new Set<Listener>()
let limit = Infinity
let t = 0
let from = 0
let to = 1
let last = 0
let spoken = 0
let frame = 0

export const now = (): number => t
export const span = (): [number, number] => [from, to]

/** Call back at every new moment; returns how to stop. */
export function onMoment(listener: Listener): () => void {
  listeners.add(listener)
  listener(t)
  return () => void listeners.delete(listener)
}

function tell(force: boolean): void {
  for (const listener of listeners) listener(t)
  const at = performance.now()
  if (force || at - spoken > WORDS_EVERY_MS) {
    spoken = at
    shownTime.value = t
  }
}

export function seek(moment: number): void {
  t = Math.max(from, Math.min(to, limit, moment))
  tell(true)
}

/** In an exercise nobody knows more than has been played: the clock waits there. */
export const setLimit = (moment: number): void => void (limit = moment)

export function setSpan(begin: number, end: number, keep = false): void {
  from = begin
  to = Math.max(end, begin + 1)
  seek(keep ? t : begin)
}

export function play(): void {
  if (playing.value) return
  if (t >= to) seek(from)
  playing.value = true
  last = performance.now()
  frame = requestAnimationFrame(tick)
}

export function pause(): void {
  playing.value = false
  cancelAnimationFrame(frame)
  tell(true)
}

export const toggle = (): void => (playing.value ? pause() : play())

export function faster(step: number): void {
  const place = SPEEDS.findIndex((value) => value >= speed.value)
  speed.value = SPEEDS[Math.max(0, Math.min(SPEEDS.length - 1, place + step))]
}

/** A speed at which the whole raid passes in about a minute and a half. */
export const fittingSpeed = (): number => {
  const wanted = (to - from) / 90
  return SPEEDS.reduce((best, value) => (Math.abs(Math.log(value / wanted)) < Math.abs(Math.log(best / wanted)) ? value : best))
}

function tick(at: number): void {
  if (!playing.value) return
  const passed = Math.min(Math.max(at - last, 0), 250) / 1000
  last = at
  t = Math.min(to, Math.max(t, Math.min(limit, t + passed * speed.value)))
  tell(false)
  if (t >= to) pause()
  else frame = requestAnimationFrame(tick)
}
