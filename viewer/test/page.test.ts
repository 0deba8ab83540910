import { describe, expect, it } from 'vitest'
import { gzipSync } from 'node:zlib'
import { unpacked } from '../src/api'
import { PALETTES, hex, typeColours, type Rgb } from '../src/colours'
import { copiesOf, entriesOf, positionValue, valueOf, withChange } from '../src/data/changes'
import { decodeReplay } from '../src/data/replay'
import { endsOf, Moving } from '../src/map/moving'
import { difference, figure, money, wordFor } from '../src/text'
import { clock, clockWithDate } from '../src/words'
import { laydown, raid } from './sample'

const replay = decodeReplay(laydown, raid)
const all = new Uint8Array([1, 1, 1, 1])
const grey: Rgb = [9, 9, 9]
const outcome = { flying: grey, shot_down: grey, suppressed: grey, through: grey, aborted: grey, passed: grey, mistake: grey }

describe('what moves', () => {
  it('holds the threats in the air, their trails and the shots under way', () => {
    const moving = new Moving(replay)
    moving.fill(20, all, [grey, grey], grey, outcome, 1000, 5)
    expect([...moving.heads.threat.slice(0, moving.heads.count)]).toEqual([0, 1, 2])
    expect(moving.heads.position[0]).toBeCloseTo(30.8, 5)
    expect(moving.shots.count).toBe(1)
    expect(moving.shots.from[0]).toBeCloseTo(30.1, 5)
    expect(moving.shots.to[0]).toBeCloseTo(30.1 + (30.75 - 30.1) / 2, 5)
  })

  it('flies west with its head to the west', () => {
    const moving = new Moving(replay)
    moving.fill(20, all, [grey, grey], grey, outcome, 1000, 5)
    expect(moving.heads.angle[0]).toBeCloseTo(90, 0)
  })

  it('flashes where a threat has just ended, and leaves out what a filter hides', () => {
    const moving = new Moving(replay)
    moving.fill(26, new Uint8Array([1, 0, 0, 0]), [grey, grey], grey, outcome, 1000, 5)
    expect([moving.heads.count, moving.flashes.count]).toEqual([0, 1])
  })

  it('lists ends in order of time', () => {
    const ends = endsOf(replay, all, outcome)
    expect([...ends.threat]).toEqual([0, 3, 1])
    expect(ends.kind).toEqual(['shot_down', 'suppressed', 'through'])
  })
})

describe('changes', () => {
  it('keep one value a path and none that is as it was', () => {
    const first = withChange([], 'a', 2, 1)
    expect(valueOf(withChange(first, 'a', 3, 1), 'a')).toBe(3)
    expect(withChange(first, 'a', 1, 1)).toEqual([])
    expect(withChange([], 'p', [1, 2], [1, 2])).toEqual([])
  })

  it('know a line of the file by its copies', () => {
    expect(copiesOf(laydown, 'battery')).toBe(2)
    expect(entriesOf(laydown).map((unit) => unit.entry)).toEqual(['guns', 'battery'])
    expect(positionValue(50.12345, 30.9999)).toEqual([50.123, 31])
  })
})

describe('an exported page', () => {
  it('reads what was packed into it', async () => {
    const data = { start: 'night', replication: 3, answers: { '/api/runs/night': { title: 'Ночь' } } }
    expect(await unpacked(gzipSync(JSON.stringify(data)).toString('base64'))).toEqual(data)
  })
})

/** Contrast of two colours as WCAG 2.2 defines it. */
function contrast(one: string, other: string): number {
  const light = (text: string): number => {
    const [r, g, b] = hex(text).map((value) => {
      const part = value / 255
      return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4
    })
    return 0.2126 * r + 0.7152 * g + 0.0722 * b
  }
  const [high, low] = [light(one), light(other)].sort((a, b) => b - a)
  return (high + 0.05) / (low + 0.05)
}

describe('colours', () => {
  for (const theme of ['light', 'dark'] as const)
    it(`can be told from land and sea in the ${theme}`, () => {
      const { land, sea, classes, outcome: ends, ink } = PALETTES[theme]
      for (const ground of [land, sea]) {
        expect(contrast(ink, ground)).toBeGreaterThan(7)
        for (const colour of [...Object.values(classes), ends.shot_down, ends.through, ends.mistake]) expect(contrast(colour, ground)).toBeGreaterThan(3)
      }
    })

  it('differ for two types of one class', () => {
    const [first, second] = typeColours([{ class: 'cruise' }, { class: 'cruise' }], 'dark')
    expect(first).not.toEqual(second)
  })
})

describe('words', () => {
  it('write numbers, money and moments', () => {
    expect([figure(355.7), figure(22.73), difference(-3.21), difference(6262.1), difference(0), money(342_202_700)]).toEqual(['356', '22.7', '−3.21', '+6,262', '0', '$342.2 m'])
    expect(wordFor({}, 'power_plant')).toBe('power plant')
    expect(clock(laydown, 0)).toBe('20:00:00')
    expect(clockWithDate(laydown, 5 * 3600)).toMatch(/9 Jun.* 01:00/)
  })
})
