import { toneColor } from '../components/chip.tsx'
import { formatClock, formatDuration } from '../lib/format.ts'
import type { TimelineBar } from './timeline-rows.ts'

/** Text cut to a number of characters. */
export const clip = (text: string, n: number) => (text.length > n ? `${text.slice(0, n - 1)}…` : text)

/** One attempt: hatched while it waits, its title where there is room. */
export function Bar({
  bar,
  x0,
  x1,
  y,
  selected,
  onSelect,
}: {
  bar: TimelineBar
  x0: number
  x1: number
  y: number
  selected: boolean
  onSelect: ((id: string) => void) | undefined
}) {
  const width = Math.max(4, x1 - x0)
  const took = bar.end === undefined ? 'still going on' : formatDuration(bar.end - bar.start)
  const title = `${bar.title}${bar.attempt && bar.attempt > 1 ? `, attempt ${bar.attempt}` : ''}: ${bar.waiting ? 'waiting, ' : ''}${took}, from ${formatClock(bar.start)}`
  const room = Math.floor((width - 10) / 6.6)
  return (
    <g>
      <g
        role="button"
        tabIndex={onSelect ? 0 : -1}
        aria-label={title}
        aria-pressed={selected}
        onClick={() => onSelect?.(bar.id)}
        onKeyDown={(event) => (event.key === 'Enter' || event.key === ' ') && onSelect?.(bar.id)}
        className={onSelect ? 'cursor-pointer' : undefined}
      >
        <title>{title}</title>
        <foreignObject x={x0} y={y} width={width} height={22} className="pointer-events-none">
          <div
            className={`h-full rounded ${bar.waiting ? 'hatch-waiting' : bar.tone === 'draft' ? 'hatched' : ''}`}
            style={{
              background: bar.waiting || bar.tone === 'draft' ? undefined : `var(--${bar.tone}-soft)`,
              border: `1px solid ${toneColor(bar.waiting ? 'waiting' : bar.tone)}`,
              borderLeftWidth: 3,
            }}
          />
        </foreignObject>
        <rect
          x={x0}
          y={y}
          width={width}
          height={22}
          rx="4"
          fill="transparent"
          stroke={selected ? 'var(--accent)' : 'none'}
          strokeWidth="2"
        />
      </g>
      {room > 3 && !bar.waiting ? (
        <text x={x0 + 8} y={y + 15} fontSize="11" fill={`var(--${bar.tone}-ink)`} className="pointer-events-none">
          {clip(bar.title, room)}
        </text>
      ) : null}
    </g>
  )
}
