import { createHash } from 'node:crypto'
import fs from 'node:fs'
import path from 'node:path'
import type { AttemptServices } from '../kernel/agents/attempt-services.ts'
import { AppError } from '../kernel/errors/app-error.ts'
import type { Kernel } from '../kernel/kernel.ts'
import type { Sandbox } from '../kernel/tools/sandbox.ts'
import { normaliseRelative } from '../kernel/tools/sandbox-path.ts'
import { askToolApproval } from './ask-approval.ts'
import { callServerTool } from './call-server-tool.ts'
import { openPublished, openUploads, openWorkspace, PUBLISHED } from './folders.ts'
import { writeLocked } from './lock-file.ts'
import { mimeTypeOf } from './mime-types.ts'
import { rememberCall } from './store/remember-call.ts'
import { writeLogs } from './store/write-logs.ts'
import { shownContextFile, storedContextFile } from './write-context.ts'

const MAX_FILE = 50 * 1_048_576

const notAllowed = (given: string, why: string) => new AppError('PATH_NOT_ALLOWED', `${given}: ${why}`, { path: given })

/** The folder a path of the protocol lies in: the workspace, `uploads/`, or a published folder of this task (10.4). */
async function locate(
  kernel: Kernel,
  taskId: string,
  given: string,
): Promise<{ sandbox: Sandbox; inner: string; prefix: string; published: boolean }> {
  const parts = given.split('/')
  if (parts[0] === 'uploads')
    return {
      sandbox: await openUploads(kernel.config, taskId),
      inner: parts.slice(1).join('/') || '.',
      prefix: 'uploads/',
      published: false,
    }
  if (parts[0] === 'artifacts') {
    const [, folder, owner, ...rest] = parts
    const known = PUBLISHED.find((name) => name === folder)
    if (owner === undefined || owner !== taskId || (!known && folder !== 'uploads'))
      throw notAllowed(given, `only artifacts/{${PUBLISHED.join('|')}}/${taskId}/ belongs to this task`)
    const sandbox = known ? await openPublished(kernel.config, known, taskId) : await openUploads(kernel.config, taskId)
    return {
      sandbox,
      inner: rest.join('/') || '.',
      prefix: `artifacts/${folder}/${taskId}/`,
      published: known !== undefined,
    }
  }
  return { sandbox: await openWorkspace(kernel.config, taskId), inner: given, prefix: '', published: false }
}

async function readAll(stream: NodeJS.ReadableStream): Promise<Buffer> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of stream) {
    const bytes = Buffer.from(chunk as Uint8Array)
    size += bytes.length
    if (size > MAX_FILE)
      throw new AppError('PAYLOAD_TOO_LARGE', 'A file may hold 50 MB at most', { max_bytes: MAX_FILE })
    chunks.push(bytes)
  }
  return Buffer.concat(chunks)
}

/** What an agent may do during an attempt of a task (10.4): the server side of logs, files, tools and approvals. */
export const attemptServices: AttemptServices = {
  async logs({ kernel }, assignment, entries, callId) {
    return rememberCall(kernel, assignment.id, callId && `logs:${callId}`, async (tx) => {
      await writeLogs(
        tx,
        kernel,
        entries.map((entry) => ({
          agentId: assignment.agent_id ?? 'unknown',
          taskId: assignment.subject,
          level: entry.level,
          message: entry.message,
          metadata: { ...entry.metadata, subtask_id: assignment.key },
          ...(entry.created_at && !Number.isNaN(Date.parse(entry.created_at)) ? { createdAt: entry.created_at } : {}),
        })),
      )
      return entries.length
    })
  },
  async progress({ kernel }, assignment, { message, percent }) {
    if (message === undefined && percent === undefined) return
    const text = message ?? `${percent} %`
    await writeLogs(kernel.db, kernel, [
      {
        agentId: assignment.agent_id ?? 'unknown',
        taskId: assignment.subject,
        level: 'DEBUG',
        message: text,
        metadata: { subtask_id: assignment.key, ...(percent === undefined ? {} : { percent }) },
      },
    ])
  },
  async listFiles({ kernel }, assignment, given) {
    const { sandbox, inner, prefix } = await locate(kernel, assignment.subject, given)
    const found = (await sandbox.list(inner)).flatMap((file) => {
      const shown = prefix === '' ? shownContextFile(file.path, assignment.key) : file.path
      return shown === undefined ? [] : [{ path: `${prefix}${shown}`, size: file.bytes }]
    })
    if (given !== '.' && given !== '') return found
    const uploads = await openUploads(kernel.config, assignment.subject)
    return [...found, ...(await uploads.list()).map((file) => ({ path: `uploads/${file.path}`, size: file.bytes }))]
  },
  async readFile({ kernel }, assignment, given) {
    const { sandbox, inner } = await locate(kernel, assignment.subject, storedContextFile(given, assignment.key))
    const real = await sandbox.realPath(inner)
    const stat = await fs.promises.stat(real)
    if (!stat.isFile()) throw new AppError('FILE_NOT_FOUND', `${given} is not a file`, { path: given })
    const { size } = stat
    return { bytes: fs.createReadStream(real), size, mimeType: mimeTypeOf(real) }
  },
  async writeFile({ kernel }, assignment, given, body) {
    const { sandbox, inner, published, prefix } = await locate(kernel, assignment.subject, given)
    if (!published && !/^(output|temp)\//.test(path.posix.normalize(given)))
      throw notAllowed(given, 'files are written below output/, temp/ or artifacts/images|reports|data of this task')
    const bytes = await readAll(body)
    const shown = `${prefix}${normaliseRelative(inner)}`
    const written = await writeLocked(kernel, assignment, { sandbox, inner, path: shown }, () =>
      sandbox.write(inner, bytes),
    )
    return {
      path: `${prefix}${written.path}`,
      bytes: written.bytes,
      sha256: createHash('sha256').update(bytes).digest('hex'),
    }
  },
  callTool: callServerTool,
  askApproval: askToolApproval,
}
