import { randomUUID } from 'node:crypto'
import fs from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { normaliseRelative } from '../../kernel/tools/sandbox-path.ts'
import type { JsonObject, LogLevel, ModelCallReport, SubTaskOutput } from '../schema.ts'
import { SkillError } from '../skills/skill-error.ts'
import { type Answer, type Call, callOnce, callUntilAnswered, RefusedError, readJson } from './call-server.ts'

export type LogEntry = { level: LogLevel; message: string; metadata?: JsonObject; created_at: string }
export type Result = (
  | { status: 'completed'; output: SubTaskOutput; execution_time: number }
  | { status: 'failed'; error: string; execution_time: number }
) & { model_calls?: ModelCallReport[] }
export type ToolAnswer = {
  content: { type: string; text?: string }[]
  structuredContent?: JsonObject
  isError?: boolean
}
export type ApprovalAnswer = {
  decision: 'approved' | 'denied' | 'expired'
  approval_id: string | null
  reason?: string
}
export type FileEntry = { path: string; size: number }

/** What an attempt may say to and ask of the server (contract 10.4, 10.5). */
export type TaskLink = {
  progress(message: string | undefined, percent?: number): void
  log(entries: readonly LogEntry[]): Promise<void>
  checkpoint(state: JsonObject): Promise<void>
  listFiles(folder: string): Promise<FileEntry[]>
  readFile(file: string): Promise<Uint8Array>
  writeFile(file: string, content: Uint8Array): Promise<void>
  /** False when another attempt holds it. */
  lock(name: string, seconds: number): Promise<boolean>
  tool(name: string, args: JsonObject, callId?: string): Promise<ToolAnswer>
  approve(tool: string, args: JsonObject, callId?: string): Promise<ApprovalAnswer>
  report(result: Result, signal: AbortSignal): Promise<string>
  close(): Promise<void>
}

/** The attempt is no longer ours: stop, report nothing. */
export class AttemptOverError extends Error {
  readonly reason: string
  constructor(reason: string) {
    super(`the attempt is over: ${reason}`)
    this.name = 'AttemptOverError'
    this.reason = reason
  }
}

const APPROVAL_WAIT_SECONDS = 25
const FILE_CODES: Record<string, 'FILE_NOT_FOUND' | 'PATH_NOT_ALLOWED'> = {
  FILE_NOT_FOUND: 'FILE_NOT_FOUND',
  PATH_NOT_ALLOWED: 'PATH_NOT_ALLOWED',
}
const encodePath = (file: string) => file.split('/').map(encodeURIComponent).join('/')

/** Below `callback_url` with the attempt's token. `signal` ends waiting when the attempt ends. */
export function createCallbackLink(
  base: string,
  token: string | undefined,
  signal: AbortSignal,
  onOver: (reason: string) => void,
): TaskLink {
  const root = base.replace(/\/$/, '')
  const target = (method: Call['method'], suffix: string, json?: unknown): Call => ({
    method,
    url: `${root}/${suffix}`,
    token,
    signal,
    ...(json !== undefined && { json }),
  })
  async function guarded(work: Promise<Answer>): Promise<Answer> {
    try {
      return await work
    } catch (error) {
      if (error instanceof RefusedError && (error.code === 'ATTEMPT_OVER' || error.code === 'ASSIGNMENT_NOT_FOUND')) {
        const reason = String(error.reply['reason'] ?? 'cancelled')
        onOver(reason)
        throw new AttemptOverError(reason)
      }
      throw error
    }
  }
  const repeat = (call: Call) => guarded(callUntilAnswered(call))
  const file = async (call: Call): Promise<Answer> => {
    try {
      return await repeat(call)
    } catch (error) {
      if (error instanceof RefusedError && FILE_CODES[error.code])
        throw new SkillError(FILE_CODES[error.code]!, error.message)
      if (error instanceof RefusedError) throw new SkillError('TOOL_ERROR', error.message)
      throw error
    }
  }
  return {
    progress(message, percent) {
      const json = {
        ...(message !== undefined && { message: message.slice(0, 4000) }),
        ...(percent !== undefined && { percent }),
      }
      // Shown live, never worth a repetition; an attempt that is over is heard from the next call.
      guarded(callOnce({ ...target('POST', 'progress', json), timeoutMs: 5000 })).catch(() => undefined)
    },
    async log(entries) {
      if (entries.length > 0) await repeat(target('POST', 'logs', { call_id: randomUUID(), entries }))
    },
    async checkpoint(state) {
      await repeat(target('POST', 'checkpoint', { state }))
    },
    async listFiles(folder) {
      try {
        const answer = await file(target('GET', `files?path=${encodeURIComponent(folder)}`))
        return (readJson(answer)['files'] ?? []) as FileEntry[]
      } catch (error) {
        // A folder that nobody wrote to yet does not exist.
        if (error instanceof SkillError && error.code === 'FILE_NOT_FOUND') return []
        throw error
      }
    },
    readFile: async (name) => (await file(target('GET', `files/${encodePath(name)}`))).body,
    async writeFile(name, bytes) {
      await file({ ...target('PUT', `files/${encodePath(name)}`), bytes })
    },
    async lock(name, seconds) {
      try {
        await repeat(target('POST', `locks/${encodeURIComponent(name)}`, { ttl_seconds: seconds }))
        return true
      } catch (error) {
        if (error instanceof RefusedError && error.code === 'LOCK_HELD') return false
        throw error
      }
    },
    async tool(name, args, callId = randomUUID()) {
      const call = target('POST', `tools/${encodeURIComponent(name)}`, { arguments: args, call_id: callId })
      // The call may wait for a person.
      return readJson(await repeat({ ...call, timeoutMs: 200_000 })) as unknown as ToolAnswer
    },
    async approve(tool, args, callId = randomUUID()) {
      for (;;) {
        const json = { tool, arguments: args, call_id: callId, wait_seconds: APPROVAL_WAIT_SECONDS }
        const answer = readJson(await repeat(target('POST', 'approvals', json)))
        if (answer['decision'] !== 'pending') return answer as unknown as ApprovalAnswer
      }
    },
    report: (result, until) => reportTo({ ...target('POST', 'result'), signal: until }, result),
    close: async () => undefined,
  }
}

