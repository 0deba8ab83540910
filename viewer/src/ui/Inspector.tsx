// What was clicked: a threat and its ten stops, a fire unit and its rounds, a sensor, an asset.
import { useComputed, useSignal, useSignalEffect } from '@preact/signals'
import { api } from '../api'
import { sensorCode, symbolUrl, unitCode } from '../map/symbols'
import { PALETTES, css, typeColours } from '../colours'
import { isFlight, outcomeOf, targetPlace, threatId, type Replay } from '../data/replay'
import type { Laydown, Stop } from '../data/types'
import { pause, seek, shownTime } from '../play/clock'
import { complain, filter, laydown, options, picked, replay, run, theme } from '../store'
import { CAUSE_WORDS, FATE_WORDS, OUTCOME_WORDS, SIDE_WORDS, T, count, metres, small, wordFor } from '../text'
import { clock } from '../words'
import { footprint } from './footprint'
import { Icon } from './Icon'
import { MagazineChart } from './MagazineChart'
import { Mark } from './Mark'
import { CoveragePair } from './ReplayPanel'

function Head({ symbol, title, kind }: { symbol?: preact.ComponentChildren; title: string; kind: string }) {
  return (
    <div class="inspector-head">
      {symbol}
      <div>
        <p class="eyebrow">{kind}</p>
        <h2>{title}</h2>
      </div>
      <button class="tool" id="close-inspector" aria-label={T.threat.close} onClick={() => (picked.value = null)}>
        <Icon name="close" />
      </button>
    </div>
  )
}

const SAME_PLACE_DEG = 0.015

/** Everything that stands within a mile: on the map one symbol hides the other. */
function SamePlace({ raid, at }: { raid: Laydown; at: { lon: number; lat: number } }) {
  const now = picked.value
  const near = (kind: 'unit' | 'sensor' | 'asset', list: { id: string; lon: number; lat: number; unit?: number }[]) =>
    list.flatMap((one, index) =>
      Math.hypot(one.lat - at.lat, (one.lon - at.lon) * Math.cos((at.lat * Math.PI) / 180)) < SAME_PLACE_DEG && !(kind === 'sensor' && one.unit! >= 0) ? [{ kind, index, id: one.id }] : [],
    )
  const found = [...near('asset', raid.assets), ...near('unit', raid.units), ...near('sensor', raid.sensors)]
  if (found.length < 2) return null
  return (
    <>
      <h3>{T.unit.here}</h3>
      <div class="chips">
        {found.map(({ kind, index, id }) => (
          <button key={`${kind}${id}`} class="chip" data-here={id} aria-pressed={now?.kind === kind && now.index === index} onClick={() => (picked.value = { kind, index })}>
            {id}
          </button>
        ))}
      </div>
    </>
  )
}

