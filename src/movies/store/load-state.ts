import fs from 'node:fs/promises'
import path from 'node:path'
import type { Reader } from '../../kernel/db/database.ts'
import { AppError } from '../../kernel/errors/app-error.ts'
import type { Kernel } from '../../kernel/kernel.ts'
import { type EngineArtifact, type EngineState, type EngineTask, isActive } from '../engine/engine-state.ts'
import { isSignature } from '../secret-key.ts'

export type StoredWorkflow = {
  state: EngineState
  version: number
  runId: string | null
  correlationId: string
  progressToldAt: Date | null
  /** Tasks that wait for nothing but an agent, as the rows say. */
  ready: ReadonlySet<string>
  /** The stored text does not fit its signature: somebody else has written it. */
  tampered: boolean
}

type CacheEntry = { version: number; stored: StoredWorkflow }
const CACHE_SIZE = 400
/** A film that ended is looked at for a while; after that its rows are read again. */
const IDLE_SIZE = 16
const caches = new WeakMap<Kernel, Map<string, CacheEntry>>()

/** Workflows at work are kept in memory, and the last that ended; an entry counts only while its version is the row's. */
function cacheOf(kernel: Kernel): Map<string, CacheEntry> {
  const found = caches.get(kernel)
  if (found) return found
  const made = new Map<string, CacheEntry>()
  caches.set(kernel, made)
  return made
}

export function remember(kernel: Kernel, stored: StoredWorkflow) {
  const cache = cacheOf(kernel)
  cache.delete(stored.state.workflow_id)
  cache.set(stored.state.workflow_id, { version: stored.version, stored })
  if (!isActive(stored.state.status)) {
    const idle = [...cache].filter((entry) => !isActive(entry[1].stored.state.status))
    for (const [id] of idle.slice(0, -IDLE_SIZE)) cache.delete(id)
  }
  if (cache.size > CACHE_SIZE) cache.delete(cache.keys().next().value!)
}
/** Ids of the workflows in memory, the latest last. */
export const remembered = (kernel: Kernel): string[] => [...cacheOf(kernel).keys()]
export const forget = (kernel: Kernel, workflowId: string) => void cacheOf(kernel).delete(workflowId)

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i
export const isUuid = (id: string) => UUID.test(id)

export const workflowNotFound = (id: string) =>
  new AppError('WORKFLOW_NOT_FOUND', `No workflow ${id}: list them with GET /api/v1/workflows`, { workflow_id: id })

type Row = {
  version: number
  engine: string
  integrity: string
  run_id: string | null
  correlation_id: string
  progress_told_at: Date | null
}

const COLUMNS = 'version, engine, integrity, run_id, correlation_id, progress_told_at'

/** What the signature of a stored workflow covers. */
export const signedText = (id: string, version: number, engine: string) => `${id}|${version}|${engine}`

/** Reads a workflow; `lock` keeps others from changing it until the transaction ends (`skip`: null when somebody does). */
export async function loadState(
  kernel: Kernel,
  reader: Reader,
  id: string,
  lock: 'none' | 'wait' | 'skip' = 'none',
): Promise<StoredWorkflow | null> {
  if (!isUuid(id)) throw workflowNotFound(id)
  const suffix = lock === 'none' ? '' : lock === 'wait' ? ' for update' : ' for update skip locked'
  const { rows } = await reader.query<Row>(`select ${COLUMNS} from movies.workflows where workflow_id = $1${suffix}`, [
    id,
  ])
  const row = rows[0]
  if (!row) {
    if (lock === 'skip') return null
    throw workflowNotFound(id)
  }
  const genuine = isSignature(kernel, 'workflow', signedText(id, row.version, row.engine), row.integrity)
  const cached = cacheOf(kernel).get(id)
  if (genuine && cached && cached.version === row.version) return cached.stored
  const stored = await readAll(kernel, reader, id, row, !genuine)
  if (lock !== 'none' && genuine) remember(kernel, stored)
  return stored
}

async function readAll(
  kernel: Kernel,
  reader: Reader,
  id: string,
  row: Row,
  tampered: boolean,
): Promise<StoredWorkflow> {
  const tasks = await reader.query(
    'select task_id, ready, data from movies.tasks where workflow_id = $1 order by ordinal',
    [id],
  )
  const artifacts = await reader.query(
    'select data, dropped, origin, content, content_path from movies.artifacts where workflow_id = $1 order by ordinal',
    [id],
  )
  const engine = JSON.parse(row.engine) as Omit<EngineState, 'tasks' | 'artifacts'>
  return {
    state: {
      ...engine,
      tasks: tasks.rows.map((t) => t['data'] as EngineTask),
      artifacts: await Promise.all(artifacts.rows.map((a) => toArtifact(kernel, a))),
    },
    version: row.version,
    runId: row.run_id,
    correlationId: row.correlation_id,
    progressToldAt: row.progress_told_at,
    ready: new Set(tasks.rows.filter((t) => t['ready']).map((t) => t['task_id'] as string)),
    tampered,
  }
}

export const artifactsRoot = (kernel: Kernel) => path.resolve(kernel.config.tasks.artifactsPath, 'movies')

async function toArtifact(kernel: Kernel, row: Record<string, any>): Promise<EngineArtifact> {
  const content =
    row['content'] ??
    JSON.parse(await fs.readFile(path.join(artifactsRoot(kernel), row['content_path'] as string), 'utf8'))
  return { ...row['data'], origin: row['origin'], dropped: row['dropped'], content }
}
