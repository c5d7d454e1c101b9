import { z } from 'zod'

/** Text of an environment variable -> value. Messages name the allowed values. */
export const text = () => z.string().trim().min(1)
export const optionalText = () =>
  z
    .string()
    .trim()
    .transform((value) => value || undefined)
export const int = (min: number, max: number) =>
  z
    .string()
    .trim()
    .regex(/^-?\d+$/, `must be a whole number from ${min} to ${max}`)
    .transform(Number)
    .refine((value) => value >= min && value <= max, `must be a whole number from ${min} to ${max}`)
export const number = (min: number, max: number) =>
  z
    .string()
    .trim()
    .regex(/^-?\d+(\.\d+)?$/, `must be a number from ${min} to ${max}`)
    .transform(Number)
    .refine((value) => value >= min && value <= max, `must be a number from ${min} to ${max}`)
export const flag = () =>
  z
    .string()
    .trim()
    .toLowerCase()
    .refine(
      (value) => ['1', '0', 'true', 'false', 'yes', 'no', 'on', 'off'].includes(value),
      'must be 1 or 0 (true or false)',
    )
    .transform((value) => ['1', 'true', 'yes', 'on'].includes(value))
export const choice = <const T extends readonly [string, ...string[]]>(values: T) =>
  z
    .string()
    .trim()
    .pipe(z.enum(values, `must be one of: ${values.join(', ')}`))
/** The platform's levels in any case, and the words other programs have for them. */
export const logLevel = () =>
  z
    .string()
    .trim()
    .toLowerCase()
    .transform((word) => ({ warning: 'warn', critical: 'error' })[word] ?? word)
    .pipe(choice(['debug', 'info', 'warn', 'error', 'silent']))
export const list = () =>
  z.string().transform((value) =>
    value
      .split(',')
      .map((part) => part.trim())
      .filter(Boolean),
  )
export const url = () => z.string().trim().url('must be an absolute URL, for example http://127.0.0.1:8000')
