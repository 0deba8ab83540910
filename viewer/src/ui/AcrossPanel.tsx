// What many raids say: how many get through, where, why, what runs out first, beside what was reported.
import { useSignal } from '@preact/signals'
import { useEffect } from 'preact/hooks'
import { isExported } from '../api'
import { targetPlace } from '../data/replay'
import type { Run } from '../data/types'
import { openRaid, options, replay, run } from '../store'
import { CAUSE_WORDS, SIDE_WORDS, T, count, difference, figure, interval, money, percent, small, wordFor } from '../text'
import { clockShort } from '../words'
import { Bars, Histogram, type HistogramMark } from './charts'
import { Head, TypeHead } from './TypeHead'

const PLACES = 9

export const reportedTotal = (open: Run, what: string): number | null => {
  const rows = Object.values(open.across.reported).filter((row) => row[what])
  return rows.length ? rows.reduce((sum, row) => sum + row[what].reported, 0) : null
}

function Distribution({ open }: { open: Run }) {
  const { across } = open
  const reported = reportedTotal(open, 'leaked')
  const marks: HistogramMark[] = [{ at: across.mean, label: figure(across.mean), kind: 'mean' }]
  if (reported !== null) marks.push({ at: reported, label: `${T.across.reported} ${count(reported)}`, kind: 'reported' })
  const now = replay.value?.run === open.run ? across.leaked?.[replay.value.replication] : undefined
  const choose = (value: number): void => {
    const found = across.leaked?.indexOf(value) ?? -1
    if (found >= 0) void openRaid(found)
  }
  return (
    <Histogram
      first={across.histogram.first}
      counts={across.histogram.counts}
      marks={marks}
      label={T.across.distribution}
      axis={T.across.axis}
      chosen={now}
      onChoose={across.leaked && !isExported() ? choose : undefined}
    />
  )
}

function Chosen({ open }: { open: Run }) {
  const { chosen, leaked } = open.across
  const rows: [string, number][] = [
    [T.raid.best, chosen.best],
    [T.raid.median, chosen.median],
    [T.raid.worst, chosen.worst],
  ]
  return (
    <div class="chosen" role="group" aria-label={T.across.choose}>
      {rows.map(([label, number]) => (
        <button key={label} data-raid={number} aria-pressed={replay.value?.replication === number} onClick={() => void openRaid(number)}>
          <b>{leaked ? count(leaked[number]) : '–'}</b>
          <span>{label}</span>
        </button>
      ))}
    </div>
  )
}

function Causes({ open }: { open: Run }) {
  const type = useSignal('')
  const causes = type.value ? (open.across.causes_by_type[type.value] ?? {}) : open.across.causes
  const rows = Object.entries(causes)
    .filter(([, value]) => value > 0)
    .sort((a, b) => b[1] - a[1])
    .map(([cause, value]) => ({ key: cause, label: wordFor(CAUSE_WORDS, cause), value, text: small(value) }))
  return (
    <>
      <div class="inline">
        <h3>{T.across.causes}</h3>
        <select aria-label={T.across.type} value={type.value} onChange={(event) => (type.value = event.currentTarget.value)}>
          <option value="">{T.filter.types}</option>
          {open.types.map(({ id, name }) => (
            <option key={id} value={id}>
              {name}
            </option>
          ))}
        </select>
      </div>
      {rows.length ? <Bars rows={rows} /> : <p class="muted">–</p>}
    </>
  )
}

function FirstEmpty({ open }: { open: Run }) {
  const { never, effectors } = open.across.first_empty
  const rows = effectors
    .filter(({ share }) => share >= 0.005)
    .map(({ effector, share, mean }) => ({
      key: String(effector),
      label: (
        <>
          {open.effectors[effector].name} <small class="muted">{clockShort(open, mean / 1000)}</small>
        </>
      ),
      value: share,
      text: percent(share),
    }))
  if (never > 0) rows.push({ key: 'never', label: <>{T.across.never}</>, value: never, text: percent(never) })
  return (
    <>
      <h3>{T.across.firstEmpty}</h3>
      <Bars rows={rows} tone="blue" />
    </>
  )
}

function ByType({ open }: { open: Run }) {
  return (
    <>
      <h3>{T.across.byType}</h3>
      <table class="figures">
        <TypeHead />
        <tbody>
          {[...open.types].sort((a, b) => (open.across.types[b.id]?.launched ?? 0) - (open.across.types[a.id]?.launched ?? 0)).map(({ id, name }) => {
            const row = open.across.types[id]
            const reported = open.across.reported[id]
            if (!row) return null
            return [
              <tr key={id}>
                <th scope="row">{name}</th>
                <td>{figure(row.launched)}</td>
                <td>{small(row.shot_down)}</td>
                <td>{small(row.suppressed + row.failed)}</td>
                <td>
                  {small(row.leaked)}
                  <br />
                  <small>{interval(...row.leaked_ci90)}</small>
                </td>
              </tr>,
              reported && (
                <tr key={`${id}-reported`} class="reported-row">
                  <th scope="row">
                    <small>{T.across.reported}</small>
                  </th>
                  {['launched', 'shot_down', 'suppressed', 'leaked'].map((what) => (
                    <td key={what}>
                      <small>
                        {reported[what] ? count(reported[what].reported) : '–'}
                        {reported[what] && what !== 'launched' ? ` (${difference(reported[what].residual)})` : ''}
                      </small>
                    </td>
                  ))}
                </tr>
              ),
            ]
          })}
        </tbody>
      </table>
    </>
  )
}

