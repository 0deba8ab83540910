// The raid as tables that are also filters, and what is drawn on the map.
import { isFiltering, noFilter, type Filter } from '../data/filter'
import { countsAt } from '../data/counts'
import { countUpTo, kindsOf, outcomeOf, threatId } from '../data/replay'
import type { Laydown } from '../data/types'
import { PALETTES, css, typeColours } from '../colours'
import type { Shown } from '../map/scene'
import { shownTime } from '../play/clock'
import { filter, laydown, ledger, options, picked, replay, run, shown, theme } from '../store'
import { CAUSE_WORDS, OUTCOME_WORDS, SIDE_WORDS, T, count, metres, wordFor } from '../text'
import { clock } from '../words'
import { Mark } from './Mark'
import { Head, TypeHead } from './TypeHead'

const toggled = <Item,>(set: Set<Item>, item: Item): Set<Item> => {
  const next = new Set(set)
  if (!next.delete(item)) next.add(item)
  return next
}
const change = (part: Partial<Filter>): void => void (filter.value = { ...filter.value, ...part })
const show = (part: Partial<Shown>): void => void (options.value = { ...options.value, ...part })

function TypeTable({ raid }: { raid: Laydown }) {
  const counts = ledger.value!.byType.map((times) => countsAt(times, shownTime.value))
  const colours = typeColours(raid.types, theme.value)
  const present = raid.types.map((_, type) => ledger.value!.byType[type].launched.length)
  const order = raid.types.map((_, type) => type).filter((type) => present[type] > 0).sort((a, b) => present[b] - present[a])
  return (
    <table class="figures types">
      <TypeHead />
      <tbody>
        {order.map((type) => (
          <tr key={type} class={filter.value.types.size && !filter.value.types.has(type) ? 'dimmed' : ''}>
            <th scope="row">
              <button class="row-button" data-type={raid.types[type].id} aria-pressed={filter.value.types.has(type)} onClick={() => change({ types: toggled(filter.value.types, type) })}>
                <Mark kind={raid.types[type].class} colour={css(colours[type])} />
                {raid.types[type].name}
              </button>
            </th>
            <td>
              {count(counts[type].launched)}
              <small>/{count(present[type])}</small>
            </td>
            <td>{count(counts[type].shot_down)}</td>
            <td>{count(counts[type].suppressed)}</td>
            <td class={counts[type].through ? 'bad' : ''}>{count(counts[type].through)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}

function Chips({ raid }: { raid: Laydown }) {
  const outcome = PALETTES[theme.value].outcome
  const raidNow = replay.value!
  const causes = [...new Set(raidNow.threats.cause)].filter((cause) => raid.causes[cause] !== 'none').sort()
  return (
    <>
      <h3>{T.filter.fate}</h3>
      <div class="chips">
        {(['shot_down', 'suppressed', 'through'] as const).map((name) => (
          <button key={name} class="chip" data-outcome={name} aria-pressed={filter.value.outcomes.has(name)} onClick={() => change({ outcomes: toggled(filter.value.outcomes, name) })}>
            <Mark kind={name} colour={outcome[name]} />
            {OUTCOME_WORDS[name]}
          </button>
        ))}
      </div>
      {causes.length > 0 && (
        <>
          <h3>{T.filter.cause}</h3>
          <div class="chips">
            {causes.map((cause) => (
              <button key={cause} class="chip" data-cause={raid.causes[cause]} aria-pressed={filter.value.causes.has(cause)} onClick={() => change({ causes: toggled(filter.value.causes, cause) })}>
                {wordFor(CAUSE_WORDS, raid.causes[cause])}
                <small>{count(raidNow.threats.cause.reduce((sum, one) => sum + (one === cause ? 1 : 0), 0))}</small>
              </button>
            ))}
          </div>
        </>
      )}
      {isFiltering(filter.value) && (
        <p class="filter-state">
          {T.filter.shown(shown.value.slice(0, raidNow.threats.raid).reduce((a, b) => a + b, 0), raidNow.threats.raid)}
          {filter.value.unit !== null && ` · ${T.filter.unit(raid.units[filter.value.unit].id)}`}
          <button class="link" id="clear-filter" onClick={() => (filter.value = noFilter())}>
            {T.filter.clear}
          </button>
        </p>
      )}
    </>
  )
}

/** Friendly and civil aircraft by entry, and which of them were shot down so far, by whom and why. */
function Flights({ raid }: { raid: Laydown }) {
  const entries = raid.flights ?? []
  if (!entries.length) return null
  const raidNow = replay.value!
  const { threats, flights } = raidNow
  const colours = typeColours(kindsOf(raid), theme.value)
  const down = [...Array(threats.count - threats.raid).keys()]
    .filter((f) => outcomeOf(raidNow, threats.raid + f) === 'mistake' && threats.end[threats.raid + f] <= shownTime.value)
    .sort((a, b) => threats.end[threats.raid + a] - threats.end[threats.raid + b])
  return (
    <>
      <h3>{T.flights.title}</h3>
      <table class="figures flights">
        <Head words={[T.across.type, T.flights.side, T.flights.flew, T.flights.down]} />
        <tbody>
          {entries.map((entry, e) => (
            <tr key={entry.id} data-flight-entry={entry.id}>
              <th scope="row">
                <Mark kind={entry.side} colour={css(colours[raid.types.length + e])} />
                {entry.name} <small class="muted">{entry.id}</small>
              </th>
              <td>{SIDE_WORDS[entry.side]}</td>
              <td>{count(entry.count)}</td>
              <td class={countUpTo(ledger.value!.mistakesByEntry[e], shownTime.value) ? 'bad' : ''}>{count(countUpTo(ledger.value!.mistakesByEntry[e], shownTime.value))}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {down.length === 0 ? (
        <p class="muted">{T.flights.none}</p>
      ) : (
        <ul class="mistakes">
          {down.map((f) => {
            const index = threats.raid + f
            return (
              <li key={f}>
                <button class="row-button" data-mistake={threatId(raidNow, index)} onClick={() => (picked.value = { kind: 'threat', index })}>
                  <Mark kind="mistake" colour={PALETTES[theme.value].outcome.mistake} />
                  <span>
                    {clock(raid, threats.end[index])} <b>{threatId(raidNow, index)}</b> {T.flights.by(raid.units[raid.weapons[flights.weapon[f]].unit].id, wordFor({}, raid.mistakes![flights.why[f]]))}
                  </span>
                </button>
              </li>
            )
          })}
        </ul>
      )}
    </>
  )
}

const LAYERS = ['units', 'sensors', 'zones', 'airspace', 'flights', 'trails', 'shots', 'ends', 'names'] as const

function MapChoices({ raid }: { raid: Laydown }) {
  const chosen = options.value
  return (
    <>
      <h3>{T.map.layers}</h3>
      <div class="chips">
        {LAYERS.filter((name) => name !== 'flights' || raid.flights?.length).map((name) => (
          <button key={name} class="chip" data-layer={name} aria-pressed={chosen[name]} onClick={() => show({ [name]: !chosen[name] })}>
            {T.map[name]}
          </button>
        ))}
      </div>
      <h3>{T.map.coverage}</h3>
      <div class="segmented" role="group" aria-label={T.map.coverage}>
        {(['none', 'radar', 'reach'] as const).map((kind) => (
          <button key={kind} data-coverage={kind} aria-pressed={chosen.coverage === kind} onClick={() => show({ coverage: kind })}>
            {T.map[kind]}
          </button>
        ))}
      </div>
      <CoveragePair raid={raid} />
    </>
  )
}

/** At which height, against what: for coverage, rings and footprints. */
export function CoveragePair({ raid }: { raid: Laydown }) {
  const chosen = options.value
  return (
      <div class="pair">
        <label>
          {T.map.height}
          <select id="coverage-height" value={String(chosen.height)} onChange={(event) => show({ height: Number(event.currentTarget.value) })}>
            {raid.coverage.heights_m.map((height, k) => (
              <option key={height} value={String(k)}>
                {metres(height)}
              </option>
            ))}
          </select>
        </label>
        <label>
          {T.map.against}
          <select id="coverage-against" value={String(chosen.against)} onChange={(event) => show({ against: Number(event.currentTarget.value) })}>
            {raid.types.map((type, k) => (
              <option key={type.id} value={String(k)}>
                {type.name}
              </option>
            ))}
          </select>
        </label>
      </div>
  )
}

export function ReplayPanel() {
  const raid = laydown.value
  if (!raid || !replay.value || !ledger.value) return null
  return (
    <div class="panel-body">
      <h2>{T.filter.title}</h2>
      <TypeTable raid={raid} />
      <Chips raid={raid} />
      <Flights raid={raid} />
      <hr />
      <MapChoices raid={raid} />
      <hr />
      <p class="muted">
        {run.value?.notes?.join(' ') || T.notional} {T.notModelled}
      </p>
    </div>
  )
}
