import type { Reader } from '../kernel/db/database.ts'
import type { AgentLog, ListLogsQuery } from './schema.ts'

/** Newest first, filtered (2.2.7). */
export async function listLogs(db: Reader, query: ListLogsQuery): Promise<{ logs: AgentLog[]; total_count: number }> {
  const values: unknown[] = []
  const where: string[] = []
  const add = (sql: string, value: unknown) => where.push(sql.replace('?', `$${values.push(value)}`))
  if (query.agent_id) add('agent_id = ?', query.agent_id)
  if (query.task_id) add('task_id = ?', query.task_id)
  if (query.log_level?.length) add('log_level = any (?)', query.log_level)
  if (query.from) add('created_at >= ?', query.from)
  if (query.to) add('created_at <= ?', query.to)
  if (query.q) add(`message ilike '%' || ? || '%'`, query.q.replace(/[\\%_]/g, '\\$&'))
  const condition = where.length > 0 ? `where ${where.join(' and ')}` : ''
  const [{ rows }, count] = await Promise.all([
    db.query(
      `select id, agent_id, task_id, log_level, message, metadata, created_at from tasks.agent_logs ${condition} order by created_at desc, id desc limit ${query.limit} offset ${query.offset}`,
      values,
    ),
    db.query(`select count(*)::int as n from tasks.agent_logs ${condition}`, values),
  ])
  return {
    logs: rows.map((row) => ({ ...row, created_at: row['created_at'].toISOString() }) as AgentLog),
    total_count: count.rows[0]!['n'],
  }
}
