import type { Findings, Path } from '../config/problem.ts'
import { deepFreeze, isMap, type Json, show } from '../core/json.ts'
import { checkValue } from './check-value.ts'
import {
  MAX_ENTRIES,
  MAX_TEXT,
  VARIABLE_TYPES,
  type VariableDefinition,
  type VariableType,
} from './variable-definition.ts'

const NAME = /^[A-Za-z_][A-Za-z0-9_]*$/
const RESERVED = ['name', 'turn', 'agents', 'global_state', 'reasoning_chains', '__proto__']

const LIMITS = { dict: 4, list: 3, all: 10 }

const ALLOWED_KEYS: Record<VariableType, readonly string[]> = {
  float: ['min', 'max', 'on_violation'],
  int: ['min', 'max', 'on_violation'],
  bool: [],
  categorical: ['values'],
  str: ['pattern', 'max_length'],
  dict: ['key_type', 'value_type', 'schema'],
  list: ['item_type', 'max_length'],
  tuple: ['item_types'],
  object: ['schema'],
}
const COMMON_KEYS = ['type', 'default', 'description']
const DEFAULT_REQUIRED: readonly string[] = ['float', 'int', 'bool', 'categorical']

/** Where in the tree of definitions the compiler is. */
type Place = {
  path: Path
  /** Names from the variable down: shown when definitions form a cycle. */
  names: readonly string[]
  above: readonly { node: object; name: string }[]
  dicts: number
  lists: number
  depth: number
}

class Rejected extends Error {}

/** One map of definitions -> compiled definitions. What is wrong goes to `findings`; a wrong definition is left out. */
export function compileDefinitions(raw: unknown, path: Path, findings: Findings): Map<string, VariableDefinition> {
  const compiled = new Map<string, VariableDefinition>()
  if (!isMap(raw)) return compiled
  for (const [name, definition] of Object.entries(raw)) {
    const at = [...path, name]
    if (!NAME.test(name) || RESERVED.includes(name)) {
      const expected = `a name of letters, digits and _ other than ${RESERVED.slice(0, 5).join(', ')}`
      findings.add(at, expected, show(name), 'Rename the variable.')
      continue
    }
    const place: Place = { path: at, names: [name], above: [], dicts: 0, lists: 0, depth: 0 }
    const found = compileDefinition(definition, place, findings, true)
    if (found) compiled.set(name, found)
  }
  return compiled
}

function compileDefinition(
  raw: unknown,
  place: Place,
  findings: Findings,
  isTop: boolean,
): VariableDefinition | undefined {
  try {
    return compile(raw, place, findings, isTop)
  } catch (error) {
    if (error instanceof Rejected) return undefined
    throw error
  }
}

function reject(findings: Findings, path: Path, expected: string, actual: string, remedy: string): never {
  findings.add(path, expected, actual, remedy)
  throw new Rejected()
}

function compile(raw: unknown, place: Place, findings: Findings, isTop: boolean): VariableDefinition {
  const { path } = place
  const given = typeof raw === 'string' && !isTop ? { type: raw } : raw
  if (!isMap(given))
    reject(findings, path, 'a definition with a type', show(raw), 'Write type: and default: below the name.')
  if (!(VARIABLE_TYPES as readonly unknown[]).includes(given['type'])) {
    const at = typeof raw === 'string' ? path : [...path, 'type']
    reject(
      findings,
      at,
      `one of the types ${VARIABLE_TYPES.join(', ')}`,
      show(given['type']),
      'Choose a supported type.',
    )
  }
  const type = given['type'] as VariableType
  const here = enter(given, place, type, findings)
  let isWrong = false
  for (const key of Object.keys(given))
    if (!COMMON_KEYS.includes(key) && !ALLOWED_KEYS[type].includes(key)) {
      findings.add(
        [...path, key],
        `a key of type ${type} (${[...COMMON_KEYS, ...ALLOWED_KEYS[type]].join(', ')})`,
        key,
        'Remove it.',
      )
      isWrong = true
    }
  const before = findings.problems.length
  const shape = SHAPES[type](given, here, findings)
  if (isWrong || findings.problems.length > before) throw new Rejected()
  return withDefault(shape, given, path, findings, isTop)
}

