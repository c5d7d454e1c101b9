import { cx } from '../../../lib/cx.ts'

/** Variables to draw, as toggles. */
export function VariableChips({
  names,
  chosen,
  onToggle,
}: {
  names: readonly string[]
  chosen: readonly string[]
  onToggle: (name: string) => void
}) {
  return names.map((name) => (
    <button
      key={name}
      type="button"
      aria-pressed={chosen.includes(name)}
      onClick={() => onToggle(name)}
      className={cx(
        'h-6 rounded-full border px-2.5 text-xs',
        chosen.includes(name)
          ? 'border-accent bg-accent-soft text-accent-ink'
          : 'border-line-strong text-ink-2 hover:bg-hover',
      )}
    >
      {name}
    </button>
  ))
}
