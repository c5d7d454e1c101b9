import { type ParseArgsConfig, parseArgs } from 'node:util'
import { messageOf, UsageError } from '../loop/core/errors.ts'

export type OptionTable = NonNullable<ParseArgsConfig['options']>
export type Options = Record<string, string | boolean | (string | boolean)[] | undefined>

/** Reads options and positionals. Throws UsageError naming what is wrong. */
export function parseOptions(argv: readonly string[], options: OptionTable, positionals: { min: number; max: number }) {
  let parsed: { values: Options; positionals: string[] }
  try {
    parsed = parseArgs({ args: [...argv], options, allowPositionals: true, strict: true }) as typeof parsed
  } catch (error) {
    throw new UsageError(messageOf(error))
  }
  const count = parsed.positionals.length
  if (count < positionals.min) throw new UsageError('An argument is missing: see --help')
  if (count > positionals.max)
    throw new UsageError(`Unexpected argument ${parsed.positionals[positionals.max]}: see --help`)
  return parsed
}

/** A whole number of an option. Throws UsageError. */
export function intOption(
  values: Options,
  name: string,
  min: number,
  max = Number.MAX_SAFE_INTEGER,
): number | undefined {
  const text = values[name]
  if (text === undefined) return undefined
  const value = typeof text === 'string' && /^-?\d+$/.test(text) ? Number(text) : Number.NaN
  if (!Number.isSafeInteger(value) || value < min || value > max) {
    const range =
      max === Number.MAX_SAFE_INTEGER
        ? min === Number.MIN_SAFE_INTEGER
          ? ''
          : ` of at least ${min}`
        : ` from ${min} to ${max}`
    throw new UsageError(`--${name} must be a whole number${range}, not ${String(text)}`)
  }
  return value
}

export const textOption = (values: Options, name: string): string | undefined => {
  const value = values[name]
  return typeof value === 'string' ? value : undefined
}
