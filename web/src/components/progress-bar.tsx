import type { Tone } from '../lib/states.ts'
import { toneColor } from './chip.tsx'

export type ProgressPart = {
  tone: Tone
  value: number
  /** Under way, not done: drawn pale, and not counted. */
  isOpen?: boolean
}

/** How much of something is done. Parts are drawn one after the other in their tones; `label` is read out. */
export function ProgressBar({
  parts,
  total,
  label,
  height = 6,
}: {
  parts: ProgressPart[]
  total: number
  label: string
  height?: number
}) {
  const done = parts.filter((part) => !part.isOpen).reduce((sum, part) => sum + part.value, 0)
  const percent = total > 0 ? Math.round((100 * done) / total) : 0
  return (
    <div
      role="progressbar"
      aria-label={label}
      aria-valuenow={percent}
      aria-valuemin={0}
      aria-valuemax={100}
      className="flex w-full overflow-hidden rounded-full bg-sunken ring-1 ring-line ring-inset"
      style={{ height }}
    >
      {parts
        .filter((part) => part.value > 0)
        .map((part) => (
          <div
            key={part.tone}
            className="h-full transition-[width] duration-150"
            style={{
              width: `${total > 0 ? (100 * part.value) / total : 0}%`,
              background: toneColor(part.tone),
              opacity: part.isOpen ? 0.35 : 1,
            }}
          />
        ))}
    </div>
  )
}
