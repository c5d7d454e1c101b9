import type { Ctx } from '../context.ts'
import type { Kernel } from '../kernel.ts'
import type { Assignment } from './plan-types.ts'
import type { LogEntry } from './protocol-schema.ts'

export type AttemptCtx = Ctx & { readonly kernel: Kernel }

export type FileBytes = { bytes: Buffer | NodeJS.ReadableStream; size: number; mimeType: string }
export type ToolContent = { content: unknown[]; isError?: boolean }
export type ApprovalAnswer =
  | {
      decision: 'approved' | 'denied' | 'expired'
      approval_id: string | null
      reason?: string
      /** Approved with these arguments instead of those asked for. */
      arguments?: Record<string, unknown>
    }
  | { decision: 'pending'; approval_id: string; expires_at: string }

/** What a pool's domain lets an agent do during an attempt, behind the protocol's calls. A missing one answers 404. */
export type AttemptServices = {
  logs?(
    ctx: AttemptCtx,
    assignment: Assignment,
    entries: readonly LogEntry[],
    callId: string | undefined,
  ): Promise<number>
  progress?(
    ctx: AttemptCtx,
    assignment: Assignment,
    progress: { message?: string | undefined; percent?: number | undefined },
  ): Promise<void>
  listFiles?(ctx: AttemptCtx, assignment: Assignment, path: string): Promise<{ path: string; size: number }[]>
  readFile?(ctx: AttemptCtx, assignment: Assignment, path: string): Promise<FileBytes>
  writeFile?(
    ctx: AttemptCtx,
    assignment: Assignment,
    path: string,
    body: NodeJS.ReadableStream,
  ): Promise<{ path: string; bytes: number; sha256: string }>
  callTool?(
    ctx: AttemptCtx,
    assignment: Assignment,
    tool: string,
    args: Record<string, unknown>,
    callId: string,
  ): Promise<ToolContent>
  askApproval?(
    ctx: AttemptCtx,
    assignment: Assignment,
    tool: string,
    args: Record<string, unknown>,
    callId: string,
    waitSeconds: number,
  ): Promise<ApprovalAnswer>
}
