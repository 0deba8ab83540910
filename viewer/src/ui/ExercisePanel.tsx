// The person's orders while the raid unfolds, and afterwards the review beside the automatic doctrine.
import { useSignal } from '@preact/signals'
import type { ControlStatus, ExerciseSession, Order, Review } from '../data/types'
import { asking, begin, end, order, replayBoth, toTheEnd, waiting } from '../exercise'
import { beside, oneMap, review, run, session } from '../store'
import { CLASS_WORDS, STATUS_WORDS, T, count, figure, money, wordFor } from '../text'
import { clock } from '../words'

const STATUSES: ControlStatus[] = ['free', 'tight', 'hold']

function orderWords({ kind, class: name, status, effector, base }: Order): string {
  const nameOf = run.value?.effectors.find(({ id }) => id === effector)?.name ?? effector ?? ''
  if (kind === 'control') return T.exercise.order.control(wordFor(CLASS_WORDS, name ?? ''), wordFor(STATUS_WORDS, status ?? ''))
  if (kind === 'release') return T.exercise.order.release(nameOf)
  if (kind === 'keep') return T.exercise.order.keep(nameOf)
  return kind === 'commit' ? T.exercise.order.commit(base ?? '') : T.exercise.order.stand_down(base ?? '')
}

function Controls({ open }: { open: ExerciseSession }) {
  const present = new Set(run.value?.types.map((type) => type.class))
  const pending = new Map(waiting.value.filter((given) => given.kind === 'control').map((given) => [given.class, given.status]))
  return (
    <>
      <h3>{T.exercise.control}</h3>
      {Object.entries(open.controls)
        .filter(([name]) => present.has(name))
        .map(([name, status]) => (
          <div class="control-row" key={name}>
            <span>{wordFor(CLASS_WORDS, name)}</span>
            <div class="segmented" role="group" aria-label={wordFor(CLASS_WORDS, name)}>
              {STATUSES.map((value) => (
                <button
                  key={value}
                  data-control={`${name}-${value}`}
                  aria-pressed={(pending.get(name) ?? status) === value}
                  disabled={open.over}
                  onClick={() => order({ kind: 'control', class: name, status: value })}
                >
                  {STATUS_WORDS[value]}
                </button>
              ))}
            </div>
          </div>
        ))}
      <p class="muted">{T.exercise.controlNote}</p>
    </>
  )
}

function Reserves({ open }: { open: ExerciseSession }) {
  if (!open.reserves.length) return null
  const nameOf = (effector: string): string => run.value?.effectors.find(({ id }) => id === effector)?.name ?? effector
  return (
    <>
      <h3>{T.exercise.reserves}</h3>
      <ul class="changes">
        {open.reserves.map(({ effector, keep, classes, released }) => (
          <li key={effector}>
            <span>
              {nameOf(effector)}
              <small>{released ? T.exercise.released : T.exercise.kept(keep, classes.map((name) => wordFor(CLASS_WORDS, name)).join(', '))}</small>
            </span>
            <button class="plain" data-reserve={effector} disabled={open.over} onClick={() => order({ kind: released ? 'keep' : 'release', effector })}>
              {released ? T.exercise.keep : T.exercise.release}
            </button>
          </li>
        ))}
      </ul>
    </>
  )
}

function Fighters({ open }: { open: ExerciseSession }) {
  const bases = open.bases ?? []
  return (
    <>
      <h3>{T.exercise.fighters}</h3>
      {bases.length === 0 ? (
        <p class="muted">{T.exercise.noFighters}</p>
      ) : (
        <ul class="changes">
          {bases.map(({ id, name, ready, up, lost }) => (
            <li key={id}>
              <span>
                {name}
                <small>{T.exercise.bases(ready, up, lost)}</small>
              </span>
              <button class="plain" data-base={id} disabled={open.over || ready === 0} onClick={() => order({ kind: 'commit', base: id })}>
                {T.exercise.commit}
              </button>
              <button class="plain" data-stand-down={id} disabled={open.over} onClick={() => order({ kind: 'stand_down', base: id })}>
                {T.exercise.standDown}
              </button>
            </li>
          ))}
        </ul>
      )}
    </>
  )
}

