/** The part of JSON Schema that questions to people use. */
export type FormSchema = {
  type?: string | string[]
  title?: string
  description?: string
  properties?: Record<string, FormSchema>
  required?: string[]
  items?: FormSchema
  enum?: unknown[]
  const?: unknown
  oneOf?: FormSchema[]
  anyOf?: FormSchema[]
  format?: string
  default?: unknown
  minimum?: number
  maximum?: number
  exclusiveMinimum?: number
  exclusiveMaximum?: number
  multipleOf?: number
  minLength?: number
  maxLength?: number
  pattern?: string
  minItems?: number
  maxItems?: number
  additionalProperties?: FormSchema | boolean
  /** What the value names: the form offers the choices given under this word. */
  'x-ref'?: string
}
export type FormIssue = { field: string; message: string }
export type FieldKind =
  | 'choice'
  | 'flag'
  | 'number'
  | 'integer'
  | 'text'
  | 'long'
  | 'date'
  | 'datetime'
  | 'list'
  | 'picks'
  | 'rows'
  | 'map'
  | 'group'
  | 'json'

/** The schema without its "or null" alternative; of an object or a text, the object. */
export function plainSchema(schema: FormSchema): FormSchema {
  const options = schema.anyOf ?? schema.oneOf
  const real = options?.filter((one) => one.type !== 'null')
  const chosen = real?.length === 1 ? real[0] : real?.find((one) => one.properties)
  if (!chosen) return schema
  const { anyOf: _any, oneOf: _one, ...rest } = schema
  return { ...rest, ...chosen, title: schema.title ?? chosen.title }
}

/** Whether null is an answer: such a group starts folded away. */
export const mayBeNull = (schema: FormSchema): boolean =>
  (schema.anyOf ?? schema.oneOf ?? []).some((one) => one.type === 'null')

/** The choices of a schema: its enum, or a list of constants with titles. */
export function choicesOf(schema: FormSchema): { value: unknown; label: string }[] {
  if (schema.enum) return schema.enum.map((value) => ({ value, label: String(value) }))
  const consts = (schema.oneOf ?? schema.anyOf ?? []).filter((one) => one.const !== undefined)
  return consts.map((one) => ({ value: one.const, label: one.title ?? String(one.const) }))
}

/** Which input a schema is asked with. What has no simple input is asked as JSON text. */
export function fieldKind(raw: FormSchema): FieldKind {
  const schema = plainSchema(raw)
  if (choicesOf(schema).length > 0) return 'choice'
  const type = Array.isArray(schema.type) ? schema.type.find((one) => one !== 'null') : schema.type
  if (type === 'boolean') return 'flag'
  if (type === 'integer' || type === 'number') return type
  if (type === 'string')
    return schema.format === 'date'
      ? 'date'
      : schema.format === 'date-time'
        ? 'datetime'
        : schema.format === 'textarea' || (schema.maxLength ?? 0) > 200
          ? 'long'
          : 'text'
  if (type === 'array' && schema.items) {
    const items = fieldKind(schema.items)
    if (items === 'group') return 'rows'
    if (items === 'choice' || schema.items['x-ref']) return 'picks'
    if (items === 'text' || items === 'long') return 'list'
  }
  if (type !== 'object') return 'json'
  const values = schema.additionalProperties
  if (schema.properties) return 'group'
  return typeof values === 'object' && ['number', 'integer'].includes(String(values.type)) ? 'map' : 'json'
}

/** What a form starts with: defaults, and false for required flags. */
export function initialValue(schema: FormSchema): Record<string, unknown> {
  const out: Record<string, unknown> = {}
  for (const [name, field] of Object.entries(schema.properties ?? {})) {
    if (field.default !== undefined) out[name] = field.default
    else if (fieldKind(field) === 'group' && !mayBeNull(field)) out[name] = initialValue(plainSchema(field))
    else if (fieldKind(field) === 'flag' && schema.required?.includes(name)) out[name] = false
  }
  return out
}

