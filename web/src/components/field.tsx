import { type ReactNode, useId } from 'react'
import { cx } from '../lib/cx.ts'

export const INPUT =
  'w-full rounded-md border border-line-strong bg-surface px-2.5 text-sm text-ink h-8 hover:border-ink-3 focus-visible:outline-offset-0 disabled:opacity-60 aria-[invalid=true]:border-failed'
export const TEXTAREA = INPUT.replace('h-8', 'py-2 min-h-20 leading-5')

export type FieldProps = {
  label: ReactNode
  hint?: ReactNode
  error?: string | undefined
  required?: boolean
  className?: string
  children: (props: {
    id: string
    'aria-describedby': string | undefined
    'aria-invalid': boolean | undefined
  }) => ReactNode
}

/** A labelled input with hint and error, tied together for screen readers. */
export function Field({ label, hint, error, required = false, className, children }: FieldProps) {
  const id = useId()
  const note = `${id}-note`
  return (
    <div className={cx('flex flex-col gap-1', className)}>
      <label htmlFor={id} className="text-xs font-medium text-ink-2">
        {label}
        {required ? (
          <span className="text-failed-ink" title="required">
            {' '}
            *
          </span>
        ) : null}
      </label>
      {children({ id, 'aria-describedby': hint || error ? note : undefined, 'aria-invalid': error ? true : undefined })}
      {error || hint ? (
        <p id={note} className={cx('text-xs', error ? 'text-failed-ink' : 'text-ink-3')}>
          {error ?? hint}
        </p>
      ) : null}
    </div>
  )
}