function ThreatView({ raid, index }: { raid: Replay; index: number }) {
  const { threats, laydown: scenario } = raid
  const id = threatId(raid, index)
  const type = raid.kinds[threats.type[index]]
  const flight = isFlight(raid, index) ? scenario.flights![threats.salvo[index]] : null
  const known = useSignal<Stop[] | null>(null)
  const over = shownTime.value >= threats.end[index]
  const outcome = over ? outcomeOf(raid, index) : 'flying'
  const wanted = useComputed(() => {
    const [shown, choice] = [replay.value, picked.value]
    return shown && choice?.kind === 'threat' ? { run: shown.run, replication: shown.replication, id: threatId(shown, choice.index) } : null
  })
  useSignalEffect(() => {
    const ask = wanted.value
    known.value = ask && ask.run !== run.value?.run ? [] : null
    if (!ask || ask.run !== run.value?.run) return
    api
      .stops(ask.run, ask.replication, ask.id)
      .then((stops) => {
        if (wanted.peek()?.id === ask.id) known.value = stops
      })
      .catch(complain)
  })
  const target = targetPlace(scenario, threats.target[index])
  const colour = css(typeColours(raid.kinds, theme.value)[threats.type[index]])
  const cause = scenario.causes[threats.cause[index]]
  const isMistake = outcome === 'mistake'
  const weapon = flight && isMistake ? raid.flights.weapon[index - threats.raid] : -1
  return (
    <div class="panel-body inspector" data-threat={id}>
      <Head
        kind={`${type.name}${flight ? ` · ${SIDE_WORDS[flight.side]}, ${count(flight.people)} ${T.flights.aboard}` : ''}${threats.decoy[index] ? ` · ${T.threat.decoy}` : ''}`}
        title={id}
        symbol={<Mark kind={type.class} colour={colour} />}
      />
      <p class={`verdict verdict-${outcome}`}>
        <Mark kind={outcome} colour={PALETTES[theme.value].outcome[outcome === 'passed' ? 'flying' : outcome]} />
        <span>
          {!over || flight ? OUTCOME_WORDS[outcome] : wordFor(FATE_WORDS, scenario.fates[threats.fate[index]] ?? '')}
          {weapon >= 0 && ` ${T.flights.by(scenario.units[scenario.weapons[weapon].unit].id, wordFor({}, scenario.mistakes![raid.flights.why[index - threats.raid]]))}`}
          {over && cause !== 'none' && `: ${wordFor(CAUSE_WORDS, cause)}`}
        </span>
        <small>{over ? clock(scenario, threats.end[index]) : target ? `→ ${target.name}` : ''}</small>
      </p>
      {Number.isFinite(threats.end[index]) && (
        <p>
          <button
            class="link"
            onClick={() => {
              pause()
              seek(threats.end[index])
            }}
          >
            {T.threat.follow}
          </button>
        </p>
      )}
      <h3>{T.threat.stops}</h3>
      {known.value === null ? (
        <p class="muted">{T.threat.reading}</p>
      ) : known.value.length === 0 ? (
        <p class="muted">{T.threat.noStops}</p>
      ) : (
        <ol class="stops">
          {known.value.map((stop) => (
            <li key={stop.number}>
              <h4>{stop.title}</h4>
              {stop.sentences.map((sentence, k) => (
                <p key={k}>{sentence}</p>
              ))}
            </li>
          ))}
        </ol>
      )}
    </div>
  )
}

function UnitView({ raid, index }: { raid: Replay; index: number }) {
  const scenario = raid.laydown
  const unit = scenario.units[index]
  const lost = raid.unitLost.get(index)
  let killed = 0
  let mistakes = 0
  let fired = 0
  for (let s = 0; s < raid.shots.count; s++) {
    if (scenario.weapons[raid.shots.weapon[s]].unit !== index || raid.shots.ordered[s] > shownTime.value) continue
    fired += raid.shots.shots[s]
    if (scenario.outcomes[raid.shots.outcome[s]] !== 'shot_down' || raid.shots.met[s] > shownTime.value) continue
    if (isFlight(raid, raid.shots.threat[s])) mistakes++
    else killed++
  }
  return (
    <div class="panel-body inspector" data-unit={unit.id}>
      <Head kind={unit.name} title={unit.id} symbol={<img class="symbol" src={symbolUrl(unitCode(unit.type), theme.value)} alt="" />} />
      <dl class="facts">
        <div>
          <dt>{T.unit.fired}</dt>
          <dd id="unit-fired">{count(fired)}</dd>
        </div>
        <div>
          <dt>{T.unit.killed}</dt>
          <dd>{count(killed)}</dd>
        </div>
        {mistakes > 0 && (
          <div>
            <dt>{T.unit.mistakes}</dt>
            <dd id="unit-mistakes">{count(mistakes)}</dd>
          </div>
        )}
        <div>
          <dt>{T.unit.channels}</dt>
          <dd>{unit.channels}</dd>
        </div>
        <div>
          <dt>{T.unit.sector}</dt>
          <dd>{unit.sector || '–'}</dd>
        </div>
      </dl>
      {raid.unitsOut.has(index) && <p class="warn">{T.unit.out}</p>}
      {lost !== undefined && lost <= shownTime.value && <p class="warn">{T.unit.lost(clock(scenario, lost))}</p>}
      <h3>{T.unit.magazine}</h3>
      {unit.weapons.map((weapon) => (
        <MagazineChart key={weapon} raid={raid} weapon={weapon} />
      ))}
      <div class="actions">
        <button class="plain" aria-pressed={filter.value.unit === index} onClick={() => (filter.value = { ...filter.value, unit: filter.value.unit === index ? null : index })}>
          {T.unit.only}
        </button>
      </div>
      <CoveragePair raid={scenario} />
      <Footprint unit={unit.id} />
      <SamePlace raid={scenario} at={unit} />
      <p class="muted">
        {T.unit.ringsNote} {unit.entry !== unit.id && T.unit.entry(unit.entry)}
      </p>
    </div>
  )
}

