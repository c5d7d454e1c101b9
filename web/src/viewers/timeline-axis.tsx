import { formatClock, formatDuration } from '../lib/format.ts'
import { type FoldedAxis, timeToX } from './fold-time.ts'
import { timeStep } from './scale.ts'

export const HEAD = 26

/** The times along the top, and a label on each gap that was folded. */
export function Axis({ axis, gutter, height }: { axis: FoldedAxis; gutter: number; height: number }) {
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
