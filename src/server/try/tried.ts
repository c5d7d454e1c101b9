import { z } from 'zod'

/** A tool that an agent used, and how that went. */
export const TriedTool = z.object({
  name: z.string(),
  about: z.record(z.string(), z.unknown()),
  duration_ms: z.number(),
  ok: z.boolean(),
})
export type TriedTool = z.output<typeof TriedTool>

/** A file that an agent made; it is gone when the reply is sent, so a small text is part of it. */
export const TriedFile = z.object({ path: z.string(), bytes: z.number(), text: z.string().nullable() })
export type TriedFile = z.output<typeof TriedFile>

export const Tried = z.object({
  agent: z.string(),
  made_by: z.enum(['model', 'craft']),
  duration_ms: z.number(),
  output: z.unknown(),
  notes: z.array(z.string()),
  tools: z.array(TriedTool),
  files: z.array(TriedFile),
  /** What the model used; null when none was asked. Money is null when the model's price is not known. */
  usage: z.object({ input_tokens: z.number(), output_tokens: z.number(), cost_usd: z.number().nullable() }).nullable(),
})
export type Tried = z.output<typeof Tried>

export type Made = Pick<Tried, 'made_by' | 'output' | 'notes'> & Partial<Pick<Tried, 'tools' | 'files'>>

export const TryInput = z.object({
  domain: z.enum(['tasks', 'planning', 'movies']),
  agent: z.string().min(1).max(100),
  /** The brief or the film it works on; nothing of it is changed. Not for tasks. */
  subject: z.string().min(1).max(300).optional(),
  /** Which part of its work (planning). */
  task: z.string().max(60).optional(),
  /** The job in plain words (tasks); what the agent should know beside its material (planning, movies). */
  input: z.string().max(1000).optional(),
  /** Files for the job (tasks). */
  files: z
    .array(z.object({ name: z.string().regex(/^[\w .()-]{1,100}$/, 'must be a plain file name'), text: z.string() }))
    .max(5)
    .default([]),
})
export type TryInput = z.output<typeof TryInput>
