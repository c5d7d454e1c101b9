import { Choices } from './choices.tsx'
import { Field, INPUT, TEXTAREA } from './field.tsx'
import { choicesOf, type FormIssue, type FormSchema, fieldKind, fieldTitle, plainSchema } from './schema-form-rules.ts'
import { Switch } from './switch.tsx'

type FormProps = {
  schema: FormSchema
  value: Record<string, unknown>
  onChange: (value: Record<string, unknown>) => void
  issues?: FormIssue[]
  prefix?: string
}

/** A form asked for by a JSON Schema. The caller holds the value and decides when issues are shown. */
export function SchemaForm({ schema, value, onChange, issues = [], prefix = '' }: FormProps) {
  return (
    <div className="flex flex-col gap-4">
      {Object.entries(schema.properties ?? {}).map(([name, raw]) => {
        const path = prefix ? `${prefix}.${name}` : name
        const set = (next: unknown) => onChange({ ...value, [name]: next })
        return (
          <SchemaField
            key={name}
            name={name}
            path={path}
            schema={plainSchema(raw)}
            required={schema.required?.includes(name) ?? false}
            value={value[name]}
            onChange={set}
            issues={issues}
          />
        )
      })}
    </div>
  )
}

type FieldProps = {
  name: string
  path: string
  schema: FormSchema
  required: boolean
  value: unknown
  onChange: (value: unknown) => void
  issues: FormIssue[]
}

function SchemaField({ name, path, schema, required, value, onChange, issues }: FieldProps) {
  const kind = fieldKind(schema)
  const title = fieldTitle(name, schema)
  const error = issues.find((issue) => issue.field === path)?.message
  if (kind === 'group')
    return (
      <fieldset className="rounded-md border border-line p-3">
        <legend className="px-1 text-xs font-medium text-ink-2">{title}</legend>
        <SchemaForm
          schema={schema}
          prefix={path}
          issues={issues}
          value={(value as Record<string, unknown>) ?? {}}
          onChange={onChange}
        />
      </fieldset>
    )
  if (kind === 'flag') return <Switch label={title} checked={value === true} onChange={onChange} />
  if (kind === 'choice')
    return (
      <Choices
        label={title}
        required={required}
        hint={schema.description}
        error={error}
        choices={choicesOf(schema)}
        value={value}
        onChange={onChange}
      />
    )
  return (
    <Field label={title} hint={schema.description} error={error} required={required}>
      {(props) => <ValueInput {...props} kind={kind} schema={schema} value={value} onChange={onChange} />}
    </Field>
  )
}

type InputProps = {
  id: string
  kind: ReturnType<typeof fieldKind>
  schema: FormSchema
  value: unknown
  onChange: (value: unknown) => void
}

function ValueInput({ kind, schema, value, onChange, ...props }: InputProps) {
  const text =
    value === undefined || value === null
      ? ''
      : Array.isArray(value)
        ? value.join('\n')
        : typeof value === 'object'
          ? JSON.stringify(value, null, 2)
          : String(value)
  if (kind === 'long' || kind === 'list' || kind === 'json')
    return (
      <textarea
        {...props}
        className={TEXTAREA}
        rows={kind === 'long' ? 4 : 3}
        value={text}
        placeholder={kind === 'list' ? 'One per line' : undefined}
        onChange={(event) =>
          onChange(
            kind === 'list'
              ? event.target.value.split('\n').filter(Boolean)
              : kind === 'json'
                ? parseJson(event.target.value)
                : event.target.value,
          )
        }
      />
    )
  const number = kind === 'number' || kind === 'integer'
  return (
    <input
      {...props}
      className={INPUT}
      type={number ? 'number' : kind === 'date' ? 'date' : 'text'}
      step={kind === 'integer' ? 1 : number ? (schema.multipleOf ?? 'any') : undefined}
      min={number ? schema.minimum : undefined}
      max={number ? schema.maximum : undefined}
      value={text}
      onChange={(event) =>
        onChange(number ? (event.target.value === '' ? undefined : Number(event.target.value)) : event.target.value)
      }
    />
  )
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}
