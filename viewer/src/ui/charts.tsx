// Charts drawn by hand: a distribution, bars beside words, differences with their intervals.
import type { ComponentChildren } from 'preact'
import { T, count, difference, figure } from '../text'

const WIDTH = 340

export interface HistogramMark {
  at: number
  label: string
  kind: 'mean' | 'reported'
}

/** Bars of how many raids had each number; a bar may be chosen. */
export function Histogram({
  first,
  counts,
  marks,
  label,
  axis,
  chosen,
  onChoose,
  tone = '',
  height = 130,
}: {
  first: number
  counts: number[]
  marks?: HistogramMark[]
  label: string
  axis: string
  chosen?: number
  onChoose?: (value: number) => void
  tone?: string
  height?: number
}) {
  const low = Math.min(first, ...(marks ?? []).map((mark) => Math.floor(mark.at)))
  const high = Math.max(first + counts.length - 1, ...(marks ?? []).map((mark) => Math.ceil(mark.at)))
  const width = WIDTH / (high - low + 1)
  const base = height - 26
  const most = Math.max(...counts, 1)
  const top = 4 + 12 * (marks?.length ?? 0)
  const x = (value: number): number => (value - low) * width
  const step = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000].find((size) => (high - low) / size <= 9) ?? 10_000
  const ticks = []
  for (let value = Math.ceil(low / step) * step; value <= high; value += step) ticks.push(value)
  return (
    <figure class="chart">
      <figcaption>{label}</figcaption>
      <svg viewBox={`0 0 ${WIDTH} ${height}`} role="img" aria-label={`${label}: ${axis} ${low} – ${high}`}>
        {counts.map((raids, k) => (
          <rect
            key={k}
            class={first + k === chosen ? 'bar bar-through' : `bar ${tone}`}
            x={x(first + k) + Math.min(0.5, width * 0.1)}
            y={top + (base - top) * (1 - raids / most)}
            width={Math.max(width - Math.min(1, width * 0.2), 0.6)}
            height={((base - top) * raids) / most}
          />
        ))}
        <line class="axis" x1="0" x2={WIDTH} y1={base} y2={base} />
        {ticks.map((value) => (
          <text key={value} x={x(value) + width / 2} y={base + 12} text-anchor="middle">
            {count(value)}
          </text>
        ))}
        <text x={WIDTH} y={height - 1} text-anchor="end">
          {axis}
        </text>
        {marks?.map((mark, k) => {
          const at = x(mark.at) + width / 2
          const right = at < WIDTH * 0.6
          return (
            <g key={mark.label}>
              <line class={mark.kind} x1={at} x2={at} y1={k * 12} y2={base} />
              <text class="on" x={at + (right ? 4 : -4)} y={9 + k * 12} text-anchor={right ? 'start' : 'end'}>
                {mark.label}
              </text>
            </g>
          )
        })}
        {onChoose &&
          counts.map((raids, k) =>
            raids ? (
              <rect key={k} class="bar-pick" x={x(first + k)} y="0" width={width} height={base} onClick={() => onChoose(first + k)}>
                <title>
                  {count(first + k)} {axis}: {count(raids)} {T.across.raids}
                </title>
              </rect>
            ) : null,
          )}
      </svg>
    </figure>
  )
}

export interface BarRow {
  key: string
  label: ComponentChildren
  value: number
  text: string
}

export function Bars({ rows, tone = '' }: { rows: BarRow[]; tone?: string }) {
  const most = Math.max(...rows.map((row) => row.value), 1e-9)
  return (
    <div class="hbars" role="list">
      {rows.map((row) => [
        <span key={`${row.key}-l`} role="listitem">
          {row.label}
        </span>,
        <i key={`${row.key}-b`} class={tone} style={{ width: `${(100 * row.value) / most}%` }} aria-hidden="true" />,
        <b key={`${row.key}-v`}>{row.text}</b>,
      ])}
    </div>
  )
}

export interface DifferenceRow {
  key: string
  label: string
  base: number
  other: number
  mean: number
  low: number
  high: number
  /** True where more is worse for the defence, false where better, null where neither. */
  moreIsWorse: boolean | null
}

const judged = ({ low, high, moreIsWorse }: DifferenceRow): string => {
  if (moreIsWorse === null || (low <= 0 && high >= 0)) return ''
  return low > 0 === moreIsWorse ? 'bad' : 'good'
}

/** A table of both means and of their difference with its interval. */
export function Differences({ rows, names, write = figure }: { rows: DifferenceRow[]; names: [string, string]; write?: (value: number) => string }) {
  return (
    <table class="figures differences">
      <thead>
        <tr>
          <th scope="col" />
          <th scope="col">{names[0]}</th>
          <th scope="col">{names[1]}</th>
          <th scope="col">{T.compare.change}</th>
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <tr key={row.key}>
            <th scope="row">{row.label}</th>
            <td>{write(row.base)}</td>
            <td>{write(row.other)}</td>
            <td class={judged(row)}>
              {difference(row.mean)}
              <br />
              <small>
                {difference(row.low)} … {difference(row.high)}
              </small>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}
