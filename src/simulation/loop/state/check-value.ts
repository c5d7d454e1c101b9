import { isMap, type Json, show } from '../core/json.ts'
import { normalise } from '../events/normalise.ts'
import {
  type DynamicDict,
  type FixedDict,
  isFixedDict,
  MAX_ENTRIES,
  type VariableDefinition,
} from './variable-definition.ts'

export type ValueProblem = { path: string; expected: string; actual: string }
export type Checked = { value: Json; clamped: boolean; problem?: undefined } | { problem: ValueProblem }

const INT_KEY = /^(0|-?[1-9][0-9]*)$/

class Refusal {
  readonly problem: ValueProblem
  constructor(path: string, expected: string, value: unknown) {
    this.problem = { path, expected, actual: show(value) }
  }
}

type Pass = { clamp: boolean; clamped: boolean }

/**
 * A value against its definition. Gives the value to store: objects completed with defaults, numbers clamped where the
 * definition asks for it and `clamp` allows it; or the first place that does not fit. Never converts between types.
 */
export function checkValue(def: VariableDefinition, value: unknown, path: string, clamp = false): Checked {
  const pass: Pass = { clamp, clamped: false }
  try {
    return { value: check(def, value, path, pass), clamped: pass.clamped }
  } catch (refusal) {
    if (refusal instanceof Refusal) return { problem: refusal.problem }
    throw refusal
  }
}

function check(def: VariableDefinition, value: unknown, path: string, pass: Pass): Json {
  switch (def.type) {
    case 'float':
    case 'int':
      return checkNumber(def, value, path, pass)
    case 'bool':
      if (typeof value !== 'boolean') throw new Refusal(path, 'true or false', value)
      return value
    case 'categorical':
      if (!def.values.includes(value as string)) throw new Refusal(path, `one of ${def.values.join(', ')}`, value)
      return value as string
    case 'str':
      return checkText(def, value, path)
    case 'dict':
      return isFixedDict(def) ? checkFields(def, value, path, pass, false) : checkEntries(def, value, path, pass)
    case 'object':
      return checkFields(def, value, path, pass, true)
    case 'list': {
      const items = asArray(value, path)
      if (items.length > def.max_length)
        throw new Refusal(path, `a list of at most ${def.max_length} items`, `${items.length} items`)
      return mapItems(items, (item, i) => check(def.item_type, item, `${path}[${i}]`, pass))
    }
    case 'tuple': {
      const items = asArray(value, path)
      if (items.length !== def.item_types.length)
        throw new Refusal(path, `a tuple of ${def.item_types.length} items`, `${items.length} items`)
      return mapItems(items, (item, i) => check(def.item_types[i]!, item, `${path}[${i}]`, pass))
    }
    case 'json': {
      const json = normalise(value)
      if (json === undefined) throw new Refusal(path, 'a JSON value', value)
      return json
    }
  }
}

function checkNumber(
  def: Extract<VariableDefinition, { type: 'float' | 'int' }>,
  value: unknown,
  path: string,
  pass: Pass,
): number {
  if (typeof value !== 'number' || !Number.isFinite(value)) throw new Refusal(path, 'a finite number', value)
  if (def.type === 'int' && !Number.isInteger(value)) throw new Refusal(path, 'a whole number', value)
  const low = def.min !== undefined && value < def.min
  const high = def.max !== undefined && value > def.max
  if (!low && !high) return value
  if (pass.clamp && def.on_violation === 'clamp') {
    pass.clamped = true
    return low ? def.min! : def.max!
  }
  throw new Refusal(path, low ? `a number of at least ${def.min}` : `a number of at most ${def.max}`, value)
}

function checkText(def: Extract<VariableDefinition, { type: 'str' }>, value: unknown, path: string): string | null {
  if (value === null && def.default === null) return null
  if (typeof value !== 'string') throw new Refusal(path, 'text', value)
  if (value.length > def.max_length)
    throw new Refusal(path, `text of at most ${def.max_length} characters`, `${value.length} characters`)
  if (def.regex && !def.regex.test(value)) throw new Refusal(path, `text matching ${def.pattern}`, value)
  return value
}

function asArray(value: unknown, path: string): readonly unknown[] {
  if (!Array.isArray(value)) throw new Refusal(path, 'a list', value)
  return value
}

/** Keeps the very array when no item changed. */
function mapItems(items: readonly unknown[], convert: (item: unknown, i: number) => Json): Json {
  const converted = items.map(convert)
  return converted.every((item, i) => Object.is(item, items[i])) ? (items as Json) : converted
}

function checkEntries(def: DynamicDict, value: unknown, path: string, pass: Pass): Json {
  if (!isMap(value)) throw new Refusal(path, 'a map', value)
  const keys = Object.keys(value)
  if (keys.length > MAX_ENTRIES)
    throw new Refusal(path, `a map of at most ${MAX_ENTRIES} entries`, `${keys.length} entries`)
  let changed = false
  const entries = keys.map((key) => {
    if (def.key_type === 'int' && !INT_KEY.test(key)) throw new Refusal(`${path}.${key}`, 'a whole number as key', key)
    const checked = check(def.value_type, value[key], `${path}.${key}`, pass)
    if (!Object.is(checked, value[key])) changed = true
    return [key, checked] as const
  })
  return changed ? Object.fromEntries(entries) : (value as Json)
}

function checkFields(
  def: FixedDict | Extract<VariableDefinition, { type: 'object' }>,
  value: unknown,
  path: string,
  pass: Pass,
  complete: boolean,
): Json {
  if (!isMap(value)) throw new Refusal(path, 'a map', value)
  for (const key of Object.keys(value))
    if (!Object.hasOwn(def.schema, key))
      throw new Refusal(`${path}.${key}`, `one of the fields ${Object.keys(def.schema).join(', ')}`, 'an unknown field')
  let changed = false
  const entries = Object.entries(def.schema).map(([key, field]) => {
    const present = Object.hasOwn(value, key)
    if (!present && !complete) throw new Refusal(`${path}.${key}`, 'present', undefined)
    const checked = present ? check(field, value[key], `${path}.${key}`, pass) : field.default
    if (!present || !Object.is(checked, value[key])) changed = true
    return [key, checked] as const
  })
  return changed ? Object.fromEntries(entries) : (value as Json)
}
