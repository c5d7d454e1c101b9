import { createContext, useContext } from 'react'
import { Button } from './button.tsx'
import { Choices } from './choices.tsx'
import { Field, INPUT, TEXTAREA } from './field.tsx'
import {
  choicesOf,
  type FormIssue,
  type FormSchema,
  fieldKind,
  fieldTitle,
  initialValue,
  mayBeNull,
  plainSchema,
} from './schema-form-rules.ts'
import { NumberMap, Picks, Rows } from './schema-rows.tsx'
import { Switch } from './switch.tsx'

/** What may be named, by the word of the schema's `x-ref`. */
export type FormRefs = Readonly<Record<string, readonly { value: string; label: string }[]>>
const Refs = createContext<FormRefs>({})
export const useRefs = (word: string | undefined) => {
  const refs = useContext(Refs)
  return word ? refs[word] : undefined
}

type FormProps = {
  schema: FormSchema
  value: Record<string, unknown>
  onChange: (value: Record<string, unknown>) => void
  issues?: FormIssue[]
  prefix?: string
  /** Small inputs side by side, choices as lists: for rows. */
  dense?: boolean
}

/** A form asked for by a JSON Schema. The caller holds the value and decides when issues are shown. */
export function SchemaForm({ refs, ...props }: FormProps & { refs?: FormRefs }) {
  return refs ? (
    <Refs.Provider value={refs}>
      <Fields {...props} />
    </Refs.Provider>
  ) : (
    <Fields {...props} />
  )
}

function Fields({ schema, value, onChange, issues = [], prefix = '', dense = false }: FormProps) {
  return (
    <div className={dense ? 'grid gap-x-3 gap-y-2 sm:grid-cols-2 lg:grid-cols-3' : 'flex flex-col gap-4'}>
      {Object.entries(schema.properties ?? {}).map(([name, raw]) => {
        const path = prefix ? `${prefix}.${name}` : name
        const set = (next: unknown) => onChange({ ...value, [name]: next })
        return (
          <SchemaField
            key={name}
            name={name}
            path={path}
            schema={plainSchema(raw)}
            nullable={mayBeNull(raw)}
            required={schema.required?.includes(name) ?? false}
            value={value[name]}
            onChange={set}
            issues={issues}
            dense={dense}
          />
        )
      })}
    </div>
  )
}

export type FieldProps = {
  name: string
  path: string
  schema: FormSchema
  nullable: boolean
  required: boolean
  value: unknown
  onChange: (value: unknown) => void
  issues: FormIssue[]
  dense: boolean
}

const WIDE = 'sm:col-span-2 lg:col-span-3'

function SchemaField(props: FieldProps) {
  const { name, path, schema, required, value, onChange, issues, dense } = props
  const kind = fieldKind(schema)
  const title = fieldTitle(name, schema)
  const error = issues.find((issue) => issue.field === path)?.message
  if (kind === 'group') return <Group {...props} title={title} />
  if (kind === 'rows' || kind === 'picks' || kind === 'map') {
    const Part = kind === 'rows' ? Rows : kind === 'picks' ? Picks : NumberMap
    return (
      <div className={dense ? WIDE : undefined}>
        <Part {...props} title={title} error={error} />
      </div>
    )
  }
  if (kind === 'flag')
    return (
      <div className={dense ? 'self-end pb-1' : undefined}>
        <Switch label={title} checked={value === true} onChange={onChange} />
      </div>
    )
  if (kind === 'choice' && !dense)
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
    <Field
      label={title}
      hint={schema.description}
      error={error}
      required={required}
      {...(dense && (kind === 'long' || kind === 'list') ? { className: 'sm:col-span-2 lg:col-span-3' } : {})}
    >
      {(field) => (
        <ValueInput
          {...field}
          name={path}
          kind={kind}
          dense={dense}
          schema={schema}
          value={value}
          onChange={onChange}
        />
      )}
    </Field>
  )
}

