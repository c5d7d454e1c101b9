import { useMemo } from 'react'
import { toneColor } from '../components/chip.tsx'
import { formatDuration } from '../lib/format.ts'
import { stateLook } from '../lib/states.ts'
import { criticalPath, type GanttRow, type GanttTask } from './critical-path.ts'
import { scaleLinear, timeStep } from './scale.ts'
import { useSize } from './use-size.ts'

type GanttProps = {
  label: string
  tasks: GanttTask[]
  now?: number
  selected?: string | undefined
  onSelect?: (id: string) => void
}

const ROW = 32
const HEAD = 30
const DAY = 86_400_000

/** A plan in time: the critical path is bold, slack is a thin line, milestones are ◆, today is a line. */
export function Gantt({ label, tasks, now, selected, onSelect }: GanttProps) {
  const [ref, size] = useSize<HTMLDivElement>()
  const rows = useMemo(() => criticalPath(tasks), [tasks])
  const gutter = size.width < 560 ? 116 : 210
  const width = Math.max(size.width, 620)
  const [from, to] = [Math.min(...tasks.map((task) => task.start)), Math.max(...tasks.map((task) => task.end))]
  const room = Math.max((to - from) * 0.03, DAY / 24)
  const x = scaleLinear([from - room, to + room], [gutter, width - 12])
  const height = HEAD + rows.length * ROW + 8
  const rowOf = new Map(rows.map((row, i) => [row.id, i]))
  return (
    <div ref={ref} role="region" aria-label={`${label}: drawing`} tabIndex={0} className="w-full overflow-x-auto">
      {size.width === 0 || tasks.length === 0 ? null : (
        <svg width={width} height={height} role="group" aria-label={label} className="block">
          <Calendar from={from} to={to} x={x} height={height} />
          {now !== undefined && now >= from && now <= to ? (
            <g>
              <line x1={x(now)} x2={x(now)} y1={HEAD - 6} y2={height} stroke="var(--accent)" strokeWidth="1.5" />
              <text x={x(now) + 4} y={HEAD + 4} fontSize="10" fill="var(--accent-ink)">
                today
              </text>
            </g>
          ) : null}
          {rows.flatMap((row, i) =>
            (row.dependsOn ?? []).map((id) => (
              <Link
                key={`${id}>${row.id}`}
                from={rows[rowOf.get(id) ?? -1]}
                fromRow={rowOf.get(id)}
                to={row}
                toRow={i}
                x={x}
              />
            )),
          )}
          {rows.map((row, i) => (
            <Row
              key={row.id}
              row={row}
              y={HEAD + i * ROW}
              x={x}
              gutter={gutter}
              selected={row.id === selected}
              onSelect={onSelect}
              width={width}
            />
          ))}
        </svg>
      )}
    </div>
  )
}

type RowProps = {
  row: GanttRow
  y: number
  x: (at: number) => number
  gutter: number
  width: number
  selected: boolean
  onSelect: ((id: string) => void) | undefined
}

function Row({ row, y, x, gutter, width, selected, onSelect }: RowProps) {
  const { tone, word } = stateLook(row.status)
  const [x0, x1] = [x(row.start), Math.max(x(row.end), x(row.start) + 3)]
  const title = `${row.title}: ${word}, ${formatDuration(row.end - row.start)}${row.critical ? ', on the critical path' : `, slack ${formatDuration(row.slackMs)}`}`
  const chars = Math.floor((gutter - 12) / 6.9)
  return (
    <g>
      <g
        role="button"
        tabIndex={onSelect ? 0 : -1}
        aria-label={title}
        aria-pressed={selected}
        onClick={() => onSelect?.(row.id)}
        onKeyDown={(event) => event.key === 'Enter' && onSelect?.(row.id)}
        className={onSelect ? 'cursor-pointer' : undefined}
      >
        <title>{title}</title>
        <rect x={0} y={y} width={width} height={ROW} fill={selected ? 'var(--accent-soft)' : 'transparent'} />
        <line x1={0} x2={width} y1={y + ROW} y2={y + ROW} stroke="var(--line)" />
        {row.milestone ? (
          <path
            d={`M${x0} ${y + 7}l9 9l-9 9l-9 -9Z`}
            fill={toneColor(tone)}
            stroke={row.critical ? 'var(--ink)' : 'none'}
            strokeWidth="1.5"
          />
        ) : (
          <>
            {row.slackMs > 0 && !row.critical ? (
              <path
                d={`M${x1} ${y + 16}H${x(row.end + row.slackMs)}m0 -4v8`}
                stroke="var(--ink-3)"
                strokeWidth="1.2"
                strokeDasharray="3 3"
                fill="none"
              />
            ) : null}
            <rect
              x={x0}
              y={y + 8}
              width={x1 - x0}
              height={16}
              rx="4"
              fill={`var(--${tone}-soft)`}
              stroke={toneColor(tone)}
              strokeWidth={row.critical ? 2.4 : 1}
            />
            {row.progress ? (
              <rect
                x={x0}
                y={y + 8}
                width={(x1 - x0) * Math.min(1, row.progress)}
                height={16}
                rx="4"
                fill={toneColor(tone)}
                opacity="0.85"
              />
            ) : null}
          </>
        )}
      </g>
      <text
        className="pointer-events-none"
        x={6}
        y={y + 20}
        fontSize="12.5"
        fill="var(--ink)"
        fontWeight={row.critical ? 650 : 450}
      >
        {row.title.length > chars ? `${row.title.slice(0, chars - 1)}…` : row.title}
      </text>
    </g>
  )
}

type LinkProps = {
  from: GanttRow | undefined
  fromRow: number | undefined
  to: GanttRow
  toRow: number
  x: (at: number) => number
}

function Link({ from, fromRow, to, toRow, x }: LinkProps) {
  if (!from || fromRow === undefined) return null
  const [x0, y0, x1, y1] = [x(from.end), HEAD + fromRow * ROW + 16, x(to.start), HEAD + toRow * ROW + 16]
  const strong = from.critical && to.critical
  const mid = Math.max(x0 + 6, x1 - 8)
  return (
    <path
      d={`M${x0} ${y0}H${mid}V${y1}H${x1}`}
      fill="none"
      stroke={strong ? 'var(--ink-2)' : 'var(--line-strong)'}
      strokeWidth={strong ? 1.6 : 1}
      opacity="0.8"
    />
  )
}

function Calendar({ from, to, x, height }: { from: number; to: number; x: (at: number) => number; height: number }) {
  const step = timeStep(to - from, Math.max(2, (x(to) - x(from)) / 74))
  const zone = new Date(from).getTimezoneOffset() * 60_000
  const first = Math.ceil((from - zone) / step) * step + zone
  const ticks = Array.from({ length: Math.max(0, Math.floor((to - first) / step) + 1) }, (_, i) => first + i * step)
  const words: Intl.DateTimeFormatOptions =
    step >= DAY ? { day: 'numeric', month: 'short' } : { hour: '2-digit', minute: '2-digit', hour12: false }
  return (
    <g>
      {ticks.map((at) => (
        <g key={at}>
          <line x1={x(at)} x2={x(at)} y1={HEAD - 6} y2={height} stroke="var(--line)" />
          <text x={x(at)} y={16} fontSize="10.5" textAnchor="middle" fill="var(--ink-3)" className="tabular">
            {new Date(at).toLocaleString(undefined, words)}
          </text>
        </g>
      ))}
    </g>
  )
}
