import { cx } from '../lib/cx.ts'

type SelectProps = {
  label: string
  value: string
  onChange: (value: string) => void
  options: { value: string; label: string }[]
  className?: string
}

/** A compact list to pick from, used as a filter; its label is the first option's text. */
export function Select({ label, value, onChange, options, className }: SelectProps) {
  return (
    <select
      aria-label={label}
      value={value}
      onChange={(event) => onChange(event.target.value)}
      className={cx(
        'h-8 max-w-52 rounded-md border bg-surface pr-1 pl-2 text-sm hover:border-ink-3 focus-visible:outline-offset-0',
        value ? 'border-accent text-accent-ink' : 'border-line-strong text-ink-2',
        className,
      )}
    >
      {options.map((option) => (
        <option key={option.value} value={option.value}>
          {option.label}
        </option>
      ))}
    </select>
  )
}
