import { z } from 'zod'

/** ISO 8601 in UTC without empty milliseconds, e.g. `2025-11-15T18:00:00Z`. */
export const isoTime = (value: Date | string | number): string => new Date(value).toISOString().replace('.000Z', 'Z')

export const name = z.string().trim().min(1, 'must not be blank').max(200, 'must have at most 200 characters')
export const freeText = z.string().max(10_000, 'must have at most 10000 characters')
export const requiredText = freeText.refine((value) => value.trim() !== '', 'must not be blank')
export const idText = z.string().min(1).max(200)
export const list = <T extends z.ZodType>(item: T, min = 0) =>
  z
    .array(item)
    .min(min, min === 1 ? 'must have at least 1 item' : `must have at least ${min} items`)
    .max(500, 'must have at most 500 items')
export const texts = list(requiredText)
export const ids = list(idText)

/** What a field names: forms offer those, the rules refuse others. */
export type RefersTo =
  | 'owner'
  | 'milestone'
  | 'step'
  | 'task'
  | 'venue'
  | 'lead'
  | 'resource'
  | 'session'
  | 'risk'
  | 'contract'
  | 'change'
  | 'category'
/** The id or name of something else of the event, marked in the JSON schema as `x-ref`. */
export const refersTo = <T extends z.ZodType>(schema: T, to: RefersTo): T => schema.meta({ 'x-ref': to })
export const idOf = (to: RefersTo) => refersTo(idText, to)
export const idsOf = (to: RefersTo) => list(idOf(to))
export const owner = refersTo(name, 'owner')
export const category = refersTo(name, 'category')

const isDate = (value: string) =>
  /^\d{4}-\d{2}-\d{2}/.test(value) &&
  new Date(`${value.slice(0, 10)}T00:00:00Z`).toISOString().startsWith(value.slice(0, 10))
const isRealDate = (value: string) => {
  try {
    return isDate(value)
  } catch {
    return false
  }
}

/** Time with offset (any, converted to UTC); a bare date is its midnight UTC. */
export const timestamp = z
  .string()
  .regex(
    /^\d{4}-\d{2}-\d{2}([T ]\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?(Z|[+-]\d{2}:?\d{2}))?$/i,
    'must be an ISO 8601 time with offset, for example 2025-11-15T18:00:00Z',
  )
  .refine(
    (value) => isRealDate(value) && !Number.isNaN(Date.parse(value.replace(' ', 'T'))),
    'must be a time that exists',
  )
  .meta({ format: 'date-time' })
  .transform((value) => isoTime(value.replace(' ', 'T')))
/** Calendar date; a time is cut to its UTC date. */
export const date = z
  .string()
  .regex(/^\d{4}-\d{2}-\d{2}(T.*)?$/, 'must be a date, for example 2025-11-15')
  .refine(
    (value) => isRealDate(value) && (value.length === 10 || !Number.isNaN(Date.parse(value))),
    'must be a date that exists',
  )
  .meta({ format: 'date' })
  .transform((value) => (value.length === 10 ? value : new Date(value).toISOString().slice(0, 10)))

const twoDecimals = (value: number) => Math.round(value * 100) / 100 === value
/** At most 2 decimals, up to 999 999 999 999.99. More decimals are refused, never rounded. */
export const money = z
  .number()
  .min(0, 'must be 0 or more')
  .max(999_999_999_999.99)
  .refine(twoDecimals, 'must have at most 2 decimals')
export const positiveMoney = money.min(0.01, 'must be at least 0.01')
export const signedMoney = z
  .number()
  .min(-999_999_999_999.99)
  .max(999_999_999_999.99)
  .refine(twoDecimals, 'must have at most 2 decimals')
export const share = z.number().min(0, 'must be from 0 to 1').max(1, 'must be from 0 to 1')
export const count = z.int().min(1, 'must be at least 1').max(1_000_000, 'must be at most 1000000')
export const email = z.email('must be an e-mail address').max(200)

export const ArtifactProblem = z.object({ code: z.string(), message: z.string(), field: z.string() })
export type ArtifactProblem = z.infer<typeof ArtifactProblem>

/** What every stored artifact has besides its own fields (contract 0.3). */
export const Common = z.object({
  id: z.string(),
  version: z.int().min(1),
  schema_version: z.string(),
  validation_status: z.enum(['valid', 'invalid']),
  validation_errors: z.array(ArtifactProblem),
  correlation_id: z.string(),
  created_at: z.string(),
  updated_at: z.string(),
  created_by: z.string(),
})
export type Common = z.infer<typeof Common>

export const ArtifactRef = z.object({ artifact_type: z.string(), artifact_id: z.string(), version: z.int().min(1) })
export type ArtifactRef = z.infer<typeof ArtifactRef>
export const ImpactedArtifact = ArtifactRef.extend({ field: z.string().max(200).optional() })
export type ImpactedArtifact = z.infer<typeof ImpactedArtifact>

/** `limit` and `offset` of a query string. */
export const paging = (defaultLimit: number, maxLimit: number) => ({
  limit: z.coerce.number().int().min(1).max(maxLimit).default(defaultLimit),
  offset: z.coerce.number().int().min(0).default(0),
})
export const page = <T extends z.ZodType>(item: T) =>
  z.object({ data: z.array(item), total: z.int(), limit: z.int(), offset: z.int() })
