// The communique: the four numbers as a ministry would give them, running with the clock.
import { countsAt } from '../data/counts'
import type { Ledger } from '../data/counts'
import { shownTime } from '../play/clock'
import { countUpTo } from '../data/replay'
import { run } from '../store'
import { T, count } from '../text'
import { reportedTotal } from './AcrossPanel'

const NAMES = ['launched', 'shot_down', 'suppressed', 'through'] as const

export function Counter({ ledger, label, reported = true }: { ledger: Ledger; label?: string; reported?: boolean }) {
  const counts = countsAt(ledger.total, shownTime.value)
  const all = Math.max(ledger.total.launched.length, 1)
  const flying = counts.launched - counts.shot_down - counts.suppressed - counts.through - counts.aborted
  const { flights } = ledger
  const down = countUpTo(ledger.mistakes, shownTime.value)
  const open = run.value
  const reportedOf = (name: string): number | null => (reported && open ? reportedTotal(open, name === 'through' ? 'leaked' : name) : null)
  return (
    <section class="counter" aria-label={label ?? T.counter.live(counts.launched, counts.shot_down, counts.suppressed, counts.through)}>
      {label && <p class="counter-label">{label}</p>}
      <div class="counter-numbers">
        {NAMES.map((name) => (
          <div key={name} class={`count count-${name}`} data-count={name}>
            <b>{count(counts[name])}</b>
            <span>{T.counter[name]}</span>
            {reportedOf(name) !== null && <i>{T.counter.reported(reportedOf(name)!)}</i>}
          </div>
        ))}
      </div>
      {flights > 0 && <p class="counter-flights" data-flights={flights} data-mistakes={down}>{T.flights.counter(flights, down)}</p>}
      <div class="counter-bar" aria-hidden="true">
        {(['shot_down', 'suppressed', 'through'] as const).map((name) => (
          <span key={name} class={`fill-${name}`} style={{ width: `${(100 * counts[name]) / all}%` }} />
        ))}
        <span class="fill-flying" style={{ width: `${(100 * flying) / all}%` }} />
      </div>
    </section>
  )
}
