import { useMemo, useRef, useState } from 'react'
import { toneColor } from '../components/chip.tsx'
import { formatClock, formatDuration } from '../lib/format.ts'
import { useNow } from '../lib/use-now.ts'
import { foldTime, timeToX, xToTime } from './fold-time.ts'
import { timeStep } from './scale.ts'
import { type TimelineBar, type TimelineLane, type TimelineMark, timelineRows } from './timeline-rows.ts'
import { useSize } from './use-size.ts'

type TimelineProps = {
  label: string
  lanes: TimelineLane[]
  bars: TimelineBar[]
  marks?: TimelineMark[]
  selected?: string | undefined
  onSelect?: (id: string) => void
  range?: [number, number] | undefined
  onRange?: (range: [number, number] | undefined) => void
}

const ROW = 30
const HEAD = 26

/** A lane per actor, each attempt a bar. Waiting on people is hatched, idle time is folded, dragging selects a range. */
export function Timeline({ label, lanes, bars, marks = [], selected, onSelect, range, onRange }: TimelineProps) {
  const [ref, size] = useSize<HTMLDivElement>()
  const running = bars.some((bar) => bar.end === undefined)
  const clock = useNow()
  const end = Math.max(...bars.map((bar) => bar.end ?? bar.start), ...marks.map((mark) => mark.at), 0)
  const now = running ? Math.max(clock, end) : end
  const gutter = size.width < 560 ? 84 : 148
  const width = Math.max(120, size.width - gutter - 30)
  const layout = useMemo(() => timelineRows(lanes, bars, now), [lanes, bars, now])
  const axis = useMemo(
    () =>
      foldTime(
        [
          ...bars.map((bar) => ({ start: bar.start, end: Math.max(bar.end ?? now, bar.start) })),
          ...marks.map((mark) => ({ start: mark.at, end: mark.at })),
        ],
        { width },
      ),
    [bars, marks, now, width],
  )
  const x = (at: number) => gutter + timeToX(axis, at)
  const height = HEAD + layout.count * ROW + 6
  const drag = useDrag(gutter, (a, b) => onRange?.(b - a < 4 ? undefined : [xToTime(axis, a), xToTime(axis, b)]))
  return (
    <div ref={ref} className="w-full select-none">
      {size.width === 0 ? null : (
        <svg
          width={size.width}
          height={height}
          role="group"
          aria-label={label}
          className="block touch-pan-y"
          {...(onRange ? drag.handlers : {})}
        >
          <Axis axis={axis} gutter={gutter} height={height} />
          {layout.rows.map(({ lane, row, bars: placed }, i) => (
            <g key={lane.id}>
              {i > 0 ? (
                <line x1={0} x2={size.width} y1={HEAD + row * ROW} y2={HEAD + row * ROW} stroke="var(--line)" />
              ) : null}
              <text x={4} y={HEAD + row * ROW + 19} fontSize="12" fill="var(--ink-2)" fontWeight="500">
                {clip(lane.label, gutter < 100 ? 10 : 20)}
                <title>{lane.hint ?? lane.label}</title>
              </text>
              {placed.map((bar) => (
                <Bar
                  key={bar.id}
                  bar={bar}
                  x0={x(bar.start)}
                  x1={x(bar.end ?? now)}
                  y={HEAD + bar.row * ROW + 4}
                  selected={bar.id === selected}
                  onSelect={onSelect}
                />
              ))}
              {marks
                .filter((mark) => mark.lane === lane.id)
                .map((mark) => (
                  <circle
                    key={mark.id}
                    cx={x(mark.at)}
                    cy={HEAD + row * ROW + 15}
                    r="4"
                    fill={toneColor(mark.tone)}
                    stroke="var(--surface)"
                    strokeWidth="1.5"
                  >
                    <title>{mark.title}</title>
                  </circle>
                ))}
            </g>
          ))}
          {range ? (
            <rect
              x={x(range[0])}
              width={Math.max(1, x(range[1]) - x(range[0]))}
              y={HEAD}
              height={height - HEAD}
              fill="var(--accent)"
              opacity="0.14"
            />
          ) : null}
          {drag.box ? (
            <rect
              x={gutter + drag.box[0]}
              width={drag.box[1] - drag.box[0]}
              y={HEAD}
              height={height - HEAD}
              fill="var(--accent)"
              opacity="0.2"
            />
          ) : null}
        </svg>
      )}
    </div>
  )
}

