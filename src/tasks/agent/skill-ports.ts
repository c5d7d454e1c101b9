import fs from 'node:fs/promises'
import { setTimeout as wait } from 'node:timers/promises'
import { AppError } from '../../kernel/errors/app-error.ts'
import { type JsonObject, type LogLevel, SUBTASK_ERRORS, type SubTaskErrorCode } from '../schema.ts'
import type { HttpAnswer, HttpAsk, SkillPorts } from '../skills/skill.ts'
import { SkillError } from '../skills/skill-error.ts'
import type { TaskLink, ToolAnswer } from './task-link.ts'

export type PortOptions = {
  link: TaskLink
  signal: AbortSignal
  dataPath: string
  allowPrivateHosts: boolean
  outboundHosts?: readonly string[] | undefined
  secrets: Readonly<Record<string, string>>
  log(level: LogLevel, message: string, metadata?: JsonObject): void
  now(): Date
}

const MAX_DATA_FILE = 50 * 1024 * 1024
const NAME_LOCK_SECONDS = 60
const MAX_NAMES = 1000

/** `CODE: message` -> an error with that code; TOOL_ERROR for codes the contract does not know. */
export function errorFromText(text: string): SkillError {
  const match = /^([A-Z_]+):\s*([\s\S]*)$/.exec(text)
  if (!match) return new SkillError('TOOL_ERROR', text || 'the tool failed')
  const [, code = '', message = ''] = match
  if (!(code in SUBTASK_ERRORS)) return new SkillError('TOOL_ERROR', message)
  return new SkillError(code as SubTaskErrorCode, message)
}

export function readToolAnswer({ content, structuredContent, isError }: ToolAnswer): JsonObject {
  const text = content?.find((part) => part.type === 'text')?.text ?? ''
  if (isError) throw errorFromText(text)
  if (structuredContent) return structuredContent
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonObject) : { value }
  } catch {
    return { value: text }
  }
}

/** Asks once per kind of call whether a person must agree; where nobody is asked it does not ask again. */
function createGate(link: TaskLink): (tool: string, args: JsonObject, kind?: string) => Promise<void> {
  const free = new Set<string>()
  return async (tool, args, kind = tool) => {
    if (free.has(kind)) return
    const { decision, approval_id, reason } = await link.approve(tool, args)
    if (decision === 'approved') {
      if (approval_id === null) free.add(kind)
      return
    }
    const why = reason ? `: ${reason}` : ''
    if (decision === 'denied') throw new SkillError('APPROVAL_DENIED', `${tool} was denied by a person${why}`)
    throw new SkillError('APPROVAL_TIMEOUT', `nobody approved ${tool} in time${why}`)
  }
}

const NETWORK_HINT: Record<string, string> = {
  ADDRESS_NOT_ALLOWED: ' Private and loopback addresses are refused unless ALLOW_PRIVATE_HOSTS=1.',
}

const lockName = (path: string) => `name:${path}`.replace(/[^A-Za-z0-9:_.-]/g, '_').slice(0, 200)

function* numbered(name: string): Generator<string> {
  const [, stem = name, extension = ''] = /^(.+?)(\.[^.]*)?$/.exec(name) ?? []
  yield name
  for (let n = 1; n < MAX_NAMES; n++) yield `${stem}_${n}${extension}`
}

function* counted(stem: string, extension: string): Generator<string> {
  for (let n = 1; n < MAX_NAMES; n++) yield `${stem}_${n}${extension}`
}

