import { api, isExported } from '../api'
import { exportPage } from '../exporter'
import { busy, beside, complain, openRaid, openRun, replay, run, runs, setTheme, tab, theme, type Tab } from '../store'
import { T } from '../text'
import { useSignal } from '@preact/signals'
import { Icon } from './Icon'
import { helpOpen } from './Help'

const TABS: Tab[] = ['replay', 'across', 'compare', 'change', 'exercise']
export const shownTabs = (): Tab[] => (isExported() ? ['replay', 'across'] : TABS)

export function Tabs() {
  return (
    <div class="tabs" role="tablist" aria-label={T.product}>
      {shownTabs().map((name) => (
        <button key={name} id={`tab-${name}`} role="tab" aria-selected={tab.value === name} aria-controls="panel" onClick={() => (tab.value = name)}>
          <Icon name={name} />
          <span>{T.tabs[name]}</span>
        </button>
      ))}
    </div>
  )
}

function RunPicker() {
  const open = run.value
  if (!open) return null
  if (runs.value.length < 2) return <h1 class="title">{open.title}</h1>
  return (
    <label class="run-picker">
      <h1 class="title">{open.title}</h1>
      <select
        aria-label={T.compare.pick}
        value={open.run}
        onChange={(event) => void openRun(event.currentTarget.value).catch(complain)}
      >
        {runs.value.map((entry) => (
          <option key={entry.run} value={entry.run}>
            {entry.run}
          </option>
        ))}
      </select>
    </label>
  )
}

/** The median, best or worst raid, or any number. */
function RaidPicker() {
  const [open, raid] = [run.value, replay.value]
  const asking = useSignal(false)
  if (!open || !raid || raid.run !== open.run) return null
  const { median, best, worst } = open.across.chosen
  const named: [string, number][] = [
    [T.raid.median, median],
    [T.raid.best, best],
    [T.raid.worst, worst],
  ]
  const known = named.find(([, number]) => number === raid.replication)
  return (
    <div class="raid-picker">
      <select
        id="raid"
        aria-label={T.raid.which}
        value={known ? String(raid.replication) : 'this'}
        disabled={busy.value}
        onChange={(event) => {
          const { value } = event.currentTarget
          if (value === 'any') asking.value = true
          else if (value !== 'this') void openRaid(Number(value))
        }}
      >
        {!known && <option value="this">{T.raid.number(raid.replication)}</option>}
        {named.map(([label, number]) => (
          <option key={label} value={String(number)}>
            {label}
          </option>
        ))}
        {!isExported() && <option value="any">{T.raid.any}</option>}
      </select>
      {asking.value && (
        <form
          class="inline"
          onSubmit={(event) => {
            event.preventDefault()
            const field = event.currentTarget.elements.namedItem('number') as HTMLInputElement
            asking.value = false
            void openRaid(Math.max(0, Math.min(open.replications - 1, Math.round(Number(field.value)))))
          }}
        >
          <input name="number" type="number" min="0" max={open.replications - 1} aria-label={T.raid.any} autofocus value={raid.replication} />
          <span class="muted">{T.raid.of(open.replications)}</span>
          <button class="plain">{T.raid.go}</button>
        </form>
      )}
    </div>
  )
}

export function Header() {
  const dark = theme.value === 'dark'
  const saving = useSignal(false)
  return (
    <header class="top">
      <div class="brand" title={T.notional}>
        <svg viewBox="0 0 32 32" width="26" height="26" aria-hidden="true">
          <path class="brand-shield" d="M16 2 28 6v9c0 8-5 12.500-12 15C9 27.500 4 23 4 15V6z" />
          <path class="brand-wall" d="M9 11.500h14v3H9zM9 17h14v3H9z" />
        </svg>
        <span class="brand-name">{T.product}</span>
      </div>
      <RunPicker />
      <RaidPicker />
      <div class="spacer" />
      <Tabs />
      <div class="tools">
        {run.value && !isExported() && !beside.value && (
          <button
            class="tool"
            id="export"
            title={T.export.whole}
            aria-label={T.export.one}
            disabled={saving.value}
            onClick={() => {
              saving.value = true
              exportPage()
                .catch(complain)
                .finally(() => (saving.value = false))
            }}
          >
            <Icon name="save" />
          </button>
        )}
        <button
          class="tool"
          id="theme"
          title={dark ? T.theme.toLight : T.theme.toDark}
          aria-label={dark ? T.theme.toLight : T.theme.toDark}
          onClick={() => setTheme(dark ? 'light' : 'dark')}
        >
          <Icon name={dark ? 'sun' : 'moon'} />
        </button>
        <button class="tool" id="help" title={T.help.open} aria-label={T.help.open} onClick={() => (helpOpen.value = true)}>
          <Icon name="help" />
        </button>
      </div>
    </header>
  )
}

export const refreshRuns = async (): Promise<void> => {
  runs.value = await api.runs()
}
