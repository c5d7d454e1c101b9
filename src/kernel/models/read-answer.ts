import type { z } from 'zod'
import { InvalidAnswerError } from './errors.ts'

/** The first balanced `{…}` or `[…]` in a text, whichever was asked for; braces inside strings do not count. */
export function outermostJson(text: string, kind: 'object' | 'array' | 'any' = 'any'): string | undefined {
  const openers = kind === 'object' ? '{' : kind === 'array' ? '[' : '{['
  for (let start = 0; start < text.length; start++) {
    if (!openers.includes(text[start]!)) continue
    const end = balancedEnd(text, start)
    if (end === undefined) continue
    const candidate = text.slice(start, end)
    if (parses(candidate)) return candidate
  }
  return undefined
}

function balancedEnd(text: string, start: number): number | undefined {
  const stack: string[] = []
  let inString = false
  for (let at = start; at < text.length; at++) {
    const char = text[at]!
    if (inString) {
      if (char === '\\') at++
      else if (char === '"') inString = false
    } else if (char === '"') inString = true
    else if (char === '{' || char === '[') stack.push(char === '{' ? '}' : ']')
    else if (char === '}' || char === ']') {
      if (stack.pop() !== char) return undefined
      if (stack.length === 0) return at + 1
    }
  }
  return undefined
}

const parses = (text: string) => {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}

/** The JSON in a model's text: the whole text, else the outermost value in it. Undefined when there is none. */
export function jsonInText(text: string, kind: 'object' | 'array' | 'any' = 'any'): unknown {
  const whole = text.trim()
  const found = parses(whole) ? whole : outermostJson(text, kind)
  return found === undefined ? undefined : (JSON.parse(found) as unknown)
}

export const MOST_VIOLATIONS = 20

/**
 * A model's text -> a value of the wanted shape. Throws InvalidAnswerError with every violation in words a model can act on: path and
 * expectation.
 */
export function readAnswer<T>(
  text: string,
  options: {
    schema: z.ZodType<T>
    kind: 'object' | 'array' | 'any'
    cutOff: boolean
  },
): T {
  const fail = (violations: string[]): never => {
    throw new InvalidAnswerError(violations, text)
  }
  if (text.trim() === '')
    return fail([options.cutOff ? 'the answer was cut off before it began' : 'the answer is empty'])
  const json = jsonInText(text, options.kind)
  if (json === undefined)
    return fail([
      options.cutOff ? 'the answer was cut off: give a shorter one' : 'the answer contains no complete JSON',
    ])
  const parsed = options.schema.safeParse(json)
  if (!parsed.success)
    return fail(
      parsed.error.issues
        .slice(0, MOST_VIOLATIONS)
        .map(({ path, message }) => `${path.length ? path.map(String).join('.') : 'the answer'}: ${message}`),
    )
  return parsed.data
}