function Log({ log }: { log: ExerciseSession['log'] }) {
  const scenario = run.value!
  return (
    <>
      <h3>{T.exercise.log}</h3>
      {log.length + waiting.value.length === 0 && <p class="muted">{T.exercise.noOrders}</p>}
      <ol class="log" id="log">
        {log.map((entry, k) => (
          <li key={k}>
            <time>{clock(scenario, entry.t / 1000)}</time>
            {orderWords(entry.order)}
          </li>
        ))}
        {waiting.value.map((given, k) => (
          <li key={`w${k}`} class="muted">
            <time>…</time>
            {orderWords(given)}
          </li>
        ))}
      </ol>
    </>
  )
}

function AfterAction({ found }: { found: Review }) {
  const sides = [found.yours, found.automatic]
  const rows: [string, (side: Review['yours']) => string][] = [
    ['launched', (side) => count(side.counts.launched)],
    ['shot_down', (side) => count(side.counts.shot_down)],
    ['suppressed', (side) => count(side.counts.suppressed)],
    ['leaked', (side) => count(side.counts.leaked)],
    ['damage', (side) => figure(side.damage)],
    ['cost', (side) => money(side.cost_rounds_usd)],
  ]
  return (
    <section id="review">
      <h2>{T.exercise.review}</h2>
      <table class="figures">
        <thead>
          <tr>
            <th scope="col" />
            <th scope="col">{T.exercise.yours}</th>
            <th scope="col">{T.exercise.automatic}</th>
          </tr>
        </thead>
        <tbody>
          {rows.map(([key, text]) => (
            <tr key={key} class={key === 'leaked' ? 'key' : ''}>
              <th scope="row">{T.exercise.rows[key]}</th>
              {sides.map((side, k) => (
                <td key={k}>{text(side)}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  )
}

function Begin() {
  const open = run.value!
  const number = useSignal(Math.floor(Math.random() * open.replications))
  return (
    <>
      <p>{T.exercise.intro}</p>
      <div class="actions">
        <button class="primary" id="begin-exercise" disabled={asking.value} onClick={() => void begin(number.value)}>
          {asking.value ? T.exercise.catching : T.exercise.start}
        </button>
        <label class="inline">
          {T.exercise.begin}
          <input
            class="narrow"
            type="number"
            min="0"
            max={open.replications - 1}
            value={number.value}
            onChange={(event) => (number.value = Math.max(0, Math.min(open.replications - 1, Math.round(Number(event.currentTarget.value)) || 0)))}
          />
        </label>
      </div>
    </>
  )
}

export function ExercisePanel() {
  const [open, found] = [session.value, review.value]
  if (!run.value) return null
  return (
    <div class="panel-body">
      {!found && <h2>{T.exercise.title}</h2>}
      {!open && (run.value.editable ? <Begin /> : <p class="muted">{T.change.notHere}</p>)}
      {found && <AfterAction found={found} />}
      {found && (
        <div class="actions">
          {beside.value ? (
            <button class="plain" onClick={oneMap}>
              {T.compare.stop}
            </button>
          ) : (
            <button class="primary" id="replay-both" onClick={replayBoth}>
              {T.exercise.seeBoth}
            </button>
          )}
          <button class="plain" id="end-exercise" onClick={() => void end()}>
            {T.exercise.again}
          </button>
        </div>
      )}
      {open && !found && (
        <>
          <p class="muted" aria-live="polite">
            {clock(run.value, open.now / 1000)} {asking.value && `· ${T.exercise.catching}`}
          </p>
          <Controls open={open} />
          <Reserves open={open} />
          <Fighters open={open} />
        </>
      )}
      {open && <Log log={open.log} />}
      {open && !found && (
        <div class="actions">
          <button class="plain" id="to-the-end" onClick={() => void toTheEnd()}>
            {T.exercise.toTheEnd}
          </button>
          <button class="plain" id="end-exercise" onClick={() => void end()}>
            {T.exercise.stop}
          </button>
        </div>
      )}
    </div>
  )
}
