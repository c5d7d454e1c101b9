import { useMemo } from 'react'
import { cx } from '../lib/cx.ts'
import { type MatrixPoint, matrixLayout, severity } from './matrix-layout.ts'

type MatrixProps = {
  label: string
  points: MatrixPoint[]
  xLabel: string
  yLabel: string
  size?: number
  selected?: string | undefined
  onSelect?: (id: string) => void
}

const shade = (s: number) =>
  s >= 0.6 ? 'var(--failed-soft)' : s >= 0.32 ? 'var(--waiting-soft)' : s >= 0.12 ? 'var(--sunken)' : 'var(--surface)'

/** Two scales against each other, such as probability × impact; a dot opens what it stands for. */
export function Matrix({ label, points, xLabel, yLabel, size = 5, selected, onSelect }: MatrixProps) {
  const placed = useMemo(() => matrixLayout(points, size, size), [points, size])
  return (
    <section aria-label={label} className="flex w-full max-w-[560px] gap-2">
      <p className="flex w-5 items-center justify-center text-xs text-ink-2 [writing-mode:vertical-rl] rotate-180">
        {yLabel} →
      </p>
      <div className="min-w-0 flex-1">
        <div className="relative aspect-[4/3] overflow-hidden rounded-md border border-line">
          <div
            className="grid h-full"
            style={{ gridTemplateColumns: `repeat(${size},1fr)`, gridTemplateRows: `repeat(${size},1fr)` }}
            aria-hidden="true"
          >
            {Array.from({ length: size * size }, (_, i) => (
              <div
                key={i}
                className="border-r border-b border-line"
                style={{ background: shade(severity((i % size) + 1, size - Math.floor(i / size), size, size)) }}
              />
            ))}
          </div>
          {placed.map((point, i) => (
            <button
              key={point.id}
              type="button"
              title={point.label}
              aria-label={`${i + 1}: ${point.label}, ${xLabel} ${point.column}, ${yLabel} ${point.row}`}
              aria-pressed={point.id === selected}
              onClick={() => onSelect?.(point.id)}
              style={{ left: `${point.cx * 100}%`, top: `${point.cy * 100}%` }}
              className={cx(
                'tabular absolute grid size-6 -translate-x-1/2 -translate-y-1/2 place-items-center rounded-full border-2 text-2xs font-semibold',
                point.id === selected
                  ? 'border-accent bg-accent text-on-accent'
                  : 'border-surface bg-ink text-surface hover:bg-ink-2',
              )}
            >
              {i + 1}
            </button>
          ))}
        </div>
        <p className="mt-1 text-center text-xs text-ink-2">{xLabel} →</p>
      </div>
    </section>
  )
}
