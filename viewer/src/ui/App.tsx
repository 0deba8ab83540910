import { useComputed, useSignalEffect } from '@preact/signals'
import { useEffect } from 'preact/hooks'
import { faster, pause, seek, span, toggle } from '../play/clock'
import { beside, fatal, ledger, ledgerBeside, notice, oneMap, picked, pickNeighbour, replay, session, shown, shownBeside, tab } from '../store'
import { T } from '../text'
import { AcrossPanel } from './AcrossPanel'
import { ChangePanel } from './ChangePanel'
import { ComparePanel } from './ComparePanel'
import { Counter } from './Counter'
import { ExercisePanel } from './ExercisePanel'
import { Header, shownTabs } from './Header'
import { Help, helpOpen } from './Help'
import { Icon } from './Icon'
import { Inspector } from './Inspector'
import { MapPane, scenes } from './MapPane'
import { ReplayPanel } from './ReplayPanel'
import { Timeline, nudge, step, toLeak } from './Timeline'

const PANELS = { replay: ReplayPanel, across: AcrossPanel, compare: ComparePanel, change: ChangePanel, exercise: ExercisePanel }

const isTyping = (target: EventTarget | null): boolean => target instanceof HTMLElement && /^(INPUT|SELECT|TEXTAREA)$/.test(target.tagName)

function onKey(event: KeyboardEvent): void {
  if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target) || document.querySelector('dialog[open]')) return
  const onMap = event.target instanceof HTMLElement && event.target.classList.contains('maplibregl-canvas')
  const onButton = event.target instanceof HTMLButtonElement
  const [from, to] = span()
  const minute = event.shiftKey ? 600 : 60
  const actions: Record<string, () => void> = {
    '.': () => step(true),
    ',': () => step(false),
    Home: () => seek(from),
    End: () => {
      pause()
      seek(to)
    },
    '[': () => pickNeighbour(-1),
    ']': () => pickNeighbour(1),
    l: toLeak,
    f: () => scenes[0]?.fit(),
    Escape: () => (picked.value = null),
    '?': () => (helpOpen.value = true),
    ...(onMap ? {} : { ArrowLeft: () => nudge(-minute), ArrowRight: () => nudge(minute), '+': () => faster(1), '-': () => faster(-1) }),
    ...(onButton ? {} : { ' ': toggle }),
  }
  shownTabs().forEach((name, k) => (actions[String(k + 1)] = () => (tab.value = name)))
  const act = actions[event.key]
  if (!act || (session.value && !session.value.over && /^(Home|End|Arrow)/.test(event.key))) return
  event.preventDefault()
  act()
}

export function App() {
  const second = useComputed(() => beside.value?.replay ?? null)
  useEffect(() => {
    document.addEventListener('keydown', onKey)
    return () => document.removeEventListener('keydown', onKey)
  }, [])
  useSignalEffect(() => {
    if (picked.value && tab.peek() === 'across') tab.value = 'replay'
  })
  if (fatal.value)
    return (
      <main class="fatal">
        <h1>{fatal.value.title}</h1>
        <p>{fatal.value.detail}</p>
      </main>
    )
  if (!replay.value)
    return (
      <main class="fatal" aria-busy="true">
        <p class="loading">{T.loading}</p>
      </main>
    )
  const Panel = PANELS[tab.value]
  const showInspector = picked.value && tab.value !== 'change' && tab.value !== 'exercise'
  const labels = beside.value?.labels
  return (
    <>
      <Header />
      <main class={beside.value ? 'stage two' : 'stage'}>
        <div class="pane">
          <MapPane place={0} raid={replay} kept={shown} label={T.map.label} />
          {ledger.value && <Counter ledger={ledger.value} label={labels?.[0]} reported={!labels && !session.value} />}
        </div>
        {beside.value && (
          <div class="pane">
            <MapPane place={1} raid={second} kept={shownBeside} label={T.map.second} />
            {ledgerBeside.value && <Counter ledger={ledgerBeside.value} label={labels?.[1]} reported={false} />}
            <button class="tool close-pane" aria-label={T.compare.stop} title={T.compare.stop} onClick={oneMap}>
              <Icon name="close" />
            </button>
          </div>
        )}
      </main>
      <Timeline />
      <section class="panel" id="panel" role="tabpanel" aria-labelledby={`tab-${tab.value}`} tabIndex={0}>
        {showInspector ? <Inspector /> : <Panel />}
      </section>
      {notice.value && (
        <div class="notice" role="alert">
          <p>{notice.value}</p>
          <button class="tool" aria-label={T.help.close} onClick={() => (notice.value = null)}>
            <Icon name="close" />
          </button>
        </div>
      )}
      <Help />
    </>
  )
}
