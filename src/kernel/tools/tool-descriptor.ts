import { z } from 'zod'

/** What a tool may reach. Shown to people who approve and to other programs. */
export type Touches = 'files' | 'network' | 'database' | 'state' | 'process' | 'people' | 'model'

/**
 * When a person is asked first. `always`: in every mode; `edits`: where the mode has edits or all calls approved; `never`: only where all calls
 * are; `exempt`: not even there (a log line).
 */
export type Approval = 'exempt' | 'never' | 'edits' | 'always'
export type PermissionMode = 'auto' | 'bypassPermissions' | 'approveEdits' | 'approveAll'

export type ToolContext = {
  /** Key of this one call: an effect carries it, so that a repeated call has one effect. */
  callId: string
  signal: AbortSignal
  correlationId?: string
}

export type Retry = { maxAttempts: number; backoffMs: number; factor: number }

/**
 * A tool, as every surface reads it. `run` returns data or throws (AppError for refusals); it never decides about permission. `C` is what the
 * owner of the tool needs beside the call: a sandbox, a run, a database door.
 */
export type ToolDescriptor<I = any, O = any, C extends ToolContext = any> = {
  name: string
  aliases?: readonly string[]
  title: string
  description: string
  input: z.ZodType<I>
  /** The schema as the tool's own server wrote it; default: made from `input`. */
  inputJsonSchema?: Record<string, unknown>
  output?: z.ZodType<O>
  touches: readonly Touches[]
  reads?: readonly string[]
  writes?: readonly string[]
  approval: Approval | ((args: I) => Approval)
  /** One line for the person who approves. */
  summarise?(args: I): string
  undo?(ctx: C, args: I, result: O): Promise<void>
  timeoutMs?: number
  /** For failures that say they are transient. Default: one attempt. */
  retry?: Retry
  fallback?(ctx: C, args: I, error: unknown): Promise<O>
  run(ctx: C, args: I): Promise<O>
}

/** Keeps the types of input and output while a tool is written down. */
export const defineTool = <I, O, C extends ToolContext = ToolContext>(tool: ToolDescriptor<I, O, C>) => tool

export const approvalOf = (tool: ToolDescriptor, args: unknown): Approval =>
  typeof tool.approval === 'function' ? tool.approval(args) : tool.approval

/** Whether this call waits for a person in this mode. */
export function needsApproval(mode: PermissionMode, tool: ToolDescriptor, args: unknown): boolean {
  const approval = approvalOf(tool, args)
  if (mode === 'bypassPermissions' || approval === 'exempt') return false
  if (approval === 'always' || mode === 'approveAll') return true
  return mode === 'approveEdits' && approval === 'edits'
}

export type ToolExport = {
  name: string
  aliases: readonly string[]
  title: string
  description: string
  inputSchema: Record<string, unknown>
  outputSchema?: Record<string, unknown>
  touches: readonly Touches[]
  readOnly: boolean
}

/** A tool as JSON, for models, MCP clients and the UI. */
export function exportTool(tool: ToolDescriptor): ToolExport {
  const schemaOf = (schema: z.ZodType, io: 'input' | 'output') => {
    const { $schema: _, ...rest } = z.toJSONSchema(schema, { io, unrepresentable: 'any' })
    return rest as Record<string, unknown>
  }
  return {
    name: tool.name,
    aliases: tool.aliases ?? [],
    title: tool.title,
    description: tool.description,
    inputSchema: tool.inputJsonSchema ?? schemaOf(tool.input, 'input'),
    ...(tool.output && { outputSchema: schemaOf(tool.output, 'output') }),
    touches: tool.touches,
    readOnly: (tool.writes ?? []).length === 0 && (tool.approval === 'never' || tool.approval === 'exempt'),
  }
}