/** People and services, where the scenario speaks of them. */
function Behind({ open }: { open: Run }) {
  const { casualties = {}, service_lost: services = {} } = open.across
  const rows: [string, number, [number, number]][] = []
  if (casualties.mean !== undefined && casualties.ci90) rows.push([T.across.casualties, casualties.mean, casualties.ci90])
  if (casualties.without_warning) rows.push([T.across.unwarned, casualties.without_warning.mean, casualties.without_warning.ci90])
  for (const [name, { unit, mean, ci90 }] of Object.entries(services)) rows.push([`${name}, ${unit}`, mean, ci90])
  if (!rows.length) return null
  return (
    <>
      <h3>{T.across.behind}</h3>
      <table class="figures">
        <tbody>
          {rows.map(([label, mean, ci90]) => (
            <tr key={label}>
              <th scope="row">{label}</th>
              <td>{figure(mean)}</td>
              <td>
                <small>{interval(...ci90)}</small>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </>
  )
}

function Cost({ open }: { open: Run }) {
  const { cost, rounds } = open.across
  const fired = rounds.filter((row) => row.fired > 0.05).sort((a, b) => b.fired - a.fired)
  return (
    <>
      <h3>{T.across.cost}</h3>
      <dl class="facts">
        <div>
          <dt>{T.across.costDefence}</dt>
          <dd>{money(cost.defence)}</dd>
        </div>
        <div>
          <dt>{T.across.costRaid}</dt>
          <dd>{money(cost.raid)}</dd>
        </div>
      </dl>
      <details>
        <summary>{T.across.rounds}</summary>
        <table class="figures">
          <thead>
            <tr>
              <th scope="col" />
              <th scope="col">{T.across.fired}</th>
              <th scope="col">{T.across.left}</th>
            </tr>
          </thead>
          <tbody>
            {fired.map((row) => (
              <tr key={row.effector}>
                <th scope="row">{open.effectors[row.effector].name}</th>
                <td>{figure(row.fired)}</td>
                <td>{figure(row.left)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </details>
    </>
  )
}

/** Friendly and civil aircraft that were shot down, and salvos fired twice. */
function Mistakes({ open }: { open: Run }) {
  const { traffic, duplicate_engagements: duplicates } = open.across
  if (!traffic && !duplicates) return null
  return (
    <>
      <h3>{T.flights.title}</h3>
      {traffic && (
        <table class="figures" id="traffic">
          <Head words={[T.across.type, T.flights.flew, T.flights.down, T.flights.why]} />
          <tbody>
            {Object.entries(traffic).map(([id, row]) => (
              <tr key={id}>
                <th scope="row">
                  {row.name} <small>{SIDE_WORDS[row.side]}</small>
                </th>
                <td>{count(row.flights)}</td>
                <td class={row.shot_down ? 'bad' : ''}>
                  {small(row.shot_down)}
                  <br />
                  <small>{interval(...row.shot_down_ci90)}</small>
                </td>
                <td>
                  {Object.entries(row.mistaken).filter(([, mean]) => mean > 0).map(([why, mean]) => (
                    <div key={why}>
                      {wordFor({}, why)} {small(mean)}
                    </div>
                  ))}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {duplicates && <p class="muted">{T.flights.duplicates(duplicates.mean)}</p>}
    </>
  )
}

export function AcrossPanel() {
  const open = run.value
  useEffect(() => {
    options.value = { ...options.peek(), heat: true }
    return () => void (options.value = { ...options.peek(), heat: false })
  }, [])
  if (!open) return null
  const { across } = open
  const places = [...across.places].sort((a, b) => b.leaked - a.leaked).filter((row) => row.leaked > 0).slice(0, PLACES)
  return (
    <div class="panel-body">
      <h2>{T.across.title(open.replications)}</h2>
      <p class="lead">{T.across.mean(across.mean, ...across.ci90)}</p>
      <Distribution open={open} />
      <Chosen open={open} />
      <hr />
      <Causes open={open} />
      <FirstEmpty open={open} />
      <hr />
      <div class="inline">
        <h3>
          {T.across.places}, {T.across.perRaid}
        </h3>
        <button class="chip" id="heat" aria-pressed={options.value.heat} onClick={() => (options.value = { ...options.value, heat: !options.value.heat })}>
          {T.across.heat}
        </button>
      </div>
      <Bars rows={places.map((row) => ({ key: String(row.target), label: targetPlace(open, row.target)?.name ?? '–', value: row.leaked, text: small(row.leaked) }))} />
      <hr />
      <ByType open={open} />
      <Mistakes open={open} />
      <Behind open={open} />
      <Cost open={open} />
      <p class="muted">{T.across.chance}</p>
    </div>
  )
}
