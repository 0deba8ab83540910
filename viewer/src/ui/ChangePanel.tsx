// Move a battery, change a number, play again on the same luck, and see what difference it makes.
import { computed, signal } from '@preact/signals'
import { useEffect } from 'preact/hooks'
import { api } from '../api'
import { copiesOf, entriesOf, positionValue, valueOf, withChange } from '../data/changes'
import type { Change, FireUnit, Job, Run } from '../data/types'
import { symbolUrl, unitCode } from '../map/symbols'
import { compareWith, comparison, complain, picked, run, theme } from '../store'
import { CLASS_WORDS, STATUS_WORDS, T, wordFor } from '../text'
import { download } from '../download'
import { BesideButton } from './ComparePanel'
import { ComparisonView } from './Comparison'
import { refreshRuns } from './Header'
import { scenes } from './MapPane'

const changes = signal<Change[]>([])
const entry = signal('')
const salvo = signal('')
const replications = signal(500)
const job = signal<Job | null>(null)
/** What the shown result was played with; another change makes it stale. */
const played = signal('')

const POLL_MS = 400
const isRunning = computed(() => job.value?.state === 'queued' || job.value?.state === 'running')
const put = (path: string, value: unknown, was: unknown): void => void (changes.value = withChange(changes.value, path, value, was))

interface Field {
  path: string
  label: string
  was: number
  min?: number
  max?: number
}

function NumberField({ path, label, was, min = 0, max }: Field) {
  const now = valueOf(changes.value, path) ?? was
  return (
    <label>
      {label}
      <input
        type="number"
        data-path={path}
        min={min}
        max={max}
        value={String(now)}
        onChange={(event) => {
          const value = Math.round(Number(event.currentTarget.value))
          if (Number.isFinite(value) && value >= min) put(path, value, was)
        }}
      />
    </label>
  )
}

function Words({ path, label, was, values, words = {} }: { path: string; label: string; was: string; values: string[]; words?: Record<string, string> }) {
  return (
    <label>
      {label}
      <select data-path={path} value={String(valueOf(changes.value, path) ?? was)} onChange={(event) => put(path, event.currentTarget.value, was)}>
        {[...new Set([was, ...values])].map((value) => (
          <option key={value} value={value}>
            {wordFor(words, value)}
          </option>
        ))}
      </select>
    </label>
  )
}

function Place({ unit }: { unit: FireUnit }) {
  const path = `fire_units.${unit.entry}.position`
  const was = positionValue(unit.lat, unit.lon)
  const now = (valueOf(changes.value, path) as [number, number] | undefined) ?? was
  const move = (lat: number, lon: number): void => {
    if (Math.abs(lat) <= 90 && Math.abs(lon) <= 180) put(path, positionValue(lat, lon), was)
  }
  useEffect(() => {
    const scene = scenes[0]
    scene?.setGrip({ lat: now[0], lon: now[1] }, symbolUrl(unitCode(unit.type), theme.value), `${T.change.dragHint} ${unit.entry}`, (lon, lat) => move(lat, lon))
    return () => scene?.setGrip(null)
  }, [unit.entry, now[0], now[1], theme.value])
  return (
    <>
      {([0, 1] as const).map((axis) => (
        <label key={axis}>
          {axis === 0 ? T.change.latitude : T.change.longitude}
          <input
            type="number"
            step="0.01"
            data-axis={axis === 0 ? 'lat' : 'lon'}
            value={String(now[axis])}
            onChange={(event) => {
              const value = Number(event.currentTarget.value)
              if (Number.isFinite(value)) move(axis === 0 ? value : now[0], axis === 0 ? now[1] : value)
            }}
          />
        </label>
      ))}
    </>
  )
}

function Battery({ open }: { open: Run }) {
  const entries = entriesOf(open)
  const unit = entries.find((one) => one.entry === entry.value)
  return (
    <>
      <label>
        {T.change.unit}
        <select id="change-unit" value={entry.value} onChange={(event) => (entry.value = event.currentTarget.value)}>
          <option value="">{T.change.choose}</option>
          {[...new Set(entries.map((one) => one.name))].map((name) => (
            <optgroup key={name} label={name}>
              {entries
                .filter((one) => one.name === name)
                .map((one) => (
                  <option key={one.entry} value={one.entry}>
                    {one.entry}
                  </option>
                ))}
            </optgroup>
          ))}
        </select>
      </label>
      {unit && (
        <>
          <p class="muted">{T.change.dragHint}</p>
          <div class="fields">
            <Place unit={unit} />
            <NumberField path={`fire_units.${unit.entry}.count`} label={T.change.count} was={copiesOf(open, unit.entry)} />
          </div>
          <div class="fields">
            {unit.weapons.flatMap((index) => {
              const weapon = open.weapons[index]
              const effector = open.effectors[weapon.effector]
              return [
                <NumberField key={`${effector.id}-m`} path={`fire_units.${unit.entry}.magazine.${effector.id}`} label={T.change.rounds(effector.name)} was={weapon.ready} />,
                <NumberField key={`${effector.id}-r`} path={`fire_units.${unit.entry}.reserve.${effector.id}`} label={T.change.reserve(effector.name)} was={weapon.reserve} />,
              ]
            })}
          </div>
        </>
      )}
    </>
  )
}

