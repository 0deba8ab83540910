// Play, speed, scrub, step: a clock over bars of what was launched (up) and how it ended (down).
import { useEffect, useRef } from 'preact/hooks'
import { binned, stepFrom } from '../data/counts'
import { SPEEDS, now, onMoment, pause, playing, seek, shownTime, span, speed, toggle } from '../play/clock'
import { PALETTES } from '../colours'
import { laydown, leaks, ledger, moments, replay, theme } from '../store'
import { T } from '../text'
import { clock, clockShort, clockWithDate, dateOf } from '../words'
import { Icon } from './Icon'

export const step = (forward: boolean): void => {
  const next = stepFrom(moments.value, now(), forward)
  if (next !== null) {
    pause()
    seek(next)
  }
}
export const toLeak = (): void => {
  const next = stepFrom(leaks.value, now(), true)
  if (next !== null) {
    pause()
    seek(next)
  }
}

/** Hours, or minutes, that divide the span into six to twelve parts. */
function ticks(from: number, to: number): number[] {
  const steps = [10, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10800, 21600, 43200, 86400]
  const size = steps.find((value) => (to - from) / value <= 11) ?? 86400
  const first = Math.ceil(from / size) * size
  const found: number[] = []
  for (let t = first; t <= to; t += size) found.push(t)
  return found
}

function Bars() {
  const canvas = useRef<HTMLCanvasElement>(null)
  const [counts, raid, colours] = [ledger.value, replay.value, PALETTES[theme.value]]
  useEffect(() => {
    const element = canvas.current
    if (!element || !counts || !raid) return
    const draw = (): void => {
      const ratio = Math.min(devicePixelRatio, 2)
      const [width, height] = [element.clientWidth, element.clientHeight]
      if (!width) return
      element.width = width * ratio
      element.height = height * ratio
      const pen = element.getContext('2d')!
      pen.scale(ratio, ratio)
      const [from, to] = span()
      const bins = binned(counts.total, from, to, Math.max(24, Math.floor(width / 5)))
      const bar = width / bins.launched.length
      const ended = bins.launched.map((_, k) => bins.shot_down[k] + bins.suppressed[k] + bins.through[k])
      const unit = (height / 2 - 2) / Math.max(...bins.launched, ...ended, 1)
      const middle = height / 2
      bins.launched.forEach((launched, k) => {
        const x = k * bar
        const piece = (colour: string, count: number, y: number): number => {
          pen.fillStyle = colour
          pen.fillRect(x + 0.5, y, Math.max(bar - 1, 1), count * unit)
          return y + count * unit
        }
        pen.globalAlpha = 0.75
        piece(colours.classes.drone, launched, middle - launched * unit - 0.5)
        pen.globalAlpha = 1
        let y = piece(colours.outcome.shot_down, bins.shot_down[k], middle + 0.5)
        y = piece(colours.outcome.suppressed, bins.suppressed[k], y)
        piece(colours.outcome.through, bins.through[k], y)
      })
      pen.fillStyle = colours.outcome.through
      for (const t of leaks.value) {
        const x = ((t - from) / (to - from)) * width
        pen.beginPath()
        pen.moveTo(x, height - 7)
        pen.lineTo(x + 3, height - 3.500)
        pen.lineTo(x, height)
        pen.lineTo(x - 3, height - 3.500)
        pen.fill()
      }
    }
    draw()
    const watch = new ResizeObserver(draw)
    watch.observe(element)
    return () => watch.disconnect()
  }, [counts, raid, colours, leaks.value])
  return <canvas ref={canvas} class="bars" aria-hidden="true" />
}

export function Timeline() {
  const track = useRef<HTMLDivElement>(null)
  const head = useRef<HTMLDivElement>(null)
  const passed = useRef<HTMLDivElement>(null)
  useEffect(
    () =>
      onMoment((t) => {
        const [from, to] = span()
        const part = (t - from) / (to - from)
        if (head.current) head.current.style.left = `${part * 100}%`
        if (passed.current) passed.current.style.width = `${part * 100}%`
      }),
    [],
  )
  const raid = laydown.value
  if (!raid || !replay.value) return null
  const [from, to] = span()
  const scrub = (event: PointerEvent): void => {
    const box = track.current!.getBoundingClientRect()
    seek(from + ((event.clientX - box.left) / box.width) * (to - from))
  }
  const t = shownTime.value
  return (
    <section class="timeline" aria-label={T.timeline.label}>
      <div class="clock" aria-live="off">
        <b id="clock">{clock(raid, t)}</b>
        <span>
          {dateOf(raid, t)} · {raid.time_zone.replace(/^.*\//, '').replace('_', ' ')}
        </span>
      </div>
      <div class="transport">
        <button class="tool" aria-label={T.timeline.previous} title={`${T.timeline.previous} ( , )`} onClick={() => step(false)}>
          <Icon name="previous" />
        </button>
        <button
          class="tool play"
          id="play"
          aria-label={playing.value ? T.timeline.pause : T.timeline.play}
          title={playing.value ? T.timeline.pause : T.timeline.play}
          onClick={toggle}
        >
          <Icon name={playing.value ? 'pause' : 'play'} size={20} />
        </button>
        <button class="tool" id="next" aria-label={T.timeline.next} title={`${T.timeline.next} ( . )`} onClick={() => step(true)}>
          <Icon name="next" />
        </button>
        <select id="speed" aria-label={T.timeline.speed} value={String(speed.value)} onChange={(event) => (speed.value = Number(event.currentTarget.value))}>
          {SPEEDS.map((value) => (
            <option key={value} value={String(value)}>
              {T.timeline.times(value)}
            </option>
          ))}
        </select>
      </div>
      <div
        class="track"
        ref={track}
        id="scrub"
        role="slider"
        tabIndex={0}
        aria-label={T.timeline.label}
        aria-valuemin={Math.round(from)}
        aria-valuemax={Math.round(to)}
        aria-valuenow={Math.round(t)}
        aria-valuetext={clockWithDate(raid, t)}
        onPointerDown={(event) => {
          pause()
          event.currentTarget.setPointerCapture(event.pointerId)
          scrub(event)
        }}
        onPointerMove={(event) => event.buttons && scrub(event)}
      >
        <Bars />
        <div class="passed" ref={passed} />
        {ticks(from, to).map((at) => (
          <span key={at} class="tick" style={{ left: `${(100 * (at - from)) / (to - from)}%` }}>
            {clockShort(raid, at)}
          </span>
        ))}
        <div class="playhead" ref={head} />
      </div>
    </section>
  )
}

export const nudge = (seconds: number): void => {
  pause()
  seek(now() + seconds)
}
