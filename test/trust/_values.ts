/** mulberry32: small, seeded, good enough to choose test values (Tommy Ettinger, public domain). */
export function seeded(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let t = state
    t = Math.imul(t ^ (t >>> 15), t | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296
  }
}
export type Random = () => number
export const pick = <T>(random: Random, from: readonly T[]): T => from[Math.floor(random() * from.length)]!

/** What callers get wrong, by accident or not. */
export const NASTY: readonly unknown[] = [
  null,
  true,
  0,
  -1,
  1e308,
  -1e308,
  2 ** 53 + 2,
  0.1,
  '',
  ' ',
  'x',
  'x'.repeat(20_000),
  '\u0000',
  'a\u0000b',
  '\ud800',
  '\u202eevil',
  '💥'.repeat(300),
  "'; drop table kernel.events; --",
  '$1',
  '%s%n%x',
  '%00',
  '{{7*7}}',
  '$' + '{process.env}',
  '../../../../etc/passwd',
  '..\\..\\windows',
  'file:///etc/passwd',
  'http://127.0.0.1:1/',
  '=HYPERLINK("http://127.0.0.1")',
  '<script>alert(1)</script>',
  '2026-02-30',
  '2026-13-45T99:99:99Z',
  '0000-00-00',
  '+275760-09-14T00:00:00Z',
  'NaN',
  'Infinity',
  '__proto__',
  'constructor',
  [],
  [null],
  [[[[[]]]]],
  Array.from({ length: 500 }, (_, i) => i),
  {},
  { __proto__x: 1 },
  { constructor: { prototype: { polluted: true } } },
  { a: { b: { c: { d: { e: {} } } } } },
]

type JsonSchema = Record<string, any>
/** A value that mostly fits a JSON schema. */
export function exampleOf(schema: JsonSchema | undefined, random: Random, depth = 0): unknown {
  if (!schema || depth > 6) return null
  if (schema['const'] !== undefined) return schema['const']
  if (schema['enum']) return pick(random, schema['enum'])
  const options = schema['anyOf'] ?? schema['oneOf']
  if (options) return exampleOf(pick(random, options as JsonSchema[]), random, depth + 1)
  if (schema['allOf'])
    return Object.assign({}, ...(schema['allOf'] as JsonSchema[]).map((one) => exampleOf(one, random, depth + 1)))
  switch (Array.isArray(schema['type']) ? schema['type'][0] : schema['type']) {
    case 'object': {
      const value: Record<string, unknown> = {}
      const required = new Set<string>(schema['required'] ?? [])
      for (const [key, inner] of Object.entries((schema['properties'] ?? {}) as Record<string, JsonSchema>))
        if (required.has(key) || random() < 0.6) value[key] = exampleOf(inner, random, depth + 1)
      return value
    }
    case 'array':
      return Array.from({ length: Math.max(schema['minItems'] ?? 0, Math.floor(random() * 3)) }, () =>
        exampleOf(schema['items'], random, depth + 1),
      )
    case 'integer':
    case 'number': {
      const low = schema['minimum'] ?? schema['exclusiveMinimum'] ?? 0
      const high = schema['maximum'] ?? low + 100
      const number = low + random() * (Math.min(high, low + 1_000) - low)
      return schema['type'] === 'integer' ? Math.round(number) : number
    }
    case 'boolean':
      return random() < 0.5
    case 'null':
      return null
    default:
      if (schema['format'] === 'date') return '2027-03-04'
      if (schema['format'] === 'date-time') return '2027-03-04T10:00:00Z'
      if (schema['format'] === 'uri') return 'https://example.org/x'
      if (schema['format'] === 'email') return 'somebody@example.org'
      return 'A sensible text'.padEnd(schema['minLength'] ?? 0, '.').slice(0, schema['maxLength'] ?? 5_000)
  }
}

/** The value with one place, chosen by chance, replaced by something nasty, left out, or joined by something unknown. */
export function spoil(value: unknown, random: Random): unknown {
  if (value === null || typeof value !== 'object' || random() < 0.1) return pick(random, NASTY)
  if (Array.isArray(value)) {
    if (value.length === 0) return [pick(random, NASTY)]
    const at = Math.floor(random() * value.length)
    return value.map((one, i) => (i === at ? spoil(one, random) : one))
  }
  const copy: Record<string, unknown> = { ...(value as Record<string, unknown>) }
  const keys = Object.keys(copy)
  if (keys.length === 0 || random() < 0.15) return { ...copy, unexpected_field: pick(random, NASTY) }
  const key = pick(random, keys)
  if (random() < 0.2) delete copy[key]
  else copy[key] = spoil(copy[key], random)
  return copy
}
