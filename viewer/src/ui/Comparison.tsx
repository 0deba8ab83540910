// The difference between two runs on the same luck, in a sentence, a table and raid by raid.
import type { Comparison } from '../data/types'
import { T, count, difference, differenceInterval, money } from '../text'
import { run } from '../store'
import { Differences, Histogram, type DifferenceRow } from './charts'

const MORE_IS_WORSE: Record<string, boolean | null> = {
  leaked: true,
  shot_down: false,
  suppressed: null,
  damage: true,
  rounds: null,
  'cost/defence': null,
  shot_down_by_mistake: true,
  duplicate_engagements: true,
}

function rowOf(found: Comparison, key: string, label: string, moreIsWorse: boolean | null): DifferenceRow[] {
  const row = found.quantities[key]
  if (!row) return []
  const [low, high] = row.difference.ci90
  return [{ key, label, base: row.base?.mean ?? 0, other: row.other?.mean ?? 0, mean: row.difference.mean, low, high, moreIsWorse }]
}

/** How often each difference in leakers came up, from the least to the most. */
export function differencesOf(found: Comparison): { first: number; counts: number[]; better: number; worse: number; equal: number } {
  const steps = found.leaked.other.map((value, k) => value - found.leaked.base[k])
  const first = Math.min(0, ...steps)
  const counts = new Array<number>(Math.max(0, ...steps) - first + 1).fill(0)
  for (const step of steps) counts[step - first]++
  return {
    first,
    counts,
    better: steps.filter((step) => step < 0).length,
    worse: steps.filter((step) => step > 0).length,
    equal: steps.filter((step) => step === 0).length,
  }
}

export function ComparisonView({ found }: { found: Comparison }) {
  const leaked = found.quantities.leaked.difference
  const [low, high] = leaked.ci90
  const verdict = low <= 0 && high >= 0 ? T.compare.same : leaked.mean < 0 ? T.compare.fewer(leaked.mean) : T.compare.more(leaked.mean)
  const main = Object.entries(T.compare.rows).filter(([key]) => key !== 'cost/defence').flatMap(([key, label]) => rowOf(found, key, label, MORE_IS_WORSE[key] ?? null))
  const types = (run.value?.types ?? []).flatMap(({ id, name }) => rowOf(found, `leaked/${id}`, name, true)).filter((row) => row.base > 0.005 || row.other > 0.005)
  const cost = found.quantities['cost/defence']
  const paired = found.leaked?.base.length ? differencesOf(found) : null
  return (
    <>
      <p class="verdict-line" id="verdict">
        {verdict}
      </p>
      <p class="muted">
        {differenceInterval(low, high)} · {T.compare.replications(found.replications)}. {T.compare.sure}
      </p>
      <Differences rows={main} names={[T.compare.base, T.compare.other]} />
      {types.length > 1 && (
        <>
          <h3>{T.counter.through}</h3>
          <Differences rows={types} names={[T.compare.base, T.compare.other]} />
        </>
      )}
      {cost && (
        <p>
          {T.compare.rows['cost/defence']}: {money(cost.base?.mean ?? 0)} → {money(cost.other?.mean ?? 0)}
        </p>
      )}
      {paired && (
        <>
          <Histogram first={paired.first} counts={paired.counts} label={T.compare.difference} axis={`${T.across.through} (${T.compare.change})`} height={112} marks={[{ at: leaked.mean, label: difference(leaked.mean), kind: 'mean' }]} />
          <p class="muted">
            {T.compare.better} {count(paired.better)} · {T.compare.equal} {count(paired.equal)} · {T.compare.worse} {count(paired.worse)}
          </p>
        </>
      )}
    </>
  )
}
