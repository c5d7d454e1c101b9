import { z } from 'zod'
import { list, money, name } from './common.ts'

const diet = z.string().max(200).default('')
/** Rows of a previewed budget that a person wants in the plan. */
export const BudgetImportInput = z.object({
  lines: list(z.object({ category: name, item: name, quantity: z.int().min(1).max(100_000_000), unit_cost: money }), 1),
})
export type BudgetImportInput = z.infer<typeof BudgetImportInput>

export const Guest = z.object({
  name,
  email: z.union([z.literal(''), z.email('must be an e-mail address').max(200)]).default(''),
  diet,
})
export type Guest = z.infer<typeof Guest>
/** Rows of a previewed guest list; `update_audience` makes their number the size of the event. */
export const GuestImportInput = z.object({
  guests: z.array(Guest).min(1, 'must have at least 1 guest').max(5000, 'must have at most 5000 guests'),
  update_audience: z.boolean().default(true),
})
export type GuestImportInput = z.infer<typeof GuestImportInput>

export const GuestList = z.object({
  event_brief_id: z.string(),
  version: z.int().min(1),
  guests: z.array(Guest),
  head_count: z.int(),
  /** How many of each diet; guests without one are not counted. */
  diets: z.record(z.string(), z.int()),
  imported_at: z.string(),
  imported_by: z.string(),
})
export type GuestList = z.infer<typeof GuestList>

export const ImportRecord = z.object({
  id: z.string(),
  event_brief_id: z.string(),
  kind: z.enum(['budget', 'guests']),
  rows: z.int(),
  applied_at: z.string(),
  applied_by: z.string(),
  /** Versions it wrote, and those before; 0 = there was none. */
  wrote: z.array(z.object({ artifact_type: z.string(), version: z.int(), before: z.int() })),
  undone_at: z.string().nullable(),
})
export type ImportRecord = z.infer<typeof ImportRecord>
