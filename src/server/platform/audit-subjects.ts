import type { Reader } from '../../kernel/db/database.ts'

/** What a path is about and how it looks: read before and after a changing call. */
export type AuditSubject = {
  /** Matches the path; its first group is the id. */
  path: RegExp
  kind: string
  /** One row with what a reader of the audit wants to compare. `$1` is the id. */
  sql: string
  /** Fields of a creating call's reply that name what was made. */
  made?: readonly string[]
}

const seg = '([^/?]+)'
const at = (path: string) => new RegExp(`^${path.replaceAll(':id', seg)}(?:[/?]|$)`)

/** Longest first: the first that fits counts. */
export const AUDIT_SUBJECTS: readonly AuditSubject[] = [
  {
    path: at('/v1/runs/:id'),
    kind: 'run',
    sql: 'select title, status, holds, stage, stage_no, owner, limits from kernel.runs where id = $1',
    made: ['id'],
  },
  {
    path: at('/v1/decisions/:id'),
    kind: 'decision',
    sql: 'select title, status, answer, answered_by, roles, users, staged, deadline from kernel.decisions where id = $1',
  },
  {
    path: at('/v1/keys(?:/:id)?'),
    kind: 'key',
    sql: 'select name, hint, roles, scopes, projects, expires_at, revoked_at from kernel.api_keys where id = $1',
    made: ['id'],
  },
  {
    path: at('/v1/webhooks(?:/:id)?'),
    kind: 'webhook',
    sql: 'select name, url, domains, types, level, allow_private, enabled from kernel.webhooks where id = $1',
    made: ['id'],
  },
  {
    path: at('/v1/agents/[^/]+/:id'),
    kind: 'agent',
    sql: 'select pool, status, slots, capabilities, dead_at from kernel.agents where id = $1',
  },
  {
    path: at('/agents(?:/:id)?'),
    kind: 'agent',
    sql: `select pool, status, slots, capabilities, dead_at from kernel.agents where id = $1`,
    made: ['agent_id', 'id'],
  },
  {
    path: at('/tasks(?:/:id)?'),
    kind: 'task',
    sql: `select description, status, user_id, error, jsonb_array_length(subtasks) as subtasks from tasks.tasks where id = $1`,
    made: ['task_id', 'id'],
  },
  {
    path: at('/approvals/:id'),
    kind: 'decision',
    sql: 'select title, status, answer, answered_by, roles, users from kernel.decisions where id = $1',
  },
  {
    path: at('/api/event-briefs/:id'),
    kind: 'brief',
    sql: 'select version, lifecycle_state, validation_status, body from planning.event_briefs where id = $1',
  },
  {
    path: at('/api/approvals/:id'),
    kind: 'approval',
    sql: 'select status, body from planning.approvals where id = $1',
  },
  {
    path: at('/api/agents/(?:intake|orchestrate)'),
    kind: 'session',
    sql: 'select event_brief_id, status from planning.sessions where id = $1',
    made: ['session_id'],
  },
  {
    path: at('/api/agents/sessions/:id'),
    kind: 'session',
    sql: 'select event_brief_id, status from planning.sessions where id = $1',
  },
  {
    path: at('/api/artifacts/event-briefs'),
    kind: 'brief',
    sql: 'select version, lifecycle_state, validation_status, body from planning.event_briefs where id = $1',
    made: ['id', 'event_brief_id'],
  },
  {
    path: at('/api/v1/workflows(?:/:id)?'),
    kind: 'workflow',
    sql: `select status, current_state, priority, version from movies.workflows where workflow_id::text = $1`,
    made: ['workflow_id'],
  },
  {
    path: at('/api/v1/projects(?:/:id)?'),
    kind: 'project',
    sql: 'select status, data from movies.projects where project_id = $1',
    made: ['project_id', 'id'],
  },
  {
    path: at('/(?:v1/)?simulations(?:/:id)?'),
    kind: 'simulation',
    sql: 'select name, status, turn, max_turns from simulation.served_runs where run_id = $1',
    made: ['run_id', 'id'],
  },
]

export const subjectOf = (path: string): { subject: AuditSubject; id: string | undefined } | undefined => {
  for (const subject of AUDIT_SUBJECTS) {
    const found = subject.path.exec(path)
    if (found) return { subject, id: found[1] ? decodeURIComponent(found[1]) : undefined }
  }
  return undefined
}

/** How the subject looks now; undefined when it does not exist, or its domain is not installed. */
export async function lookAt(db: Reader, subject: AuditSubject, id: string): Promise<unknown> {
  return db.query(subject.sql, [id]).then(
    ({ rows }) => rows[0],
    (error: { code?: string }) => {
      if (error.code === '42P01' || error.code === '3F000') return undefined
      throw error
    },
  )
}
