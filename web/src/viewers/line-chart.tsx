import { useMemo, useState } from 'react'
import { formatNumber } from '../lib/format.ts'
import { linePath, type Point, thinPoints, valueAt } from './line-path.ts'
import { niceTicks, paddedRange, scaleLinear } from './scale.ts'
import { useSize } from './use-size.ts'

export type ChartSeries = { id: string; label: string; points: Point[]; color?: string; dashed?: boolean }

type LineChartProps = {
  label: string
  series: ChartSeries[]
  height?: number
  xWord?: (x: number) => string
  /** A vertical line, such as the turn on show. */
  cursor?: number | undefined
  onCursor?: (x: number) => void
  xRange?: [number, number]
  step?: boolean
  /** Only whole numbers on the x axis, as turns are. */
  wholeX?: boolean
  flags?: { x: number; label: string }[]
  /** Pixels kept free at the left, to share an axis with a drawing above or below. */
  gutter?: number
}

const colorOf = (series: ChartSeries, i: number) => series.color ?? `var(--series-${(i % 8) + 1})`

/** Lines over a common axis with the values at the pointer. Peaks survive thinning; a table of the values is there for screen readers. */
export function LineChart({
  label,
  series,
  height = 220,
  xWord = String,
  cursor,
  onCursor,
  xRange,
  step = false,
  wholeX = false,
  flags = [],
  gutter = 52,
}: LineChartProps) {
  const [ref, size] = useSize<HTMLDivElement>()
  const [hover, setHover] = useState<number | undefined>()
  const all = series.flatMap((one) => one.points)
  const xs = xRange ?? ([Math.min(...all.map((p) => p.x)), Math.max(...all.map((p) => p.x))] as [number, number])
  const [low, high] = useMemo(() => paddedRange(series.flatMap((one) => one.points.map((p) => p.y))), [series])
  const x = scaleLinear(xs, [gutter, Math.max(gutter + 40, size.width - 12)])
  const y = scaleLinear([low, high], [height - 22, 8])
  const shown = hover ?? cursor
  const pick = (event: React.PointerEvent<SVGSVGElement>) => {
    const left = event.clientX - event.currentTarget.getBoundingClientRect().left
    const share = Math.max(0, Math.min(1, (left - gutter) / Math.max(1, size.width - 12 - gutter)))
    const at = Math.round(xs[0] + share * (xs[1] - xs[0]))
    return wholeX ? Math.max(Math.ceil(xs[0]), Math.min(Math.floor(xs[1]), at)) : at
  }
  const paths = useMemo(
    () => series.map((one) => thinPoints(one.points, Math.max(1, Math.round(size.width / 2)))),
    [series, size.width],
  )
  return (
    <figure className="m-0" aria-label={label}>
      <div ref={ref} className="w-full">
        {size.width === 0 || all.length === 0 ? (
          <div style={{ height }} />
        ) : (
          <svg
            width={size.width}
            height={height}
            role="img"
            aria-label={`${label}: ${series.map((one) => one.label).join(', ')}`}
            className="block touch-pan-y"
            onPointerMove={(event) => setHover(pick(event))}
            onPointerLeave={() => setHover(undefined)}
            onPointerDown={(event) => onCursor?.(pick(event))}
          >
            {niceTicks(low, high, height > 120 ? 4 : 2).map((tick) => (
              <g key={tick}>
                <line x1={gutter} x2={size.width - 12} y1={y(tick)} y2={y(tick)} stroke="var(--line)" />
                <text
                  x={gutter - 8}
                  y={y(tick) + 3.5}
                  fontSize="10.5"
                  fill="var(--ink-3)"
                  textAnchor="end"
                  className="tabular"
                >
                  {formatNumber(tick, 4)}
                </text>
              </g>
            ))}
            {niceTicks(xs[0], xs[1], Math.max(2, Math.floor(size.width / 110)))
              .filter((tick) => !wholeX || Number.isInteger(tick))
              .map((tick) => (
                <text
                  key={tick}
                  x={x(tick)}
                  y={height - 6}
                  fontSize="10.5"
                  fill="var(--ink-3)"
                  textAnchor={x(tick) > size.width - 36 ? 'end' : 'middle'}
                  className="tabular"
                >
                  {xWord(tick)}
                </text>
              ))}
            {paths.map((points, i) => (
              <path
                key={series[i]!.id}
                d={linePath(points, x, y, step)}
                fill="none"
                stroke={colorOf(series[i]!, i)}
                strokeWidth="1.8"
                strokeLinejoin="round"
                strokeDasharray={series[i]!.dashed ? '5 4' : undefined}
              />
            ))}
            {flags.map((flag) => (
              <g key={flag.label}>
                <line x1={x(flag.x)} x2={x(flag.x)} y1={4} y2={height - 22} stroke="var(--waiting)" strokeWidth="1.5" />
                <path d={`M${x(flag.x)} 4h10l-3 4l3 4h-10Z`} fill="var(--waiting)" />
                <title>{flag.label}</title>
              </g>
            ))}
            {shown === undefined ? null : (
              <g>
                <line x1={x(shown)} x2={x(shown)} y1={4} y2={height - 22} stroke="var(--accent)" strokeWidth="1.5" />
                {series.map((one, i) => {
                  const value = valueAt(one.points, shown)
                  return value ? (
                    <circle
                      key={one.id}
                      cx={x(shown)}
                      cy={y(value.y)}
                      r="3.5"
                      fill={colorOf(one, i)}
                      stroke="var(--surface)"
                    />
                  ) : null
                })}
              </g>
            )}
          </svg>
        )}
      </div>
      <figcaption className="flex flex-wrap gap-x-4 gap-y-1 px-1 text-xs text-ink-2">
        {shown === undefined ? null : <span className="tabular font-semibold text-ink">{xWord(shown)}</span>}
        {series.map((one, i) => {
          const value = shown === undefined ? one.points.at(-1) : valueAt(one.points, shown)
          return (
            <span key={one.id} className="inline-flex items-center gap-1.5">
              <svg width="16" height="4" aria-hidden="true">
                <line
                  x1="0"
                  x2="16"
                  y1="2"
                  y2="2"
                  stroke={colorOf(one, i)}
                  strokeWidth="2.5"
                  strokeDasharray={one.dashed ? '4 2' : undefined}
                />
              </svg>
              {one.label} <span className="tabular font-mono text-ink">{value ? formatNumber(value.y, 3) : '–'}</span>
            </span>
          )
        })}
      </figcaption>
    </figure>
  )
}
