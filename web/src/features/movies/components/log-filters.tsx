const LOOK = 'h-8 rounded-md border border-line-strong bg-surface px-2 text-xs'

type FilterProps = { label: string; value: string | undefined; onChange: (value: string) => void }

/** A filter by an exact word. */
export function TextFilter({ label, value, onChange }: FilterProps) {
  return (
    <input
      aria-label={label}
      placeholder={label}
      value={value ?? ''}
      onChange={(event) => onChange(event.target.value.trim())}
      className={`${LOOK} w-32 font-mono`}
    />
  )
}

/** A filter by time, in the reader's own zone. */
export function TimeFilter({ label, value, onChange }: FilterProps) {
  return (
    <label className="flex items-center gap-1 text-xs text-ink-2">
      {label}
      <input
        type="datetime-local"
        value={value ?? ''}
        onChange={(event) => onChange(event.target.value)}
        className={LOOK}
      />
    </label>
  )
}

/** What such a filter holds, as ISO 8601 UTC; undefined when it holds nothing. */
export function timeOf(local: string | undefined): string | undefined {
  const at = local ? Date.parse(local) : Number.NaN
  return Number.isNaN(at) ? undefined : new Date(at).toISOString()
}
