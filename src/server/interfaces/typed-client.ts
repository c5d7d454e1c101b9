// A typed client in one file without dependencies, made from the OpenAPI document: for each call its parameters, body and answer.

type Json = Record<string, any>

const KEY = /^[A-Za-z_$][\w$]*$/
const named = (name: string) => (KEY.test(name) ? name : JSON.stringify(name))
const DEEPEST = 12

/** A JSON Schema as a TypeScript type. What it cannot say is `unknown`. */
export function typeOf(schema: Json | undefined, root: Json = schema ?? {}, depth = 0): string {
  if (!schema || depth > DEEPEST) return 'unknown'
  const inner = (one: Json) => typeOf(one, root, depth + 1)
  if (typeof schema['$ref'] === 'string') return refOf(schema['$ref'], root, depth)
  if ('const' in schema) return JSON.stringify(schema['const'])
  if (Array.isArray(schema['enum'])) return union(schema['enum'].map((value) => JSON.stringify(value)))
  for (const key of ['anyOf', 'oneOf'] as const)
    if (Array.isArray(schema[key])) return union((schema[key] as Json[]).map(inner))
  if (Array.isArray(schema['allOf'])) return (schema['allOf'] as Json[]).map((one) => `(${inner(one)})`).join(' & ')
  if (Array.isArray(schema['type']))
    return union((schema['type'] as string[]).map((type) => inner({ ...schema, type })))
  switch (schema['type']) {
    case 'string':
      return 'string'
    case 'integer':
    case 'number':
      return 'number'
    case 'boolean':
      return 'boolean'
    case 'null':
      return 'null'
    case 'array':
      return Array.isArray(schema['prefixItems'])
        ? `[${(schema['prefixItems'] as Json[]).map(inner).join(', ')}]`
        : `(${inner(schema['items'] ?? {})})[]`
    case 'object':
      return objectOf(schema, inner)
    default:
      return schema['properties'] ? objectOf(schema, inner) : 'unknown'
  }
}

const union = (types: readonly string[]) => [...new Set(types)].join(' | ') || 'never'

function refOf(ref: string, root: Json, depth: number): string {
  if (ref === '#') return 'unknown' // a schema that holds itself
  const target = ref
    .replace(/^#\//, '')
    .split('/')
    .reduce<Json | undefined>((at, key) => at?.[key.replaceAll('~1', '/').replaceAll('~0', '~')], root)
  return target ? typeOf(target, root, depth + 3) : 'unknown'
}

function objectOf(schema: Json, inner: (one: Json) => string): string {
  const required = new Set<string>(schema['required'] ?? [])
  const fields = Object.entries((schema['properties'] ?? {}) as Record<string, Json>).map(
    ([name, one]) => `${named(name)}${required.has(name) ? '' : '?'}: ${inner(one)}`,
  )
  const more = schema['additionalProperties']
  if (fields.length === 0) return more && more !== true ? `Record<string, ${inner(more)}>` : 'Record<string, unknown>'
  return `{ ${fields.join('; ')} }`
}

function parametersOf(operation: Json, place: 'path' | 'query'): string | undefined {
  const all = ((operation['parameters'] ?? []) as Json[]).filter((one) => one['in'] === place)
  if (all.length === 0) return undefined
  const optional = all.every((one) => !one['required'])
  const fields = all.map((one) => {
    const type = typeOf(one['schema'])
    return `${named(one['name'])}${one['required'] ? '' : '?'}: ${place === 'path' && type === 'unknown' ? 'string' : type}`
  })
  return `${place === 'path' ? 'params' : 'query'}${optional ? '?' : ''}: { ${fields.join('; ')} }`
}

function inputOf(operation: Json): string {
  const body = operation['requestBody']?.['content']?.['application/json']?.['schema'] as Json | undefined
  const open = body !== undefined && (body['required'] ?? []).length === 0
  const parts = [
    parametersOf(operation, 'path'),
    parametersOf(operation, 'query'),
    body ? `body${open ? '?' : ''}: ${typeOf(body)}` : 'body?: unknown',
  ].filter((part) => part !== undefined)
  return `{ ${parts.join('; ')} }`
}

function answerOf(operation: Json): string {
  const ok = Object.entries((operation['responses'] ?? {}) as Record<string, Json>).find(([status]) =>
    status.startsWith('2'),
  )
  const schema = ok?.[1]['content']?.['application/json']?.['schema'] as Json | undefined
  return schema ? typeOf(schema) : 'unknown'
}

const RUNTIME = `export class TroupeError extends Error {
  readonly status: number
  readonly code: string
  readonly body: unknown
  constructor(status: number, body: any) {
    super(body?.message ?? body?.detail ?? body?.error?.message ?? \`HTTP \${status}\`)
    this.name = 'TroupeError'
    this.status = status
    this.code = body?.code ?? (typeof body?.error === 'string' ? body.error : body?.error?.code) ?? String(status)
    this.body = body
  }
}

export type Operation = keyof Operations
type Rest<K extends Operation> = {} extends Operations[K]['input'] ? [input?: Operations[K]['input']] : [input: Operations[K]['input']]
export type TroupeOptions = { baseUrl: string; token?: string; fetch?: typeof fetch; headers?: Record<string, string> }

/** \`const troupe = createTroupe({ baseUrl: 'http://127.0.0.1:8000' }); await troupe('GET /v1/runs', { query: { limit: 5 } })\` */
export function createTroupe({ baseUrl, token, fetch: send = fetch, headers = {} }: TroupeOptions) {
  return async <K extends Operation>(operation: K, ...[given]: Rest<K>): Promise<Operations[K]['answer']> => {
    const { params = {}, query = {}, body } = (given ?? {}) as { params?: Record<string, unknown>; query?: Record<string, unknown>; body?: unknown }
    const [method, path] = operation.split(' ') as [string, string]
    const url = new URL(path.replace(/\\{(\\w+)\\}/g, (_all, name) => encodeURIComponent(String(params[name]))), baseUrl)
    for (const [name, value] of Object.entries(query))
      for (const one of Array.isArray(value) ? value : [value]) if (one !== undefined && one !== null) url.searchParams.append(name, String(one))
    const response = await send(url, {
      method,
      headers: {
        accept: 'application/json',
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...(token ? { authorization: \`Bearer \${token}\` } : {}),
        ...headers,
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
    const text = await response.text()
    const isJson = response.headers.get('content-type')?.includes('json') === true
    const answer = isJson && text ? JSON.parse(text) : text
    if (!response.ok) throw new TroupeError(response.status, answer)
    return answer as Operations[K]['answer']
  }
}
`

/** The whole file. The same document gives the same text. */
export function typedClient(document: Json): string {
  const entries = Object.entries(document['paths'] as Record<string, Record<string, Json>>).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ key: `${method.toUpperCase()} ${path}`, operation })),
  )
  const table = entries
    .map(
      ({ key, operation }) =>
        `  /** ${String(operation['summary'] ?? '').replaceAll('*/', '* /')} */\n  ${JSON.stringify(key)}: { input: ${inputOf(operation)}; answer: ${answerOf(operation)} }`,
    )
    .join('\n')
  return `// ${document['info'].title} ${document['info'].version}: a typed client, generated from its OpenAPI document. Do not edit; make it again.\n\nexport interface Operations {\n${table}\n}\n\n${RUNTIME}`
}