/** Repeats until answered. An unusable result (400) is corrected once to a failure that says so. */
async function reportTo(call: Call, result: Result, extra: JsonObject = {}): Promise<string> {
  try {
    const answer = await callUntilAnswered({ ...call, json: { ...extra, ...result } })
    return String(readJson(answer)['outcome'] ?? 'stored')
  } catch (error) {
    if (!(error instanceof RefusedError)) throw error
    const isUnusable = error.status === 400 || error.status === 413
    if (!isUnusable) return `refused: ${error.code}`
    const error2 = `${error.status === 413 ? 'TOOL_ERROR: the result is too large' : 'INTERNAL: the server refused the result'}: ${error.message}`
    const { execution_time, model_calls } = result
    const failed: Result = { status: 'failed', error: error2, execution_time, ...(model_calls && { model_calls }) }
    await callUntilAnswered({ ...call, json: { ...extra, ...failed } }).catch((again: unknown) => {
      if (!(again instanceof RefusedError)) throw again
    })
    return `refused: ${error.message}`
  }
}

export type Detached = {
  taskId: string
  subtaskId: string
  attempt: number
  /** Where results without an assignment go; undefined while not registered. */
  resultsCall: () => Call | undefined
}

/** Work that came without callback fields: files live in a private folder and end with it, tools of the server are out of reach. */
export function createDetachedLink({ taskId, subtaskId, attempt, resultsCall }: Detached): TaskLink {
  let folder: Promise<string> | undefined
  const root = () => (folder ??= fs.mkdtemp(path.join(os.tmpdir(), 'troupe-agent-')))
  const place = async (file: string) => path.join(await root(), normaliseRelative(file))
  return {
    progress: () => undefined,
    log: async () => undefined,
    checkpoint: async () => undefined,
    async listFiles(given) {
      const base = await root()
      const entries = await fs.readdir(base, { recursive: true, withFileTypes: true })
      const prefix = given === '.' ? '' : `${normaliseRelative(given)}/`
      const files = entries.filter((entry) => entry.isFile()).map((entry) => path.join(entry.parentPath, entry.name))
      const found = await Promise.all(
        files.map(async (full) => ({
          path: path.relative(base, full).split(path.sep).join('/'),
          size: (await fs.stat(full)).size,
        })),
      )
      return found.filter((entry) => entry.path.startsWith(prefix))
    },
    async readFile(file) {
      return fs.readFile(await place(file)).catch(() => {
        throw new SkillError(
          'FILE_NOT_FOUND',
          `there is no file ${file}: work without callback fields has no task folder`,
        )
      })
    },
    async writeFile(file, content) {
      const full = await place(file)
      await fs.mkdir(path.dirname(full), { recursive: true })
      await fs.writeFile(full, content)
    },
    lock: async () => true,
    tool: async (name) => ({
      isError: true,
      content: [
        { type: 'text', text: `TOOL_ERROR: ${name} runs in the server and needs the callback fields of /execute` },
      ],
    }),
    approve: async () => ({ decision: 'approved', approval_id: null }),
    async report(result, until) {
      const call = resultsCall()
      if (!call) return 'not registered'
      return reportTo({ ...call, signal: until }, result, { task_id: taskId, subtask_id: subtaskId, attempt })
    },
    async close() {
      if (folder) await fs.rm(await folder, { recursive: true, force: true })
    },
  }
}
