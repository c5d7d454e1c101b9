export const LEVELS = ['MILESTONE', 'DECISION', 'ACTION', 'STATE', 'DETAIL'] as const
export type Level = (typeof LEVELS)[number]

/** How fine the events are shown: a level shows itself and everything rarer. */
export function LevelSlider({
  value,
  onChange,
  label = 'Level',
}: {
  value: Level
  onChange: (level: Level) => void
  label?: string
}) {
  return (
    <label className="inline-flex items-center gap-2 text-xs text-ink-2">
      <span className="text-ink-3">{label}</span>
      <input
        type="range"
        min={0}
        max={LEVELS.length - 1}
        step={1}
        value={LEVELS.indexOf(value)}
        aria-valuetext={value.toLowerCase()}
        onChange={(event) => onChange(LEVELS[Number(event.target.value)] ?? 'DETAIL')}
        className="w-28 accent-[var(--accent)]"
      />
      <span className="w-18 font-medium">{value.charAt(0) + value.slice(1).toLowerCase()}</span>
    </label>
  )
}

/** A level (or simulation event type) as a colour that is no state. */
export function levelColor(level: string): string {
  return (
    {
      MILESTONE: 'var(--series-1)',
      DECISION: 'var(--series-3)',
      ACTION: 'var(--series-2)',
      STATE: 'var(--series-6)',
      DETAIL: 'var(--series-8)',
      SYSTEM: 'var(--series-4)',
    }[level] ?? 'var(--series-8)'
  )
}

/** A level as a small coloured word. */
export function LevelMark({ level }: { level: string }) {
  return (
    <span className="inline-flex items-center gap-1.5 text-2xs font-medium text-ink-2">
      <span className="size-2 rounded-full" style={{ background: levelColor(level) }} aria-hidden="true" />
      {level.charAt(0) + level.slice(1).toLowerCase()}
    </span>
  )
}
