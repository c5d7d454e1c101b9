import { sparklinePath } from './sparkline-path.ts'

/** A line of values without axes; `label` tells what it shows to who cannot see it. */
export function Sparkline({
  values,
  width = 96,
  height = 24,
  color = 'var(--series-1)',
  label,
}: {
  values: number[]
  width?: number
  height?: number
  color?: string
  label: string
}) {
  const { line, area, last } = sparklinePath(values, width, height)
  return (
    <svg
      width={width}
      height={height}
      viewBox={`0 0 ${width} ${height}`}
      role="img"
      aria-label={label}
      className="shrink-0 overflow-visible"
    >
      <path d={area} fill={color} opacity="0.12" />
      <path d={line} fill="none" stroke={color} strokeWidth="1.5" strokeLinejoin="round" strokeLinecap="round" />
      {last ? <circle cx={last.x} cy={last.y} r="2" fill={color} /> : null}
    </svg>
  )
}