/** Counts nesting and follows references: a tree may be deep only so far, and must not contain itself. */
function enter(given: Record<string, any>, place: Place, type: VariableType, findings: Findings): Place {
  const again = place.above.findIndex(({ node }) => node === given)
  const name = place.names.at(-1)!
  if (again >= 0) {
    const cycle = [...place.above.slice(again).map((step) => step.name), place.above[again]!.name].join(' -> ')
    const remedy =
      'CircularSchemaError: store ids instead of nesting, make the reference optional by an id that may be empty, or flatten the structure.'
    findings.add(place.path, 'a definition that does not contain itself', cycle, remedy, 'cycle')
    throw new Rejected()
  }
  const isContainer = type === 'dict' || type === 'list' || type === 'tuple' || type === 'object'
  const here: Place = {
    ...place,
    above: [...place.above, { node: given, name }],
    dicts: place.dicts + (type === 'dict' ? 1 : 0),
    lists: place.lists + (type === 'list' ? 1 : 0),
    depth: place.depth + (isContainer ? 1 : 0),
  }
  const tooDeep =
    here.dicts > LIMITS.dict
      ? `dict in dict at most ${LIMITS.dict} levels deep`
      : here.lists > LIMITS.list
        ? `list in list at most ${LIMITS.list} levels deep`
        : here.depth > LIMITS.all
          ? `nested at most ${LIMITS.all} levels deep`
          : undefined
  if (tooDeep) {
    findings.add(place.path, tooDeep, `${here.depth} levels`, 'DepthLimitError: flatten the definition.', 'depth')
    throw new Rejected()
  }
  return here
}

type Shape = Record<string, any> & { type: VariableType }
type ShapeReader = (given: Record<string, any>, place: Place, findings: Findings) => Shape

function nested(
  raw: unknown,
  place: Place,
  findings: Findings,
  ...step: (string | number)[]
): VariableDefinition | undefined {
  if (raw === undefined) {
    findings.add([...place.path, ...step], 'a type name or a definition', 'missing', `Add ${String(step[0])}.`)
    return undefined
  }
  const name = step.map(String).join('.')
  const inner: Place = { ...place, path: [...place.path, ...step], names: [...place.names, name] }
  return compileDefinition(raw, inner, findings, false)
}

function bounds(given: Record<string, any>, place: Place, findings: Findings): Record<string, number> {
  const result: Record<string, number> = {}
  for (const key of ['min', 'max']) {
    if (given[key] === undefined || given[key] === null) continue
    if (typeof given[key] !== 'number' || !Number.isFinite(given[key]))
      findings.add([...place.path, key], 'a number', show(given[key]), 'Correct the bound.')
    else result[key] = given[key]
  }
  if (result['min'] !== undefined && result['max'] !== undefined && result['min'] > result['max'])
    findings.add([...place.path, 'min'], `at most max (${result['max']})`, show(result['min']), 'Swap min and max.')
  return result
}

const numberShape: ShapeReader = (given, place, findings) => {
  const policy = given['on_violation'] ?? 'reject'
  if (policy !== 'reject' && policy !== 'clamp')
    findings.add([...place.path, 'on_violation'], 'reject or clamp', show(policy), 'Correct the value.')
  return { type: given['type'], ...bounds(given, place, findings), on_violation: policy }
}

function maxLength(given: Record<string, any>, place: Place, findings: Findings, limit: number): number {
  const length = given['max_length'] ?? limit
  if (!Number.isSafeInteger(length) || length <= 0 || length > limit)
    findings.add(
      [...place.path, 'max_length'],
      `a whole number from 1 to ${limit}`,
      show(length),
      'Correct the length.',
    )
  return length
}

function fieldsShape(given: Record<string, any>, place: Place, findings: Findings): Shape {
  const raw = given['schema']
  if (!isMap(raw))
    reject(findings, [...place.path, 'schema'], 'a map of fields', show(raw), 'Add schema with its fields.')
  const entries = Object.entries(raw).map(
    ([field, definition]) => [field, nested(definition, place, findings, 'schema', field)] as const,
  )
  return { type: given['type'], schema: Object.fromEntries(entries) }
}