function Footprint({ unit }: { unit: string }) {
  const waiting = useSignal(false)
  const scenario = laydown.value!
  const against = scenario.types[options.value.against]
  if (!run.value || run.value.run !== replay.value?.run) return null
  return (
    <div class="inline">
      <span>
        {T.unit.footprint} {against?.name}
      </span>
      {footprint.value ? (
        <button class="plain" onClick={() => (footprint.value = null)}>
          {T.unit.hide}
        </button>
      ) : (
        <button
          class="plain"
          id="footprint"
          disabled={waiting.value}
          onClick={() => {
            waiting.value = true
            api
              .footprint(run.value!.run, unit, against.id)
              .then((shape) => (footprint.value = shape))
              .catch(complain)
              .finally(() => (waiting.value = false))
          }}
        >
          {waiting.value ? T.unit.footprintWait : T.unit.footprintAsk}
        </button>
      )}
    </div>
  )
}

function SensorView({ raid, index }: { raid: Replay; index: number }) {
  const sensor = raid.laydown.sensors[index]
  const reach = raid.laydown.coverage.sensors[sensor.coverage]?.[options.value.against] ?? []
  return (
    <div class="panel-body inspector" data-sensor={sensor.id}>
      <Head kind={sensor.name} title={sensor.id} symbol={<img class="symbol" src={symbolUrl(sensorCode(sensor.kind), theme.value)} alt="" />} />
      {raid.sensorsOut.has(index) && <p class="warn">{T.unit.out}</p>}
      <Reach scenario={raid.laydown} reach={reach} />
      <CoveragePair raid={raid.laydown} />
      <SamePlace raid={raid.laydown} at={sensor} />
    </div>
  )
}

function Reach({ scenario, reach }: { scenario: Laydown; reach: number[] }) {
  return (
    <table class="figures">
      <thead>
        <tr>
          <th scope="col">{T.map.height}</th>
          <th scope="col">
            {T.map.radar}, {scenario.types[options.value.against]?.name}
          </th>
        </tr>
      </thead>
      <tbody>
        {scenario.coverage.heights_m.map((height, k) => (
          <tr key={height}>
            <th scope="row">{metres(height)}</th>
            <td>{reach[k] ? metres(reach[k] * 100) : '–'}</td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}

function AssetView({ raid, index }: { raid: Replay; index: number }) {
  const asset = raid.laydown.assets[index]
  const { threats } = raid
  let aimed = 0
  let through = 0
  for (let i = 0; i < threats.count; i++) {
    if (threats.target[i] !== index) continue
    if (threats.start[i] <= shownTime.value) aimed++
    if (threats.end[i] <= shownTime.value && outcomeOf(raid, i) === 'through') through++
  }
  const place = run.value?.across?.places.find((row) => row.target === index)
  return (
    <div class="panel-body inspector" data-asset={asset.id}>
      <Head kind={wordFor({}, asset.kind)} title={asset.name} />
      <dl class="facts">
        <div>
          <dt>{T.asset.aimed}</dt>
          <dd>{count(aimed)}</dd>
        </div>
        <div>
          <dt>{T.asset.through}</dt>
          <dd>{count(through)}</dd>
        </div>
        <div>
          <dt>{T.asset.value}</dt>
          <dd>{count(asset.value)}</dd>
        </div>
        {!!asset.population && (
          <div>
            <dt>{T.asset.population}</dt>
            <dd>{count(asset.population)}</dd>
          </div>
        )}
      </dl>
      {place && (
        <p>
          {small(place.leaked)} {T.asset.through}, {small(place.hit)} {T.asset.hits} {T.asset.mean}.
        </p>
      )}
      <SamePlace raid={raid.laydown} at={asset} />
    </div>
  )
}

export function Inspector() {
  const [choice, raid] = [picked.value, replay.value]
  if (!choice || !raid) return null
  if (choice.kind === 'threat') return choice.index < raid.threats.count ? <ThreatView raid={raid} index={choice.index} /> : null
  if (choice.kind === 'unit') return <UnitView raid={raid} index={choice.index} />
  if (choice.kind === 'sensor') return <SensorView raid={raid} index={choice.index} />
  return <AssetView raid={raid} index={choice.index} />
}
