import { describe, expect, it } from 'vitest'
import { typeColours, type Rgb } from '../src/colours'
import { countsAt, ledgerOf } from '../src/data/counts'
import { noFilter, shownThreats } from '../src/data/filter'
import { decodeReplay, isFlight, outcomeOf, placeAt, threatId } from '../src/data/replay'
import { endsOf, Moving } from '../src/map/moving'
import { laydown, laydownWithFlights, raid, raidWithFlights } from './sample'

const replay = decodeReplay(laydownWithFlights, raidWithFlights)
const alone = decodeReplay(laydown, raid)
const grey: Rgb = [9, 9, 9]
const red: Rgb = [200, 0, 0]
const outcome = { flying: grey, shot_down: grey, suppressed: grey, through: grey, aborted: grey, passed: grey, mistake: red }

describe('friendly and civil aircraft', () => {
  it('stand behind the threats and have names, kinds and ends of their own', () => {
    expect([replay.threats.raid, replay.threats.count]).toEqual([4, 7])
    expect([3, 4, 5, 6].map((i) => isFlight(replay, i))).toEqual([false, true, true, true])
    expect([4, 5, 6].map((i) => threatId(replay, i))).toEqual(['airline/1', 'airline/2', 'home/1'])
    expect([4, 5, 6].map((i) => outcomeOf(replay, i))).toEqual(['mistake', 'passed', 'flying'])
    expect([4, 6].map((i) => replay.kinds[replay.threats.type[i]].class)).toEqual(['civil', 'friend'])
    expect(placeAt(replay, 5, 55, { lon: 0, lat: 0, height: 0 }).lon).toBeCloseTo(30.5)
  })

  it('count apart from the raid', () => {
    const ledger = ledgerOf(replay)
    expect(countsAt(ledger.total, 1e6)).toEqual(countsAt(ledgerOf(alone).total, 1e6))
    expect([ledger.flights, ...ledger.mistakes]).toEqual([3, 40])
    expect(ledger.mistakesByEntry.map((times) => times.length)).toEqual([1, 0])
    expect(ledgerOf(alone).flights).toBe(0)
  })

  it('are hidden by their switch, and where only some threats are asked for', () => {
    const kept = (part: object, flights = true): number[] => [...shownThreats(replay, { ...noFilter(), ...part }, flights)].slice(4)
    expect(kept({})).toEqual([1, 1, 1])
    expect(kept({}, false)).toEqual([0, 0, 0])
    expect(kept({ types: new Set([0]) })).toEqual([0, 0, 0])
    expect(kept({ unit: 0 })).toEqual([1, 0, 0])
  })

  it('fly in colours of their own, are shot at, and leave a mark only where one was shot down', () => {
    const colours = typeColours(replay.kinds, 'dark')
    expect(new Set(colours.map(String)).size).toBe(4)
    const moving = new Moving(replay)
    moving.fill(30, new Uint8Array(7).fill(1), colours, grey, outcome, 1000, 5)
    const at = [...moving.heads.threat.slice(0, moving.heads.count)].indexOf(4)
    expect([...moving.heads.colour.slice(4 * at, 4 * at + 3)]).toEqual(colours[2])
    expect(moving.shots.count).toBe(1)
    moving.fill(106, new Uint8Array([0, 0, 0, 0, 1, 1, 1]), colours, grey, outcome, 1000, 5)
    expect(moving.flashes.count).toBe(0)
    const ends = endsOf(replay, new Uint8Array(7).fill(1), outcome)
    expect([...ends.threat]).toEqual([0, 4, 3, 1])
    expect([...ends.colour.slice(4, 8)]).toEqual([200, 0, 0, 255])
  })
})
