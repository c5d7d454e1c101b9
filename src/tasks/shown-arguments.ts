/** Fields of `auth` (4.4 S4) that are credentials. */
const CREDENTIALS = new Set(['token', 'password', 'value'])
const HIDDEN = '***'

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** The arguments of a tool call as people may see them: a call's own credentials are hidden, whoever gave them. */
export function withoutCredentials(args: Record<string, unknown>): Record<string, unknown> {
  const { auth } = args
  if (!isRecord(auth)) return args
  const shown = Object.entries(auth).map(([name, value]) => [name, CREDENTIALS.has(name) ? HIDDEN : value])
  return { ...args, auth: Object.fromEntries(shown) }
}

/** The same as one line of at most `length` characters. */
export const argumentsLine = (args: unknown, length: number): string =>
  (JSON.stringify(isRecord(args) ? withoutCredentials(args) : args) ?? '').slice(0, length)
