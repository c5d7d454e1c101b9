import type { Json } from '../core/json.ts'

/** True when JSON.stringify would write the value unchanged and without trouble. Deep values count as unclean. */
function isClean(value: unknown, depth: number): boolean {
  switch (typeof value) {
    case 'string':
    case 'boolean':
      return true
    case 'number':
      return Number.isFinite(value)
    case 'object': {
      if (value === null) return true
      if (depth > 8) return false
      if (Array.isArray(value)) {
        for (const item of value) if (!isClean(item, depth + 1)) return false
        return true
      }
      const proto = Object.getPrototypeOf(value)
      if (proto !== Object.prototype && proto !== null) return false
      for (const key in value) if (!isClean((value as any)[key], depth + 1)) return false
      return typeof (value as any).toJSON !== 'function'
    }
    default:
      return false
  }
}

function convert(value: unknown, above: object[]): Json | undefined {
  switch (typeof value) {
    case 'string':
    case 'boolean':
      return value
    case 'number':
      return Number.isFinite(value) ? value : null
    case 'bigint':
      return value.toString()
    case 'object':
      return value === null ? null : convertObject(value, above)
    default:
      return undefined
  }
}

function convertObject(value: object, above: object[]): Json {
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? null : value.toISOString()
  if (above.includes(value)) return '[Circular]'
  const inside = [...above, value]
  if (Array.isArray(value) || value instanceof Set)
    return [...value].map((item) => {
      const converted = convert(item, inside)
      return converted === undefined ? null : converted
    })
  const entries = value instanceof Map ? [...value].map(([k, v]) => [String(k), v] as const) : Object.entries(value)
  const result: Record<string, Json> = {}
  for (const [key, item] of entries) {
    const converted = convert(item, inside)
    if (converted !== undefined)
      Object.defineProperty(result, key, { value: converted, enumerable: true, writable: true, configurable: true })
  }
  return result
}

/**
 * Any value as JSON: dates become ISO text, maps objects, sets lists, big integers decimal text, non-finite numbers null;
 * undefined members and functions go; a reference back to a parent becomes "[Circular]". A clean value is returned as it is.
 */
export const normalise = (value: unknown): Json | undefined =>
  isClean(value, 0) ? (value as Json) : convert(value, [])
