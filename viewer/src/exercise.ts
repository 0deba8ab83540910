// An exercise: the server plays a raid on, a little ahead of the clock; orders take effect where it has got to.
import { batch, signal } from '@preact/signals'
import { api } from './api'
import { decodePaths, decodeReplay, type Paths } from './data/replay'
import type { ExerciseSession, Laydown, Order } from './data/types'
import { fittingSpeed, onMoment, pause, play, playing, seek, setLimit, setSpan, span, speed } from './play/clock'
import { beside, complain, openRaid, picked, replay, review, run, session } from './store'
import { T } from './text'

const AHEAD_S = 1.2
const LEAST_STEP_S = 5
const MOST_TRIES = 5

/** Orders given and not yet taken by the server. */
export const waiting = signal<Order[]>([])

let laydown: Laydown | null = null
let paths: Paths | null = null
/** The server is playing on. */
export const asking = signal(false)
let unfollow: (() => void) | null = null

function take(next: ExerciseSession): void {
  batch(() => {
    session.value = next
    replay.value = decodeReplay(laydown!, { ...next.replay, run: '', replication: next.replication }, paths!)
  })
  setLimit(next.now / 1000)
}

export async function begin(replication: number): Promise<void> {
  const open = run.peek()
  if (!open || asking.peek()) return
  asking.value = true
  try {
    const first = await api.startExercise(open.run, replication)
    laydown = { ...open, ...first.laydown! }
    paths = decodePaths(first.paths!)
    pause()
    batch(() => {
      review.value = null
      beside.value = null
      picked.value = null
      waiting.value = []
    })
    setLimit(Infinity)
    setSpan(first.now / 1000, first.end / 1000)
    speed.value = fittingSpeed() / 2 >= 1 ? fittingSpeed() : 1
    take(first)
    seek(first.now / 1000)
    unfollow = onMoment(playOn)
    play()
  } catch (error) {
    complain(error)
  } finally {
    asking.value = false
  }
}

/** Ask for the next stretch when the clock nears the end of what has been played. */
function playOn(t: number): void {
  const open = session.peek()
  const isAtEnd = open !== null && t >= open.end / 1000
  if (!open || open.over || asking.peek() || !(playing.peek() || isAtEnd)) return
  if (t < open.now / 1000 - speed.peek() * AHEAD_S * 0.5) return
  void advance(open.now / 1000 + Math.max(speed.peek() * AHEAD_S, LEAST_STEP_S))
}

async function advance(until_s: number): Promise<void> {
  const open = session.peek()
  if (!open) return
  asking.value = true
  const orders = waiting.peek()
  waiting.value = []
  try {
    const next = await api.advance(open.id, Math.round(until_s * 1000), orders)
    if (session.peek()?.id === open.id) {
      take(next)
      if (next.over) await finish(next)
    }
  } catch (error) {
    pause()
    complain(error)
  } finally {
    asking.value = false
  }
}

export const order = (given: Order): void => void (waiting.value = [...waiting.value, given])

async function finish(ended: ExerciseSession): Promise<void> {
  unfollow?.()
  setLimit(Infinity)
  review.value = await api.review(ended.id)
}

/** Play the rest at once under the orders that stand. */
export async function toTheEnd(): Promise<void> {
  const open = session.peek()
  if (!open || open.over) return
  pause()
  while (asking.peek()) await new Promise((done) => setTimeout(done, 50))
  for (let tries = 0; tries < MOST_TRIES; tries++) {
    const left = session.peek()
    if (!left || left.over) break
    await advance(Math.max(left.end, left.now) / 1000 + tries * 3600)
  }
  seek(span()[1])
}

/** The after-action review on two maps: what the person did, and what the automatic doctrine would have done. */
export function replayBoth(): void {
  const found = review.peek()
  if (!found || !laydown || !paths) return
  const side = (which: 'yours' | 'automatic') =>
    decodeReplay(laydown!, { ...found.replay[which], run: '', replication: found.replication }, paths!)
  const [yours, automatic] = [side('yours'), side('automatic')]
  batch(() => {
    picked.value = null
    replay.value = yours
    beside.value = { replay: automatic, labels: [T.exercise.yours, T.exercise.automatic] }
    setSpan(Math.min(yours.from, automatic.from), Math.max(yours.to, automatic.to))
  })
  play()
}

export async function end(): Promise<void> {
  const open = session.peek()
  unfollow?.()
  pause()
  setLimit(Infinity)
  batch(() => {
    session.value = null
    review.value = null
    beside.value = null
    waiting.value = []
  })
  if (open) await api.endExercise(open.id).catch(() => undefined)
  const shown = run.peek()
  if (shown) await openRaid(shown.across.chosen.median)
}
