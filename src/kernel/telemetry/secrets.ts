export type Secrets = {
  /** From now on this value appears nowhere. Shorter than 6 characters is ignored: it would hide ordinary words. */
  add(value: string | undefined): void
  /** Text without known secrets and without what looks like one. */
  mask(text: string): string
  /** A copy for logs: fields that are named like secrets are hidden, every text is masked, errors become plain objects. */
  maskValue(value: unknown): unknown
}

const HIDDEN = '***'
export const SHORTEST = 6
const DEEPEST = 8
const SECRET_FIELD =
  /(^|[-_])(authorization|cookie|password|passwd|secret|token|api[-_]?key|private[-_]?key|credentials?)$|(Authorization|Cookie|Password|Secret|Token|ApiKey|PrivateKey|Credentials?)$/i
// What a secret looks like even when nobody registered it.
const SHAPES: readonly (readonly [RegExp, string])[] = [
  [/\b(Bearer|Basic)\s+[\w.~+/-]{8,}=*/gi, `$1 ${HIDDEN}`],
  [/\bsk-[\w-]{16,}/g, HIDDEN],
  [/\beyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]{8,}/g, HIDDEN],
  [/(\b[a-z][a-z0-9+.-]*:\/\/)[^\s/@"'\\]+@/gi, `$1${HIDDEN}@`],
]

const escapeRegExp = (text: string) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')

/** The spellings in which a value travels: plain, in JSON, in a URL, in base64. */
export const spellingsOf = (value: string): string[] => [
  value,
  JSON.stringify(value).slice(1, -1),
  encodeURIComponent(value),
  Buffer.from(value).toString('base64'),
]

/** Values that must never be written anywhere, in the spellings in which they travel (plain, in JSON, in a URL, in base64). */
export function createSecrets(values: Iterable<string | undefined> = []): Secrets {
  const known = new Set<string>()
  let pattern: RegExp | undefined
  const add = (value: string | undefined) => {
    if (value === undefined || value.trim().length < SHORTEST) return
    for (const spelling of spellingsOf(value)) known.add(spelling)
    const longestFirst = [...known].sort((a, b) => b.length - a.length)
    pattern = new RegExp(longestFirst.map(escapeRegExp).join('|'), 'g')
  }
  for (const value of values) add(value)

  const mask = (text: string) => {
    let masked = pattern ? text.replace(pattern, HIDDEN) : text
    for (const [shape, replacement] of SHAPES) masked = masked.replace(shape, replacement)
    return masked
  }
  const copy = (value: unknown, depth: number, above: readonly object[]): unknown => {
    if (typeof value === 'string') return mask(value)
    if (typeof value === 'bigint') return String(value)
    if (typeof value !== 'object' || value === null) return value
    if (above.includes(value)) return '[circular]'
    if (depth > DEEPEST) return '[deep]'
    const path = [...above, value]
    if (value instanceof Date) return value.toISOString()
    if (value instanceof Error) {
      const { name, message, stack, cause, ...fields } = value
      const own = copy({ ...fields }, depth + 1, path) as object
      return {
        type: name,
        message: mask(message),
        ...(stack && { stack: mask(stack) }),
        ...own,
        ...(cause !== undefined && { cause: copy(cause, depth + 1, path) }),
      }
    }
    if (Array.isArray(value)) return value.map((item) => copy(item, depth + 1, path))
    if (ArrayBuffer.isView(value)) return `[${value.byteLength} bytes]`
    if (value instanceof Map || value instanceof Set) return copy([...value], depth, above)
    return Object.fromEntries(
      Object.entries(value).map(([key, item]) => [
        key,
        SECRET_FIELD.test(key) &&
        item !== null &&
        item !== undefined &&
        typeof item !== 'number' &&
        typeof item !== 'boolean'
          ? HIDDEN
          : copy(item, depth + 1, path),
      ]),
    )
  }
  return { add, mask, maskValue: (value) => copy(value, 0, []) }
}
