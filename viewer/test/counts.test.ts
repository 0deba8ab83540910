import { describe, expect, it } from 'vitest'
import { binned, countsAt, ledgerOf, stepFrom } from '../src/data/counts'
import { noFilter, shownThreats } from '../src/data/filter'
import { decodeReplay, outcomeOf } from '../src/data/replay'
import { laydown, raid } from './sample'

const replay = decodeReplay(laydown, raid)
const ledger = ledgerOf(replay)

describe('the communique', () => {
  it('agrees with counting every threat at every moment', () => {
    for (let t = -5; t < 130; t += 2.5) {
      const { start, end } = replay.threats
      const ended = [0, 1, 2, 3].filter((threat) => end[threat] <= t).map((threat) => outcomeOf(replay, threat))
      expect(countsAt(ledger.total, t)).toEqual({
        launched: [...start].filter((value) => value <= t).length,
        shot_down: ended.filter((outcome) => outcome === 'shot_down').length,
        suppressed: ended.filter((outcome) => outcome === 'suppressed').length,
        through: ended.filter((outcome) => outcome === 'through').length,
        aborted: 0,
      })
    }
  })

  it('adds up over types', () => {
    const parts = ledger.byType.map((times) => countsAt(times, 1000))
    expect(parts.reduce((sum, part) => sum + part.launched, 0)).toBe(countsAt(ledger.total, 1000).launched)
  })

  it('puts every launch and every end into one bin', () => {
    const bins = binned(ledger.total, 0, 200, 7)
    expect(bins.launched.reduce((a, b) => a + b)).toBe(4)
    expect([...bins.shot_down, ...bins.suppressed, ...bins.through].reduce((a, b) => a + b)).toBe(3)
  })

  it('steps to the event after and before, and stops at the ends', () => {
    const moments = [1, 4, 4, 9]
    expect([stepFrom(moments, 1, true), stepFrom(moments, 4, true), stepFrom(moments, 9, true)]).toEqual([4, 9, null])
    expect([stepFrom(moments, 4, false), stepFrom(moments, 1, false)]).toEqual([1, null])
  })
})

describe('filters', () => {
  const kept = (part: object): number[] => [...shownThreats(replay, { ...noFilter(), ...part })]

  it('show all when nothing is chosen', () => expect(kept({})).toEqual([1, 1, 1, 1]))
  it('choose by type', () => expect(kept({ types: new Set([1]) })).toEqual([0, 0, 0, 1]))
  it('choose by fate', () => expect(kept({ outcomes: new Set(['through', 'shot_down']) })).toEqual([1, 1, 0, 0]))
  it('choose by cause', () => expect(kept({ causes: new Set([2]) })).toEqual([0, 1, 0, 0]))
  it('choose what a unit shot at', () => expect(kept({ unit: 0 })).toEqual([1, 1, 0, 0]))
  it('choose by all at once', () => expect(kept({ unit: 0, causes: new Set([2]), types: new Set([1]) })).toEqual([0, 0, 0, 0]))
})
