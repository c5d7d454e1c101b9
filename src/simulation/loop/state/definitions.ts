import { createHash } from 'node:crypto'
import { canonicalJson, isMap } from '../core/json.ts'
import type { VariableDefinition } from './variable-definition.ts'

/** The variables of a run: what the engine defines, extended by the configuration. */
export type Definitions = {
  readonly agent: ReadonlyMap<string, VariableDefinition>
  readonly global: ReadonlyMap<string, VariableDefinition>
}

/** Everything but defaults and descriptions: what a stored state has to satisfy. */
function constraints(value: unknown): unknown {
  if (value instanceof Map) return constraints(Object.fromEntries(value))
  if (Array.isArray(value)) return value.map(constraints)
  if (!isMap(value)) return value
  const isDefinition = typeof value['type'] === 'string'
  const entries = Object.entries(value).filter(
    ([key, item]) =>
      item !== undefined && key !== 'regex' && !(isDefinition && (key === 'default' || key === 'description')),
  )
  return Object.fromEntries(
    entries.map(([key, item]) => [
      key,
      key === 'schema' && isMap(item) ? mapValues(item, constraints) : constraints(item),
    ]),
  )
}

const mapValues = (map: Record<string, unknown>, convert: (value: unknown) => unknown) =>
  Object.fromEntries(Object.entries(map).map(([key, value]) => [key, convert(value)]))

/** SHA-256 over the constraint fields of all definitions, whatever their order. 64 lower-case hex digits. */
export const schemaHash = (definitions: Definitions): string =>
  createHash('sha256')
    .update(
      canonicalJson({
        agent_vars: mapValues(Object.fromEntries(definitions.agent), constraints),
        global_vars: mapValues(Object.fromEntries(definitions.global), constraints),
      }),
    )
    .digest('hex')
