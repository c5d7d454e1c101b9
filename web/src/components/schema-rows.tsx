import { Plus, X } from 'lucide-react'
import { useId } from 'react'
import { Button } from './button.tsx'
import { INPUT } from './field.tsx'
import { type FieldProps, SchemaForm, useRefs } from './schema-form.tsx'
import { choicesOf, initialValue, plainSchema } from './schema-form-rules.ts'

type PartProps = FieldProps & { title: string; error: string | undefined }

const Note = ({ error, hint }: { error: string | undefined; hint?: string | undefined }) =>
  error || hint ? <p className={`text-xs ${error ? 'text-failed-ink' : 'text-ink-3'}`}>{error ?? hint}</p> : null

const singular = (title: string) => title.toLowerCase().replace(/ies$/, 'y').replace(/s$/, '')

/** A list of things with fields of their own: each a small form, one more by a button. */
export function Rows({ title, schema, required, value, onChange, issues, path, error }: PartProps) {
  const item = plainSchema(schema.items ?? {})
  const rows = Array.isArray(value) ? (value as Record<string, unknown>[]) : []
  return (
    <fieldset className="flex flex-col gap-2">
      <legend className="mb-1 text-xs font-medium text-ink-2">
        {title}
        {required ? <span className="text-failed-ink"> *</span> : null}
      </legend>
      {rows.map((row, i) => (
        <div key={i} className="flex items-start gap-1 rounded-md border border-line bg-sunken p-2.5">
          <div className="min-w-0 flex-1">
            <SchemaForm
              dense
              schema={item}
              prefix={`${path}.${i}`}
              issues={issues}
              value={row}
              onChange={(next) => onChange(rows.map((one, n) => (n === i ? next : one)))}
            />
          </div>
          <Button
            size="sm"
            look="quiet"
            icon={X}
            aria-label={`Remove ${singular(title)} ${i + 1}`}
            onClick={() => onChange(rows.filter((_, n) => n !== i))}
          />
        </div>
      ))}
      <Note error={error} hint={schema.description} />
      <span>
        <Button size="sm" icon={Plus} onClick={() => onChange([...rows, initialValue(item)])}>
          Add {singular(title)}
        </Button>
      </span>
    </fieldset>
  )
}

/** Several of what is known, each with a tick; nothing known is asked one per line. */
export function Picks({ title, schema, required, value, onChange, error }: PartProps) {
  const item = plainSchema(schema.items ?? {})
  const known = useRefs(item['x-ref'])
  const choices = known ?? choicesOf(item).map(({ value: one, label }) => ({ value: String(one), label }))
  const chosen = Array.isArray(value) ? (value as string[]) : []
  const others = chosen.filter((one) => !choices.some((choice) => choice.value === one))
  const id = useId()
  return (
    <fieldset aria-describedby={error ? `${id}-note` : undefined}>
      <legend className="mb-1 text-xs font-medium text-ink-2">
        {title}
        {required ? <span className="text-failed-ink"> *</span> : null}
      </legend>
      {choices.length + others.length === 0 ? (
        <p className="text-xs text-ink-3">There is nothing to choose from yet.</p>
      ) : (
        <div className="flex max-h-40 flex-wrap gap-x-4 gap-y-1 overflow-y-auto">
          {[...choices, ...others.map((one) => ({ value: one, label: one }))].map((choice) => (
            <label key={choice.value} className="flex min-h-6 items-center gap-1.5 text-sm">
              <input
                type="checkbox"
                className="accent-[var(--accent)]"
                checked={chosen.includes(choice.value)}
                onChange={(event) =>
                  onChange(
                    event.target.checked ? [...chosen, choice.value] : chosen.filter((one) => one !== choice.value),
                  )
                }
              />
              {choice.label.replace(/_/g, ' ')}
            </label>
          ))}
        </div>
      )}
      <span id={`${id}-note`}>
        <Note error={error} />
      </span>
    </fieldset>
  )
}

/** A number for each name that is already there. */
export function NumberMap({ title, schema, value, onChange, error }: PartProps) {
  const numbers = (value ?? {}) as Record<string, number | undefined>
  const limits = typeof schema.additionalProperties === 'object' ? schema.additionalProperties : {}
  return (
    <fieldset>
      <legend className="mb-1 text-xs font-medium text-ink-2">{title}</legend>
      <div className="grid gap-2 sm:grid-cols-3 lg:grid-cols-5">
        {Object.keys(numbers).map((name) => (
          <label key={name} className="text-2xs text-ink-2">
            {name}
            <input
              type="number"
              step="any"
              min={limits.minimum}
              max={limits.maximum}
              className={INPUT}
              value={numbers[name] ?? ''}
              onChange={(event) =>
                onChange({ ...numbers, [name]: event.target.value === '' ? undefined : Number(event.target.value) })
              }
            />
          </label>
        ))}
      </div>
      <Note error={error} />
    </fieldset>
  )
}