/** Everything that is wrong with an answer, by dotted field. The server checks again; this only spares a round trip. */
export function formIssues(schema: FormSchema, value: Record<string, unknown>, prefix = ''): FormIssue[] {
  return Object.entries(schema.properties ?? {}).flatMap(([name, raw]) => {
    const field = plainSchema(raw)
    const path = prefix ? `${prefix}.${name}` : name
    const one = value[name]
    if (one === undefined || one === '' || one === null)
      return schema.required?.includes(name) ? [{ field: path, message: 'is needed' }] : []
    const kind = fieldKind(field)
    if (kind === 'group') return formIssues(field, one as Record<string, unknown>, path)
    if (kind === 'rows' && Array.isArray(one) && one.length > 0)
      return one.flatMap((row, i) =>
        formIssues(plainSchema(field.items!), row as Record<string, unknown>, `${path}.${i}`),
      )
    const message = valueIssue(field, one)
    return message ? [{ field: path, message }] : []
  })
}

function valueIssue(schema: FormSchema, value: unknown): string | undefined {
  const kind = fieldKind(schema)
  if (kind === 'number' || kind === 'integer') {
    if (typeof value !== 'number' || !Number.isFinite(value)) return 'must be a number'
    if (kind === 'integer' && !Number.isInteger(value)) return 'must be a whole number'
    if (schema.minimum !== undefined && value < schema.minimum) return `must be at least ${schema.minimum}`
    if (schema.maximum !== undefined && value > schema.maximum) return `must be at most ${schema.maximum}`
    if (schema.exclusiveMinimum !== undefined && value <= schema.exclusiveMinimum)
      return `must be more than ${schema.exclusiveMinimum}`
    if (schema.exclusiveMaximum !== undefined && value >= schema.exclusiveMaximum)
      return `must be less than ${schema.exclusiveMaximum}`
  }
  if (typeof value === 'string' && (kind === 'text' || kind === 'long')) {
    if (schema.minLength !== undefined && value.trim().length < schema.minLength)
      return `needs at least ${schema.minLength} characters`
    if (schema.maxLength !== undefined && value.length > schema.maxLength)
      return `may have at most ${schema.maxLength} characters`
    if (schema.pattern && !new RegExp(schema.pattern, 'u').test(value)) return `must look like ${schema.pattern}`
  }
  if (Array.isArray(value)) {
    if (schema.minItems !== undefined && value.length < schema.minItems) return `needs at least ${schema.minItems}`
    if (schema.maxItems !== undefined && value.length > schema.maxItems) return `may have at most ${schema.maxItems}`
  }
  return undefined
}

/** The answer without what was left empty: such fields keep the default of the one who asks. */
export function withoutBlanks(schema: FormSchema, value: Record<string, unknown>): Record<string, unknown> {
  const out: Record<string, unknown> = {}
  for (const [name, raw] of Object.entries(schema.properties ?? {})) {
    const one = value[name]
    const field = plainSchema(raw)
    const kind = fieldKind(field)
    const needed = schema.required?.includes(name) ?? false
    if (one === undefined || (one === '' && !(needed && (kind === 'text' || kind === 'long')))) continue
    out[name] =
      one === null
        ? null
        : kind === 'group'
          ? withoutBlanks(field, one as Record<string, unknown>)
          : kind === 'rows' && Array.isArray(one)
            ? one.map((row) => withoutBlanks(plainSchema(field.items!), row as Record<string, unknown>))
            : one
  }
  return out
}

/** A field's name as a person reads it: its title, else its key in words. */
export function fieldTitle(name: string, schema: FormSchema): string {
  if (schema.title) return schema.title
  const named = schema['x-ref'] ?? schema.items?.['x-ref']
  const words = name
    .replace(/[_-]+/g, ' ')
    .replace(/([a-z])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .replace(named ? / id$/ : /^$/, '')
    .replace(named ? / ids$/ : /^$/, 's')
  return words.charAt(0).toUpperCase() + words.slice(1)
}
