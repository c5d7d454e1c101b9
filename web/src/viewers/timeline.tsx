import { useMemo } from 'react'
import { toneColor } from '../components/chip.tsx'
import { useNow } from '../lib/use-now.ts'
import { foldTime, timeToX, xToTime } from './fold-time.ts'
import { Axis, HEAD } from './timeline-axis.tsx'
import { Bar, clip } from './timeline-bar.tsx'
import { busyTimes, type TimelineBar, type TimelineLane, type TimelineMark, timelineRows } from './timeline-rows.ts'
import { useDrag } from './use-drag.ts'
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
  const axis = useMemo(() => foldTime(busyTimes(bars, marks, now), { width }), [bars, marks, now, width])
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