const SHAPES: Record<VariableType, ShapeReader> = {
  float: numberShape,
  int: numberShape,
  bool: () => ({ type: 'bool' }),
  categorical: (given, place, findings) => {
    const values = given['values']
    if (!Array.isArray(values) || values.length === 0 || !values.every((v) => typeof v === 'string'))
      findings.add([...place.path, 'values'], 'a non-empty list of texts', show(values), 'Add values.')
    return { type: 'categorical', values }
  },
  str: (given, place, findings) => {
    const shape: Shape = { type: 'str', max_length: maxLength(given, place, findings, MAX_TEXT) }
    const pattern = given['pattern']
    if (pattern === undefined || pattern === null) return shape
    try {
      if (typeof pattern !== 'string') throw new Error('not text')
      shape['regex'] = new RegExp(`^(?:${pattern})$`, 'u')
      shape['pattern'] = pattern
    } catch {
      findings.add([...place.path, 'pattern'], 'a regular expression', show(pattern), 'Correct the expression.')
    }
    return shape
  },
  dict: (given, place, findings) => {
    const isDynamic = given['key_type'] !== undefined || given['value_type'] !== undefined
    const isFixed = given['schema'] !== undefined
    if (isDynamic === isFixed) {
      const actual = isFixed ? 'both' : 'neither'
      reject(
        findings,
        place.path,
        'a dict with either key_type and value_type or schema',
        actual,
        'Keep exactly one of the two.',
      )
    }
    if (isFixed) return fieldsShape(given, place, findings)
    const keys = given['key_type']
    if (keys !== 'str' && keys !== 'int')
      findings.add([...place.path, 'key_type'], 'str or int', show(keys), 'Correct key_type.')
    return { type: 'dict', key_type: keys, value_type: nested(given['value_type'], place, findings, 'value_type') }
  },
  list: (given, place, findings) => ({
    type: 'list',
    item_type: nested(given['item_type'], place, findings, 'item_type'),
    max_length: maxLength(given, place, findings, MAX_ENTRIES),
  }),
  tuple: (given, place, findings) => {
    const types = given['item_types']
    if (!Array.isArray(types) || types.length === 0)
      reject(findings, [...place.path, 'item_types'], 'a non-empty list of types', show(types), 'Add item_types.')
    return { type: 'tuple', item_types: types.map((item, i) => nested(item, place, findings, 'item_types', i)) }
  },
  object: fieldsShape,
}

/** Default of a nested definition that names none. */
function composedDefault(shape: Shape): Json {
  switch (shape.type) {
    case 'float':
    case 'int': {
      const low = shape['min'] ?? Number.NEGATIVE_INFINITY
      const high = shape['max'] ?? Number.POSITIVE_INFINITY
      const near = Math.min(Math.max(0, low), high)
      return shape.type === 'int' ? (near === low ? Math.ceil(near) : Math.floor(near)) : near
    }
    case 'bool':
      return false
    case 'categorical':
      return shape['values'][0]
    case 'str':
      return ''
    case 'list':
      return []
    case 'tuple':
      return shape['item_types'].map((item: VariableDefinition) => item.default)
    case 'dict':
    case 'object':
      return shape['schema'] === undefined
        ? {}
        : Object.fromEntries(
            Object.entries<VariableDefinition>(shape['schema']).map(([key, field]) => [key, field.default]),
          )
  }
}

function withDefault(
  shape: Shape,
  given: Record<string, any>,
  path: Path,
  findings: Findings,
  isTop: boolean,
): VariableDefinition {
  const isGiven = given['default'] !== undefined
  if (!isGiven && isTop && DEFAULT_REQUIRED.includes(shape.type))
    reject(findings, [...path, 'default'], `a default of type ${shape.type}`, 'missing', 'Add default.')
  const wanted = isGiven ? given['default'] : composedDefault(shape)
  const definition = { ...shape, default: wanted } as VariableDefinition
  if (typeof given['description'] === 'string') definition.description = given['description']
  const checked = checkValue(definition, wanted, 'default')
  if (checked.problem) {
    const { expected, actual } = checked.problem
    const at = isGiven ? [...path, 'default'] : path
    const remedy = isGiven ? 'Correct the default.' : 'Give a default that fits.'
    const inside = checked.problem.path === 'default' ? '' : ` (${checked.problem.path})`
    reject(findings, at, `${expected}${inside}`, actual, remedy)
  }
  definition.default = deepFreeze(checked.value)
  return definition
}