/** What a skill may touch, on top of the attempt's link: gated, logged and guarded. */
export function createSkillPorts(options: PortOptions): SkillPorts {
  const { link, signal, log } = options
  const gate = createGate(link)
  const reserved = new Set<string>()

  async function logged<T>(tool: string, about: JsonObject, work: () => Promise<T>): Promise<T> {
    const started = performance.now()
    const entry = (isError: boolean) => ({
      tool,
      ...about,
      duration_ms: Math.round(performance.now() - started),
      isError,
    })
    try {
      const value = await work()
      log('DEBUG', `Tool ${tool} ran`, entry(false))
      return value
    } catch (error) {
      signal.throwIfAborted()
      log('DEBUG', `Tool ${tool} failed: ${(error as Error).message.slice(0, 300)}`, entry(true))
      throw error
    }
  }

  async function http(url: string, ask: HttpAsk = {}): Promise<HttpAnswer> {
    const method = (ask.method ?? 'GET').toUpperCase()
    const about = { method, url: url.slice(0, 500) }
    const kind = method === 'GET' || method === 'HEAD' ? 'http_request' : 'http_request write'
    await gate('http_request', about, kind)
    return logged('http_request', about, async () => {
      const { guardedFetch } = await import('../../kernel/tools/guarded-fetch.ts')
      try {
        const {
          status,
          headers,
          body,
          url: final,
        } = await guardedFetch(url, {
          ...ask,
          method,
          allowPrivate: options.allowPrivateHosts,
          hosts: options.outboundHosts,
          forAgent: true,
          signal,
        })
        return { status, headers, body, url: final }
      } catch (error) {
        signal.throwIfAborted()
        if (error instanceof AppError)
          throw new SkillError(
            'NETWORK_ERROR',
            `${url.slice(0, 300)}: ${error.message}${NETWORK_HINT[error.code] ?? ''}`,
          )
        throw error
      }
    })
  }

  /** Paths in `folder` of the task, as they are written. */
  async function pathsIn(folder: string): Promise<Set<string>> {
    const files = await link.listFiles(folder)
    return new Set(files.map(({ path }) => (path.startsWith(`${folder}/`) ? path : `${folder}/${path}`)))
  }

  /** The first name that is free and that no other step is about to use. */
  async function claimFirst(folder: string, names: Iterable<string>): Promise<string> {
    const taken = await pathsIn(folder)
    for (const name of names) {
      const path = `${folder}/${name}`
      if (taken.has(path) || reserved.has(path)) continue
      if (!(await link.lock(lockName(path), NAME_LOCK_SECONDS))) continue
      reserved.add(path)
      return path
    }
    throw new SkillError('TOOL_ERROR', `there are too many files of that name in ${folder}/`)
  }

  return {
    signal,
    now: options.now,
    http,
    secret: (name) => options.secrets[name],
    sleep: (ms) => wait(ms, undefined, { signal }),
    progress: (message, percent) => link.progress(message, percent),
    tool: async (name, args) => readToolAnswer(await link.tool(name, args)),
    data: {
      async read(path) {
        if (!(await fs.stat(options.dataPath).catch(() => undefined))?.isDirectory()) return undefined
        const { openSandbox } = await import('../../kernel/tools/sandbox.ts')
        const sandbox = await openSandbox({ root: options.dataPath, writable: [] })
        try {
          const { data, totalBytes } = await sandbox.read(path, { maxBytes: MAX_DATA_FILE })
          if (totalBytes > MAX_DATA_FILE) throw new SkillError('INVALID_INPUT', `${path} is larger than 50 MB`)
          return data
        } catch (error) {
          if (error instanceof AppError && error.code === 'FILE_NOT_FOUND') return undefined
          if (error instanceof AppError && error.code === 'PATH_NOT_ALLOWED')
            throw new SkillError('PATH_NOT_ALLOWED', error.message)
          throw error
        }
      },
    },
    files: {
      async list(path = '.') {
        await gate('list_files', { path })
        return link.listFiles(path)
      },
      async read(path) {
        await gate('read_file', { path })
        return logged('read_file', { path }, () => link.readFile(path))
      },
      async write(path, content) {
        const bytes = typeof content === 'string' ? Buffer.from(content) : content
        await gate('write_file', { path, bytes: bytes.byteLength })
        await logged('write_file', { path, bytes: bytes.byteLength }, () => link.writeFile(path, bytes))
      },
      reserve: (name) => claimFirst('output', numbered(name)),
      number: (folder, stem, extension) => claimFirst(folder, counted(stem, extension)),
    },
  }
}
