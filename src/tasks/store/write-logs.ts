import type { Reader } from '../../kernel/db/database.ts'
import { storableJson } from '../../kernel/events/storable-json.ts'
import type { Kernel } from '../../kernel/kernel.ts'
import { type LogLevel, MAX_LOG_MESSAGE } from '../schema.ts'

export type NewLog = {
  agentId?: string
  taskId?: string | null
  level: LogLevel
  message: string
  metadata?: Record<string, unknown> | null
  createdAt?: string
}

/** Appends to the audit log; secrets are masked, long messages cut. One statement for all entries. */
export async function writeLogs(db: Reader, kernel: Pick<Kernel, 'mask'>, logs: readonly NewLog[]): Promise<void> {
  if (logs.length === 0) return
  const rows = logs.map((log) => ({
    agent_id: log.agentId ?? 'orchestrator',
    task_id: log.taskId ?? null,
    log_level: log.level,
    message: kernel.mask(log.message).slice(0, MAX_LOG_MESSAGE),
    metadata: log.metadata ?? null,
    created_at: log.createdAt ?? null,
  }))
  const json = kernel.mask(storableJson(rows))
  await db.query(
    `insert into tasks.agent_logs (agent_id, task_id, log_level, message, metadata, created_at)
     select g.agent_id, g.task_id, g.log_level, g.message, nullif(g.metadata, 'null'::jsonb), coalesce(g.created_at, clock_timestamp())
       from jsonb_to_recordset($1::jsonb) as g (agent_id text, task_id text, log_level text, message text, metadata jsonb, created_at timestamptz)`,
    [json],
  )
}
