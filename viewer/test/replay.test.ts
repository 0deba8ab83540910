import { describe, expect, it } from 'vitest'
import { countUpTo, decodeReplay, floorIndex, outcomeOf, placeAt, targetPlace, threatId } from '../src/data/replay'
import { laydown, raid } from './sample'

const replay = decodeReplay(laydown, raid)
const at = (threat: number, t: number) => placeAt(replay, threat, t, { lon: 0, lat: 0, height: 0 })

describe('a raid', () => {
  it('is decoded from differences', () => {
    expect([...replay.paths.time]).toEqual([0, 50, 100, 0, 50])
    expect(replay.paths.lon[2]).toBeCloseTo(30)
    expect([...replay.paths.height]).toEqual([100, 100, 0, 1000, 1000])
    expect([...replay.eventTime]).toEqual([0, 10, 15])
    expect(replay.magazines.get(0)).toEqual({ time: [15, 60], ready: [1, 0], reserve: [1, 1] })
  })

  it('names threats as the rows do', () => {
    expect(threatId(replay, 1)).toBe('north/2')
    expect(threatId(replay, 3)).toBe('south/1')
  })

  it('places a threat between the points of its path', () => {
    expect(at(0, 12.5).lon).toBeCloseTo(30.875)
    expect(at(1, 85).lon).toBeCloseTo(30.25)
    expect(at(1, 85).height).toBeCloseTo(50)
  })

  it('holds a threat at its launch before, and where it ended afterwards', () => {
    expect(at(0, -50).lon).toBeCloseTo(31)
    expect(at(0, 1e6).lon).toBeCloseTo(30.75)
    expect(at(1, 1e6).lon).toBeCloseTo(30)
  })

  it('does not jump at the antimeridian', () => {
    expect(at(3, 80).lon).toBeCloseTo(180.5)
  })

  it('counts ends as a communique does', () => {
    expect([0, 1, 2, 3].map((threat) => outcomeOf(replay, threat))).toEqual(['shot_down', 'through', 'flying', 'suppressed'])
  })

  it('finds targets among assets, then units, then sensors', () => {
    expect([0, 1, 4].map((target) => targetPlace(laydown, target)?.name)).toEqual(['City', 'Battery', 'Radar'])
    expect(targetPlace(laydown, -1)).toBeNull()
  })
})

describe('searching sorted numbers', () => {
  it('agrees with counting one by one', () => {
    const values = [0, 1, 1, 2, 5, 5, 5, 9]
    for (let t = -1; t < 11; t += 0.5) {
      expect(countUpTo(values, t)).toBe(values.filter((value) => value <= t).length)
      expect(floorIndex(values, t, 0, values.length)).toBe(Math.max(0, values.filter((value) => value <= t).length - 1))
    }
  })
})