const clip = (text: string, n: number) => (text.length > n ? `${text.slice(0, n - 1)}…` : text)

function Bar({
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

function Axis({ axis, gutter, height }: { axis: ReturnType<typeof foldTime>; gutter: number; height: number }) {
  const fine = axis.pieces.some(
    (piece) =>
      !piece.folded &&
      piece.x1 - piece.x0 > 30 &&
      timeStep(piece.to - piece.from, Math.max(1, (piece.x1 - piece.x0) / 86)) < 1000,
  )
  const ticks = axis.pieces
    .filter((piece) => !piece.folded && piece.x1 - piece.x0 > 30)
    .flatMap((piece) => {
      const step = timeStep(piece.to - piece.from, Math.max(1, (piece.x1 - piece.x0) / 86))
      const first = Math.ceil(piece.from / step) * step
      const count = Math.floor((piece.to - first) / step) + 1
      return Array.from({ length: Math.max(0, Math.min(count, 40)) }, (_, i) => first + i * step)
    })
  return (
    <g>
      {ticks.map((at) => (
        <g key={at}>
          <line
            x1={gutter + timeToX(axis, at)}
            x2={gutter + timeToX(axis, at)}
            y1={HEAD - 4}
            y2={height}
            stroke="var(--line)"
          />
          <text
            x={gutter + timeToX(axis, at)}
            y={14}
            fontSize="10.5"
            fill="var(--ink-3)"
            textAnchor="middle"
            className="tabular"
          >
            {fine ? `${formatClock(at).slice(3)}.${String(Math.floor(at % 1000)).padStart(3, '0')}` : formatClock(at)}
          </text>
        </g>
      ))}
      {axis.pieces
        .filter((piece) => piece.folded)
        .map((piece) => (
          <g key={piece.from}>
            <title>{`Nothing happened for ${formatDuration(piece.to - piece.from)}`}</title>
            <rect x={gutter + piece.x0} y={HEAD - 4} width={piece.x1 - piece.x0} height={height} fill="var(--sunken)" />
            <path d={`M${gutter + piece.x0 + 12} ${HEAD - 6} l4 8 l4 -8 l4 8`} fill="none" stroke="var(--ink-3)" />
            <text
              x={gutter + (piece.x0 + piece.x1) / 2}
              y={height - 4}
              fontSize="10"
              fill="var(--ink-3)"
              textAnchor="middle"
            >
              {formatDuration(piece.to - piece.from)
                .split(' ')
                .slice(0, 2)
                .join(' ')}
            </text>
          </g>
        ))}
    </g>
  )
}

function useDrag(gutter: number, done: (from: number, to: number) => void) {
  const start = useRef<number | undefined>(undefined)
  const [box, setBox] = useState<[number, number] | undefined>()
  const at = (event: React.PointerEvent<SVGSVGElement>) =>
    event.clientX - event.currentTarget.getBoundingClientRect().left - gutter
  return {
    box,
    handlers: {
      onPointerDown: (event: React.PointerEvent<SVGSVGElement>) => {
        if (at(event) > 0 && event.button === 0) start.current = at(event)
      },
      onPointerMove: (event: React.PointerEvent<SVGSVGElement>) => {
        const from = start.current
        if (from === undefined) return
        const to = Math.max(0, at(event))
        if (Math.abs(to - from) > 4) setBox([Math.min(from, to), Math.max(from, to)])
      },
      onPointerUp: () => {
        if (box) done(box[0], box[1])
        start.current = undefined
        setBox(undefined)
      },
      onPointerLeave: () => {
        start.current = undefined
        setBox(undefined)
      },
    },
  }
}
