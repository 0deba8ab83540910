// Rounds of one weapon over the raid: ready as an area, reserve above it, the moment as a line.
import type { Replay } from '../data/replay'
import { floorIndex } from '../data/replay'
import { seek, pause, shownTime } from '../play/clock'
import { T, count } from '../text'
import { clock, clockShort } from '../words'

const WIDTH = 320
const HEIGHT = 84
const BASE = HEIGHT - 14

/** Steps as (time, ready, reserve) from the start of the raid to its end. */
export function stepsOf(raid: Replay, weapon: number): { time: number[]; ready: number[]; reserve: number[] } {
  const first = raid.laydown.weapons[weapon]
  const known = raid.magazines.get(weapon)
  return {
    time: [raid.from, ...(known?.time ?? [])],
    ready: [first.ready, ...(known?.ready ?? [])],
    reserve: [first.reserve, ...(known?.reserve ?? [])],
  }
}

export function MagazineChart({ raid, weapon }: { raid: Replay; weapon: number }) {
  const { laydown, from, to } = raid
  const steps = stepsOf(raid, weapon)
  const most = Math.max(1, ...steps.ready.map((ready, k) => ready + steps.reserve[k]))
  const x = (t: number): number => ((t - from) / Math.max(to - from, 1)) * WIDTH
  const y = (rounds: number): number => BASE - (rounds / most) * (BASE - 6)
  const area = (height: (k: number) => number): string => {
    let path = `M0 ${BASE}`
    steps.time.forEach((t, k) => (path += `L${x(t).toFixed(1)} ${y(k ? height(k - 1) : height(0)).toFixed(1)}V${y(height(k)).toFixed(1)}`))
    return `${path}H${WIDTH}V${BASE}Z`
  }
  const k = floorIndex(steps.time, shownTime.value, 0, steps.time.length)
  const emptyAt = steps.ready.findIndex((ready, place) => ready + steps.reserve[place] === 0)
  const effector = laydown.effectors[laydown.weapons[weapon].effector]
  return (
    <figure class="magazine" data-weapon={effector.id}>
      <figcaption>
        <b>{effector.name}</b>
        <span>
          <output>{count(steps.ready[k])}</output> {T.unit.ready}
          {Math.max(...steps.reserve) > 0 && ` · ${count(steps.reserve[k])} ${T.unit.reserve}`}
        </span>
      </figcaption>
      <svg
        viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
        role="img"
        aria-label={`${effector.name}: ${count(steps.ready[0] + steps.reserve[0])} → ${count(steps.ready.at(-1)! + steps.reserve.at(-1)!)}`}
        onClick={(event) => {
          const box = event.currentTarget.getBoundingClientRect()
          pause()
          seek(from + ((event.clientX - box.left) / box.width) * (to - from))
        }}
      >
        <path class="magazine-reserve" d={area((place) => steps.ready[place] + steps.reserve[place])} />
        <path class="magazine-ready" d={area((place) => steps.ready[place])} />
        <line class="axis" x1="0" x2={WIDTH} y1={BASE} y2={BASE} />
        <line class="moment" x1={x(shownTime.value)} x2={x(shownTime.value)} y1="0" y2={BASE} />
        <text x="0" y={HEIGHT - 2}>
          {clockShort(laydown, from)}
        </text>
        <text x={WIDTH} y={HEIGHT - 2} text-anchor="end">
          {clockShort(laydown, to)}
        </text>
        <text x="2" y="9">
          {count(most)}
        </text>
      </svg>
      {emptyAt > 0 && <p class="warn">{T.unit.empty(clock(laydown, steps.time[emptyAt]))}</p>}
    </figure>
  )
}
