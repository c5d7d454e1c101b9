import { useId } from 'react'
import { cx } from '../lib/cx.ts'

type ChoicesProps = {
  label: string
  choices: { value: unknown; label: string; hint?: string | undefined }[]
  value: unknown
  onChange: (value: unknown) => void
  required?: boolean
  hint?: string | undefined
  error?: string | undefined
}

/** One of a few, each shown; more than seven become a list to pick from. */
export function Choices({ label, choices, value, onChange, required = false, hint, error }: ChoicesProps) {
  const id = useId()
  const note = error ?? hint
  return (
    <fieldset aria-describedby={note ? `${id}-note` : undefined}>
      <legend className="mb-1.5 text-xs font-medium text-ink-2">
        {label}
        {required ? <span className="text-failed-ink"> *</span> : null}
      </legend>
      {choices.length > 7 ? (
        <select
          aria-label={label}
          className="h-8 w-full rounded-md border border-line-strong bg-surface px-2 text-sm"
          value={choices.findIndex((choice) => choice.value === value)}
          onChange={(event) => onChange(choices[Number(event.target.value)]?.value)}
        >
          <option value={-1}>Choose…</option>
          {choices.map((choice, i) => (
            <option key={choice.label} value={i}>
              {choice.label}
            </option>
          ))}
        </select>
      ) : (
        <div className="flex flex-col gap-1.5">
          {choices.map((choice) => (
            <label
              key={choice.label}
              className={cx(
                'flex cursor-pointer items-start gap-2.5 rounded-md border px-3 py-2 text-sm',
                choice.value === value
                  ? 'border-accent bg-accent-soft'
                  : 'border-line-strong bg-surface hover:bg-hover',
              )}
            >
              <input
                type="radio"
                name={id}
                className="mt-1 accent-[var(--accent)]"
                checked={choice.value === value}
                onChange={() => onChange(choice.value)}
              />
              <span className="min-w-0">
                {choice.label}
                {choice.hint ? <span className="block text-xs text-ink-2">{choice.hint}</span> : null}
              </span>
            </label>
          ))}
        </div>
      )}
      {note ? (
        <p id={`${id}-note`} className={cx('mt-1 text-xs', error ? 'text-failed-ink' : 'text-ink-3')}>
          {note}
        </p>
      ) : null}
    </fieldset>
  )
}