function DoctrineFields({ open }: { open: Run }) {
  const { weapons_control: control, shots } = open.doctrine
  const classes = new Set(open.types.map((type) => type.class))
  return (
    <details>
      <summary>{T.change.doctrine}</summary>
      <div class="fields">
        {typeof control === 'string' && <Words path="doctrine.weapons_control" label={T.change.control} was={control} values={['free', 'tight', 'hold']} words={STATUS_WORDS} />}
        <Words path="integration" label={T.change.integration} was={open.command.integration} values={['autonomous', 'sector', 'alliance']} />
        {Object.entries(shots)
          .filter(([name]) => classes.has(name))
          .flatMap(([name, rule]) => [
            <NumberField key={`${name}-s`} path={`doctrine.shots.${name}.salvo`} label={T.change.shots(wordFor(CLASS_WORDS, name))} was={rule.salvo} min={1} />,
            <NumberField key={`${name}-m`} path={`doctrine.shots.${name}.max_shots`} label={T.change.maxShots(wordFor(CLASS_WORDS, name))} was={rule.max_shots} min={1} />,
          ])}
      </div>
    </details>
  )
}

function RaidFields({ open }: { open: Run }) {
  const chosen = open.salvos.find((one) => one.id === salvo.value)
  return (
    <details>
      <summary>{T.change.raid}</summary>
      <div class="fields">
        <label>
          {T.change.salvo}
          <select value={salvo.value} onChange={(event) => (salvo.value = event.currentTarget.value)}>
            <option value="">–</option>
            {open.salvos.map((one) => (
              <option key={one.id} value={one.id}>
                {one.id}
              </option>
            ))}
          </select>
        </label>
        {chosen && <NumberField path={`raids.${chosen.id}.count`} label={T.change.count} was={chosen.count} />}
      </div>
    </details>
  )
}

async function follow(started: Job): Promise<void> {
  job.value = started
  while (isRunning.value) {
    await new Promise((done) => setTimeout(done, POLL_MS))
    job.value = await api.job(started.id)
  }
  const { state, run: made, error, comparison: found } = job.value
  if (state === 'failed') complain(new Error(error ?? state))
  if (state === 'done' && made) {
    await refreshRuns()
    await compareWith(made, found ?? undefined)
    requestAnimationFrame(() => document.getElementById('result')?.scrollIntoView({ behavior: 'smooth', block: 'start' }))
  }
}

function start(open: Run): void {
  comparison.value = null
  played.value = JSON.stringify(changes.value)
  api
    .startJob(open.run, changes.value, Math.min(replications.value, open.replications))
    .then(follow)
    .catch(complain)
}

function save(open: Run): void {
  api
    .diff(open.run, changes.value)
    .then((files) => download(T.files.diff(open.run), files.map((file) => file.diff).join('\n'), 'text/x-diff'))
    .catch(complain)
}

const written = (value: unknown): string => (Array.isArray(value) ? value.join(', ') : String(value))

function List({ open }: { open: Run }) {
  const now = changes.value
  return (
    <>
      <h3>{T.change.list}</h3>
      {now.length === 0 ? (
        <p class="muted">{T.change.nothing}</p>
      ) : (
        <ul class="changes" id="changes">
          {now.map(({ path, value }) => (
            <li key={path}>
              <span>
                {path}
                <small>{written(value)}</small>
              </span>
              <button class="link" onClick={() => (changes.value = now.filter((change) => change.path !== path))}>
                {T.change.undo}
              </button>
            </li>
          ))}
        </ul>
      )}
      <div class="actions">
        <label class="short">
          {T.change.replications}
          <input type="number" min="1" max={open.replications} value={replications.value} onChange={(event) => (replications.value = Math.max(1, Math.round(Number(event.currentTarget.value)) || 1))} />
        </label>
        <button class="primary" id="play-again" disabled={now.length === 0 || isRunning.value} onClick={() => start(open)}>
          {T.change.run}
        </button>
        <button class="plain" id="save-diff" disabled={now.length === 0} onClick={() => save(open)}>
          {T.change.save}
        </button>
      </div>
    </>
  )
}

function Progress() {
  const now = job.value
  if (!now) return null
  if (now.state === 'cancelled') return <p class="muted">{T.change.cancelled}</p>
  if (!isRunning.value) return null
  return (
    <div class="job" aria-live="polite">
      <p>{now.state === 'queued' ? T.change.queued : T.change.running(now.done, now.of)}</p>
      <div class="progress" role="progressbar" aria-valuemin={0} aria-valuemax={now.of} aria-valuenow={now.done}>
        <span style={{ width: `${(100 * now.done) / Math.max(now.of, 1)}%` }} />
      </div>
      <button class="plain" id="cancel-job" onClick={() => void api.cancelJob(now.id).then((ended) => (job.value = ended)).catch(complain)}>
        {T.change.cancel}
      </button>
    </div>
  )
}

export function ChangePanel() {
  const open = run.value
  useEffect(() => {
    changes.value = []
    entry.value = ''
    job.value = null
    replications.value = Math.min(500, open?.replications ?? 500)
  }, [open?.run])
  useEffect(
    () =>
      picked.subscribe((choice) => {
        if (choice?.kind === 'unit' && run.value?.units[choice.index]) entry.value = run.value.units[choice.index].entry
      }),
    [],
  )
  if (!open) return null
  if (!open.editable)
    return (
      <div class="panel-body">
        <h2>{T.change.title}</h2>
        <p class="muted">{T.change.notHere}</p>
      </div>
    )
  const isFresh = job.value?.state === 'done' && comparison.value && played.value === JSON.stringify(changes.value)
  return (
    <div class="panel-body">
      <h2>{T.change.title}</h2>
      <p class="muted">{T.change.intro}</p>
      <Battery open={open} />
      <DoctrineFields open={open} />
      <RaidFields open={open} />
      <List open={open} />
      <Progress />
      {isFresh && (
        <>
          <hr id="result" />
          <ComparisonView found={comparison.value!} />
          <div class="actions">
            <BesideButton />
          </div>
        </>
      )}
    </div>
  )
}
