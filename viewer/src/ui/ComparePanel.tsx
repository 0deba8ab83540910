import { useEffect } from 'preact/hooks'
import { beside, busy, compareWith, comparedRun, comparison, complain, oneMap, run, runs, showBeside } from '../store'
import { T } from '../text'
import { ComparisonView } from './Comparison'
import { refreshRuns } from './Header'

export function BesideButton() {
  return beside.value ? (
    <button class="plain" id="one-map" onClick={oneMap}>
      {T.compare.stop}
    </button>
  ) : (
    <button class="primary" id="show-beside" disabled={busy.value} onClick={() => void showBeside()}>
      {T.compare.show}
    </button>
  )
}

export function ComparePanel() {
  const open = run.value
  useEffect(() => void refreshRuns().catch(complain), [])
  if (!open) return null
  const fitting = runs.value.filter((entry) => entry.seed === open.seed && entry.run !== open.run && entry.scenario === open.scenario)
  return (
    <div class="panel-body">
      <h2>{T.compare.title}</h2>
      {fitting.length ? (
        <label>
          {T.compare.with}
          <select id="compare-with" value={comparedRun.value?.run ?? ''} disabled={busy.value} onChange={(event) => event.currentTarget.value && void compareWith(event.currentTarget.value)}>
            <option value="">{T.compare.pick}</option>
            {fitting.map((entry) => (
              <option key={entry.run} value={entry.run}>
                {entry.run}
              </option>
            ))}
          </select>
        </label>
      ) : (
        <p class="muted">{T.compare.none}</p>
      )}
      {comparison.value && (
        <>
          <div class="actions">
            <BesideButton />
          </div>
          <ComparisonView found={comparison.value} />
          <Overrides />
        </>
      )}
    </div>
  )
}

function Overrides() {
  const changed = Object.entries(comparedRun.value?.overrides ?? {})
  if (!changed.length) return null
  return (
    <>
      <h3>{T.change.list}</h3>
      <ul class="changes">
        {changed.map(([path, value]) => (
          <li key={path}>
            <span>
              {path}
              <small>{String(value)}</small>
            </span>
          </li>
        ))}
      </ul>
    </>
  )
}
