import { createHash } from 'node:crypto'
import type { Assignment, AttemptResult } from '../kernel/agents/plan-types.ts'
import { AppError, ValidationError } from '../kernel/errors/app-error.ts'
import { parse } from '../kernel/http/route.ts'
import type { Kernel } from '../kernel/kernel.ts'
import { recordReportedTurns } from '../kernel/models/record-calls.ts'
import { openWorkspace } from './folders.ts'
import { publishPage } from './publish-page.ts'
import { AttemptResultRequest, SUBTASK_ERROR_CODES, type SubTaskOutput } from './schema.ts'

/** JSON above this goes to a file and is handed on by reference (3.8). */
const INLINE_BYTES = 256 * 1024
const MAX_BYTES = 50 * 1_048_576
const PREVIEW = 2048
/** An escaped NUL, not a backslash followed by the letters. */
const HOLDS_NUL = /(?<!\\)(?:\\\\)*\\u0000/

/**
 * Checks what an agent sent and fills in what it left out: page, reference, error code. Counts what its models used for the run. Throws
 * ValidationError (10.5).
 */
export async function acceptTaskResult(
  kernel: Kernel,
  assignment: Assignment,
  body: Record<string, unknown>,
  attempt: number,
): Promise<AttemptResult> {
  const { status, output, error, execution_time, model_calls } = parse(AttemptResultRequest, body)
  // Results are stored many at a time: what the database cannot keep must not reach the others.
  if (HOLDS_NUL.test(JSON.stringify([output, error])))
    throw new ValidationError('A text holds the character NUL, which cannot be stored: remove it', [
      { field: output ? 'output' : 'error', message: 'must not contain NUL characters' },
    ])
  await recordReportedTurns(kernel.db, assignment, { domain: 'tasks', purpose: 'execute' }, model_calls)
  const executionTime = Math.max(0.001, execution_time)
  if (status === 'failed' || !output) {
    const text = error ?? 'unknown'
    const known = SUBTASK_ERROR_CODES.some((code) => text.startsWith(`${code}:`))
    return { status: 'failed', error: known ? text : `INTERNAL: ${text}`, executionTime }
  }
  const complete = await withPage(kernel, assignment, attempt, output, executionTime)
  return { status: 'completed', output: await byReference(kernel, assignment, complete), executionTime }
}

async function withPage(
  kernel: Kernel,
  assignment: Assignment,
  attempt: number,
  output: SubTaskOutput,
  executionTime: number,
): Promise<SubTaskOutput> {
  const filled = { ...output, files_created: output.files_created ?? [], result: output.result ?? output.summary }
  const page = await publishPage(kernel, assignment, {
    attempt,
    html: filled.result,
    executionTime,
    data: output.data,
    summary: output.summary,
  })
  return { ...filled, html_file: page }
}

async function byReference(kernel: Kernel, assignment: Assignment, output: SubTaskOutput): Promise<SubTaskOutput> {
  const json = JSON.stringify(output)
  const bytes = Buffer.byteLength(json)
  if (bytes <= INLINE_BYTES) return output
  if (bytes > MAX_BYTES)
    throw new ValidationError('output is larger than 50 MB: write files instead', [
      { field: 'output', message: 'must be at most 50 MB of JSON' },
    ])
  const workspace = await openWorkspace(kernel.config, assignment.subject)
  const path = `output/${assignment.key}/result.json`
  try {
    await workspace.write(path, json)
  } catch (error) {
    if (error instanceof AppError)
      throw new ValidationError(error.message, [{ field: 'output', message: error.message }])
    throw error
  }
  return {
    success: output.success,
    summary: output.summary,
    data: {},
    ...(output.html_file ? { html_file: output.html_file } : {}),
    files_created: output.files_created ?? [],
    result_ref: {
      path,
      bytes,
      sha256: createHash('sha256').update(json).digest('hex'),
      content_type: 'application/json',
    },
    preview: json.slice(0, PREVIEW).toWellFormed(),
  }
}
