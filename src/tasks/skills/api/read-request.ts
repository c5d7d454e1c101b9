import { z } from 'zod'
import type { SkillPorts, SkillRequest } from '../skill.ts'
import { invalid } from '../skill-error.ts'
import { urlsOf } from '../urls.ts'

export const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'] as const
export type Method = (typeof METHODS)[number]

const Scalar = z.union([z.string(), z.number(), z.boolean()])
const Auth = z.discriminatedUnion('type', [
  z.object({ type: z.literal('bearer'), token: z.string().min(1) }),
  z.object({ type: z.literal('basic'), username: z.string(), password: z.string() }),
  z.object({ type: z.literal('header'), name: z.string().min(1), value: z.string() }),
])
const Paginate = z.union([
  z.boolean(),
  z.object({ type: z.literal('link') }),
  z.object({ type: z.literal('next'), path: z.string().min(1).default('next') }),
  z.object({ type: z.literal('page'), param: z.string().min(1).default('page'), start: z.int().default(1) }),
])
const Input = z.object({
  method: z
    .string()
    .transform((text) => text.toUpperCase())
    .pipe(z.enum(METHODS))
    .optional(),
  query: z.record(z.string(), z.union([Scalar, z.array(Scalar), z.null()])).optional(),
  headers: z.record(z.string(), Scalar).optional(),
  body: z.unknown().optional(),
  auth: Auth.optional(),
  extract: z.string().min(1).optional(),
  paginate: Paginate.optional(),
})
export type Pagination = Exclude<z.infer<typeof Paginate>, boolean> | { type: 'auto' }

export type ApiRequest = {
  method: Method
  url: string
  headers: Record<string, string>
  body: string | undefined
  extract: string | undefined
  paginate: Pagination | undefined
  /** Values that must appear nowhere. */
  secrets: string[]
}

const SHAPES: Record<string, string> = {
  auth: '{"type":"bearer","token"}, {"type":"basic","username","password"} or {"type":"header","name","value"}',
  paginate: 'true, {"type":"link"}, {"type":"next","path":"next"} or {"type":"page","param":"page","start":1}',
  method: METHODS.join(', '),
  query: 'an object of names and values',
  headers: 'an object of names and values',
  extract: 'a path such as data[*].email',
}

/** `${NAME}` -> its value from the allow-list. Throws INVALID_INPUT naming what is not allowed, never the value. */
function resolveSecrets(text: string, ports: Pick<SkillPorts, 'secret'>, secrets: string[]): string {
  return text.replace(/\$\{(\w+)\}/g, (_, name: string) => {
    const value = ports.secret(name)
    if (value === undefined)
      throw invalid(`\${${name}} is not available to agents: set it and add ${name} to API_SECRET_NAMES`)
    secrets.push(value)
    return value
  })
}

function methodOf(description: string, given: Method | undefined, hasBody: boolean): Method {
  if (given) return given
  const text = description.replace(/https?:\/\/\S+/gi, ' ')
  const upper = /\b(GET|POST|PUT|PATCH|DELETE)\b/.exec(text)?.[1] as Method | undefined
  if (upper) return upper
  if (/\b(?:post|send|submit|create)\b/i.test(text) && !/\b(?:fetch|get|retrieve|download|read)\b/i.test(text))
    return 'POST'
  if (/\b(?:replace|put)\b/i.test(text)) return 'PUT'
  if (/\b(?:update|patch)\b/i.test(text)) return 'PATCH'
  if (/\b(?:delete|remove)\b/i.test(text)) return 'DELETE'
  return hasBody ? 'POST' : 'GET'
}

/** A JSON object or list written into the text. */
function bodyInText(description: string): unknown {
  const text = description.replace(/https?:\/\/\S+/gi, (url) => ' '.repeat(url.length))
  for (const open of [...text.matchAll(/[{[]/g)].map(({ index }) => index)) {
    for (let end = text.length; end > open; end--) {
      if (text[end - 1] !== '}' && text[end - 1] !== ']') continue
      try {
        return JSON.parse(text.slice(open, end))
      } catch {
        // the next shorter piece may be JSON
      }
    }
  }
  return undefined
}

function encodeBody(body: unknown, headers: Record<string, string>): string | undefined {
  if (body === undefined || body === null) return undefined
  const name = Object.keys(headers).find((key) => key.toLowerCase() === 'content-type')
  const type = name === undefined ? undefined : headers[name]
  if (typeof body === 'string') {
    if (name === undefined)
      headers['content-type'] = /^\s*[{[]/.test(body) ? 'application/json' : 'text/plain; charset=utf-8'
    return body
  }
  if (type?.includes('x-www-form-urlencoded') && typeof body === 'object')
    return new URLSearchParams(
      Object.entries(body).map(([key, value]): [string, string] => [
        key,
        typeof value === 'object' ? JSON.stringify(value) : String(value),
      ]),
    ).toString()
  if (name === undefined) headers['content-type'] = 'application/json'
  return JSON.stringify(body)
}

const paginationOf = (given: z.infer<typeof Paginate> | undefined): Pagination | undefined =>
  given === undefined || given === false ? undefined : given === true ? { type: 'auto' } : given

/** The call a step asks for; undefined when it names no address. Throws INVALID_INPUT naming the key and its shapes. */
export function readApiRequest(request: SkillRequest, ports: Pick<SkillPorts, 'secret'>): ApiRequest | undefined {
  const { description, inputData } = request
  const parsed = Input.safeParse(inputData)
  if (!parsed.success) {
    const key = String(parsed.error.issues[0]?.path[0] ?? 'input_data')
    throw invalid(`input_data.${key} must be ${SHAPES[key] ?? 'of another type'}`)
  }
  const input = parsed.data
  // Only what the step itself names: addresses found by a prerequisite are data, not an order to call them.
  const [address] = urlsOf({ ...request, previous: [] })
  if (address === undefined) return undefined
  const url = URL.parse(address)
  if (!url) throw invalid(`"${address.slice(0, 200)}" is no address`)
  for (const [name, value] of Object.entries(input.query ?? {}))
    for (const item of Array.isArray(value) ? value : [value])
      if (item !== null) url.searchParams.append(name, String(item))
  const secrets: string[] = []
  const headers: Record<string, string> = { accept: 'application/json, */*;q=0.5', 'user-agent': 'TroupeBot/1.0' }
  for (const [name, value] of Object.entries(input.headers ?? {}))
    headers[name.toLowerCase()] = resolveSecrets(String(value), ports, secrets)
  const { auth } = input
  const secret = (text: string) => {
    const value = resolveSecrets(text, ports, secrets)
    secrets.push(value)
    return value
  }
  if (auth?.type === 'bearer') headers['authorization'] = `Bearer ${secret(auth.token)}`
  if (auth?.type === 'basic') {
    const pair = Buffer.from(`${resolveSecrets(auth.username, ports, secrets)}:${secret(auth.password)}`).toString(
      'base64',
    )
    secrets.push(pair)
    headers['authorization'] = `Basic ${pair}`
  }
  if (auth?.type === 'header') headers[auth.name.toLowerCase()] = secret(auth.value)
  const given = input.body ?? (input.method === 'GET' ? undefined : bodyInText(description))
  const method = methodOf(description, input.method, given !== undefined)
  const body = method === 'GET' ? undefined : encodeBody(given, headers)
  return {
    method,
    url: url.href,
    headers,
    body,
    extract: input.extract,
    paginate: paginationOf(input.paginate),
    secrets: secrets.filter((value) => value.length >= 4),
  }
}
