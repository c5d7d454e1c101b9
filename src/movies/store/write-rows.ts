import path from 'node:path'
import type { Tx } from '../../kernel/db/database.ts'
import { writeWhole } from '../../kernel/files/write-whole.ts'
import type { Kernel } from '../../kernel/kernel.ts'
import type { EngineArtifact, EngineState, EngineTask } from '../engine/engine-state.ts'
import { artifactsRoot } from './load-state.ts'

const INLINE_BYTES = 256 * 1024

const UPSERT_TASKS = {
  name: 'movies.tasks.upsert',
  text: `
  insert into movies.tasks (task_id, workflow_id, project_id, state, task_type, capability, status, superseded, priority, ready, ready_since,
                            next_retry_at, agent_id, data, created_at, started_at, completed_at)
  select t.task_id, $2, $3, t.state, t.task_type, t.capability, t.status, t.superseded, t.priority, t.ready, case when t.ready then now() end,
         t.next_retry_at, t.agent_id, t.data, t.created_at, t.started_at, t.completed_at
    from jsonb_to_recordset($1::jsonb) as t (task_id uuid, state text, task_type text, capability text, status text, superseded boolean, priority int,
         ready boolean, next_retry_at timestamptz, agent_id text, data jsonb, created_at timestamptz, started_at timestamptz, completed_at timestamptz)
  on conflict (task_id) do update set
    status = excluded.status, superseded = excluded.superseded, priority = excluded.priority, next_retry_at = excluded.next_retry_at,
    agent_id = excluded.agent_id, data = excluded.data, started_at = excluded.started_at, completed_at = excluded.completed_at,
    ready = excluded.ready, ready_since = case when not excluded.ready then null else coalesce(tasks.ready_since, now()) end,
    executor = case when excluded.status = 'running' then tasks.executor end, claim = case when excluded.status = 'running' then tasks.claim end,
    lease_until = case when excluded.status = 'running' then tasks.lease_until end, progress = case when excluded.status = 'running' then tasks.progress end`,
}

/** Writes the tasks that are new or changed; untouched ones keep their identity through a transition. */
export async function writeTasks(
  tx: Tx,
  s: EngineState,
  before: readonly EngineTask[],
  wasReady: ReadonlySet<string>,
  isReady: ReadonlySet<string>,
) {
  const known = new Map(before.map((t) => [t.task_id, t]))
  const rows = s.tasks
    .filter((t) => known.get(t.task_id) !== t || wasReady.has(t.task_id) !== isReady.has(t.task_id))
    .map((t) => ({
      task_id: t.task_id,
      state: t.state,
      task_type: t.task_type,
      capability: t.capability,
      status: t.status,
      superseded: t.superseded,
      priority: t.priority,
      ready: isReady.has(t.task_id),
      next_retry_at: t.next_retry_at,
      agent_id: t.agent_id,
      data: t,
      created_at: t.created_at,
      started_at: t.started_at,
      completed_at: t.completed_at,
    }))
  if (rows.length > 0) await tx.query(UPSERT_TASKS, [JSON.stringify(rows), s.workflow_id, s.project_id])
}

const INSERT_ARTIFACTS = {
  name: 'movies.artifacts.insert',
  text: `
  insert into movies.artifacts (artifact_id, workflow_id, project_id, name, index, version, origin, dropped, data, content, content_path, created_at)
  select a.artifact_id, $2, $3, a.name, a.index, a.version, a.origin, a.dropped, a.data, a.content, a.content_path, a.created_at
    from jsonb_to_recordset($1::jsonb) as a (artifact_id uuid, name text, index int, version int, origin text, dropped boolean, data jsonb,
         content jsonb, content_path text, created_at timestamptz)
  on conflict (artifact_id) do update set dropped = excluded.dropped, origin = excluded.origin`,
}

export async function writeArtifacts(kernel: Kernel, tx: Tx, s: EngineState, before: readonly EngineArtifact[]) {
  const known = new Map(before.map((a) => [a.artifact_id, a]))
  const changed = s.artifacts.filter((a) => known.get(a.artifact_id) !== a)
  if (changed.length === 0) return
  const rows = await Promise.all(changed.map((a) => artifactRow(kernel, s, a)))
  await tx.query(INSERT_ARTIFACTS, [JSON.stringify(rows), s.workflow_id, s.project_id])
}

/** A large content is written beside the media of its workflow before the row is committed; writing it twice changes nothing. */
async function artifactRow(kernel: Kernel, s: EngineState, a: EngineArtifact) {
  const { content, origin, dropped, ...data } = a
  const text = JSON.stringify(content)
  const large = Buffer.byteLength(text) > INLINE_BYTES
  const contentPath = large ? path.join(s.workflow_id, 'contents', `${a.artifact_id}.json`) : null
  if (contentPath) {
    await writeWhole(path.join(artifactsRoot(kernel), contentPath), text)
  }
  return {
    artifact_id: a.artifact_id,
    name: a.name,
    index: a.index,
    version: a.version,
    origin,
    dropped,
    data,
    content: large ? null : content,
    content_path: contentPath,
    created_at: a.created_at,
  }
}
