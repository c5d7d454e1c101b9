import { z } from 'zod'

/** Pieces of query strings. */
export const limit = (max: number, fallback: number) => z.coerce.number().int().min(1).max(max).default(fallback)
export const offset = z.coerce.number().int().min(0).default(0)
/** A repeated or comma separated parameter. */
export const listOf = <T extends z.ZodType<string, any>>(item: T) =>
  z.preprocess(
    (value) =>
      value === undefined
        ? undefined
        : (Array.isArray(value) ? value : [value]).flatMap((part) => String(part).split(',')).filter(Boolean),
    z.array(item).optional(),
  )
export const boolean = z.preprocess(
  (value) => (value === undefined ? undefined : ['1', 'true', 'yes'].includes(String(value).toLowerCase())),
  z.boolean().optional(),
)