function Group({
  title,
  schema,
  nullable,
  required,
  value,
  onChange,
  issues,
  path,
  dense,
}: FieldProps & { title: string }) {
  if ((value === null || value === undefined) && (nullable || !required))
    return (
      <div className={dense ? WIDE : undefined}>
        <Button size="sm" onClick={() => onChange(initialValue(schema))}>
          Add {title.toLowerCase()}
        </Button>
      </div>
    )
  return (
    <fieldset className={`rounded-md border border-line p-3 ${dense ? WIDE : ''}`}>
      <legend className="px-1 text-xs font-medium text-ink-2">{title}</legend>
      <SchemaForm
        schema={schema}
        prefix={path}
        issues={issues}
        dense
        value={(value as Record<string, unknown>) ?? {}}
        onChange={onChange}
      />
      {nullable ? (
        <p className="mt-2">
          <Button size="sm" look="quiet" onClick={() => onChange(null)}>
            Leave {title.toLowerCase()} out
          </Button>
        </p>
      ) : null}
    </fieldset>
  )
}

type InputProps = {
  id: string
  name: string
  kind: ReturnType<typeof fieldKind>
  schema: FormSchema
  value: unknown
  onChange: (value: unknown) => void
  dense: boolean
}

function ValueInput({ kind, schema, value, onChange, dense, ...props }: InputProps) {
  const refs = useRefs(schema['x-ref'])
  const text =
    value === undefined || value === null
      ? ''
      : Array.isArray(value)
        ? value.join('\n')
        : typeof value === 'object'
          ? JSON.stringify(value, null, 2)
          : String(value)
  if (kind === 'choice' || (refs && !['owner', 'category'].includes(schema['x-ref'] ?? ''))) {
    const choices = kind === 'choice' ? choicesOf(schema) : (refs ?? [])
    const at = choices.findIndex((choice) => choice.value === value)
    return (
      <select
        {...props}
        className={INPUT}
        value={at}
        onChange={(event) =>
          onChange(Number(event.target.value) < 0 ? null : choices[Number(event.target.value)]?.value)
        }
      >
        <option value={-1}>{text && at < 0 ? text : '–'}</option>
        {choices.map((choice, i) => (
          <option key={String(choice.value)} value={i}>
            {choice.label.replace(/_/g, ' ')}
          </option>
        ))}
      </select>
    )
  }
  if (kind === 'long' || kind === 'list' || kind === 'json')
    return (
      <textarea
        {...props}
        className={dense ? TEXTAREA.replace('min-h-20', 'min-h-9') : TEXTAREA}
        rows={dense ? 1 : kind === 'long' ? 4 : 3}
        value={text}
        placeholder={kind === 'list' ? 'One per line' : undefined}
        onChange={(event) =>
          onChange(
            kind === 'list'
              ? event.target.value === ''
                ? []
                : event.target.value.split('\n')
              : kind === 'json'
                ? parseJson(event.target.value)
                : event.target.value,
          )
        }
        onBlur={() => Array.isArray(value) && onChange(value.filter((one) => String(one).trim() !== ''))}
      />
    )
  const number = kind === 'number' || kind === 'integer'
  return (
    <>
      <input
        {...props}
        className={INPUT}
        type={number ? 'number' : kind === 'date' ? 'date' : kind === 'datetime' ? 'datetime-local' : 'text'}
        list={refs ? `${props.id}-known` : undefined}
        step={kind === 'integer' ? 1 : number ? (schema.multipleOf ?? 'any') : undefined}
        min={number ? schema.minimum : undefined}
        max={number ? schema.maximum : undefined}
        value={kind === 'datetime' ? localTime(text) : text}
        onChange={(event) => {
          const given = event.target.value
          if (number) onChange(given === '' ? undefined : Number(given))
          else onChange(kind === 'datetime' && given ? new Date(given).toISOString() : given)
        }}
      />
      {refs ? (
        <datalist id={`${props.id}-known`}>
          {refs.map((one) => (
            <option key={one.value} value={one.value}>
              {one.label}
            </option>
          ))}
        </datalist>
      ) : null}
    </>
  )
}

/** An ISO time as the local date and time an input shows. */
function localTime(iso: string): string {
  const at = new Date(iso)
  if (iso === '' || Number.isNaN(at.getTime())) return ''
  const two = (value: number) => String(value).padStart(2, '0')
  return `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}T${two(at.getHours())}:${two(at.getMinutes())}`
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}
