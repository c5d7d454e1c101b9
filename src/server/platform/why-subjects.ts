import type { Reader } from '../../kernel/db/database.ts'
import { AppError } from '../../kernel/errors/app-error.ts'

/** A row of any domain: what it is called, where its screen is, and which events are it. */
export type WhySubject = { kind: string; id: string; title: string; href: string | null; events: string[] }

type Found = { title: string; href: string | null; events: string[] }
type Resolver = (db: Reader, id: string) => Promise<Found | undefined>

const FEW = 12

/** First and latest events of a stream: how it began and how it stands. */
async function ofStream(db: Reader, ...streams: string[]): Promise<string[]> {
  const { rows } = await db.query(
    `(select id, n from kernel.events where stream = any ($1) order by n limit 1)
     union (select id, n from kernel.events where stream = any ($1) and level in ('MILESTONE', 'DECISION') order by n desc limit 3) order by n`,
    [streams],
  )
  return rows.map((row) => row['id'] as string)
}

/** Events of a stream that name one of these words, else the last one up to that moment. */
async function naming(db: Reader, streams: readonly string[], words: readonly string[], at: Date): Promise<string[]> {
  const named = await db.query(
    `select id from kernel.events where stream = any ($1) and exists (select 1 from unnest($2::text[]) w where position(w in data::text) > 0) order by n limit ${FEW}`,
    [streams, words],
  )
  if (named.rows.length > 0) return named.rows.map((row) => row['id'] as string)
  const before = await db.query(
    `select id from kernel.events where stream = any ($1) and at <= $2::timestamptz + interval '1 second' order by n desc limit 1`,
    [streams, at],
  )
  return before.rows.map((row) => row['id'] as string)
}

/** The event that names an entry; else the act it was written with, which is the one nearest in time. */
async function nearest(db: Reader, stream: string, word: string, at: Date): Promise<string[]> {
  const { rows } = await db.query(
    `select id from kernel.events where stream = $1 and (position($2 in data::text) > 0 or type not like 'session.%')
      order by position($2 in data::text) > 0 desc, abs(extract(epoch from at - $3::timestamptz)) limit 1`,
    [stream, word, at],
  )
  return rows.map((row) => row['id'] as string)
}

const words = (value: unknown) => String(value ?? '').replaceAll('_', ' ')
const one = async (db: Reader, sql: string, values: unknown[]) => (await db.query(sql, values)).rows[0]

/** `type:id@version` or `id@version` or `id` alone. */
function readArtifact(text: string): { id: string; version: number | undefined } {
  const [, id = text, version] = /^(.*?)(?:@(\d+))?$/.exec(text.replace(/^[A-Za-z]+:(?=\w)/, '')) ?? []
  return { id, version: version ? Number(version) : undefined }
}

const RESOLVERS: Readonly<Record<string, Resolver>> = {
  async event(db, id) {
    const row = await one(db, 'select id, summary from kernel.events where id = $1', [id])
    return row && { title: row['summary'], href: `/app/events?id=${id}`, events: [id] }
  },
  async decision(db, id) {
    const row = await one(db, 'select title, event_id from kernel.decisions where id = $1', [id])
    if (!row) return undefined
    const events = await ofStream(db, `decision:${id}`)
    return {
      title: row['title'],
      href: `/app/inbox?tab=answers&id=${encodeURIComponent(id)}`,
      events: events.length > 0 ? events : row['event_id'] ? [row['event_id']] : [],
    }
  },
  async run(db, id) {
    const row = await one(db, 'select title from kernel.runs where id = $1', [id])
    return row && { title: row['title'], href: `/app/runs/${id}`, events: await ofStream(db, `run:${id}`) }
  },
  async task(db, id) {
    const row = await one(db, 'select description from tasks.tasks where id = $1', [id])
    return row && { title: row['description'], href: `/app/tasks/${id}`, events: await ofStream(db, id, `task:${id}`) }
  },
  async assignment(db, id) {
    const row = await one(
      db,
      `select id, key, subject, coalesce(input ->> 'description', key) as title, created_at from kernel.assignments
        where id = $1 or key = $1 order by created_at desc limit 1`,
      [id],
    )
    if (!row) return undefined
    return {
      title: row['title'],
      href: `/app/tasks/${row['subject']}?view=steps&step=${encodeURIComponent(row['key'])}`,
      events: await naming(db, [row['subject'], `task:${row['subject']}`], [row['id']], row['created_at']),
    }
  },
  async artifact(db, text) {
    const { id, version } = readArtifact(text)
    const planned = await one(
      db,
      `select artifact_type, event_brief_id, version, created_at from planning.artifact_versions
        where artifact_id = $1 and ($2::int is null or version = $2) order by version desc limit 1`,
      [id, version ?? null],
    )
    if (planned) {
      const { rows } = await db.query(
        `select id from kernel.events where stream = $1 and data ->> 'artifact_id' = $2 and ($3::int is null or (data ->> 'version')::int = $3) order by n`,
        [`brief:${planned['event_brief_id']}`, id, version ?? null],
      )
      return {
        title: `${planned['artifact_type']} version ${version ?? planned['version']}`,
        href: `/app/planning/${planned['event_brief_id']}`,
        events:
          rows.length > 0
            ? rows.map((row) => row['id'] as string)
            : await naming(db, [`brief:${planned['event_brief_id']}`], [id], planned['created_at']),
      }
    }
    const made = await one(
      db,
      'select workflow_id, name, version, created_at from movies.artifacts where artifact_id::text = $1',
      [id],
    )
    if (!made) return undefined
    return {
      title: `${made['name']} version ${made['version']}`,
      href: `/app/movies/${made['workflow_id']}`,
      events: await naming(
        db,
        [`movies.workflow:${made['workflow_id']}`],
        [id, `"${made['name']}"`],
        made['created_at'],
      ),
    }
  },
  /** A media or result file: `workflow/path`, or `task/path`. */
  async file(db, text) {
    const [owner = '', ...rest] = text.split('/')
    const name = rest.at(-1) ?? ''
    if (owner.startsWith('task_')) {
      const row = await one(db, 'select description, created_at, updated_at from tasks.tasks where id = $1', [owner])
      if (!row) return undefined
      return {
        title: `${name} of ${row['description']}`,
        href: `/app/tasks/${owner}`,
        events: await naming(db, [owner, `task:${owner}`], [name], row['updated_at']),
      }
    }
    const film = await one(
      db,
      `select w.workflow_id, a.artifact_id, a.name, a.created_at from movies.workflows w left join movies.artifacts a on a.workflow_id = w.workflow_id
          and (position($2 in coalesce(a.content::text, '')) > 0 or position($2 in a.data::text) > 0) where w.workflow_id::text = $1 order by a.created_at limit 1`,
      [owner, name],
    )
    if (!film) return undefined
    return {
      title: `${name} of film ${owner.slice(0, 8)}`,
      href: `/app/movies/${owner}`,
      events: await naming(
        db,
        [`movies.workflow:${owner}`],
        [name, ...(film['artifact_id'] ? [film['artifact_id'] as string, `"${film['name']}"`] : [])],
        film['created_at'] ?? new Date(),
      ),
    }
  },
  /** A question of planning to a person: what raised it, its answer, and the decision it is in the inbox. */
  async approval(db, id) {
    const row = await one(
      db,
      `select event_brief_id, approval_type, body ->> 'artifact_type' as of, requested_at from planning.approvals where id = $1`,
      [id],
    )
    return (
      row && {
        title: `Approval of ${words(row['approval_type'])}, ${words(row['of'])}`,
        href: `/app/planning/approvals?event=${encodeURIComponent(row['event_brief_id'])}`,
        events: await naming(db, [`brief:${row['event_brief_id']}`], [`"${id}"`], row['requested_at']),
      }
    )
  },
  /** An entry of an event's log: a decision or a change. */
  async entry(db, id) {
    const row = await one(
      db,
      `select event_brief_id, coalesce(body ->> 'description', id) as title, correlation_id, created_at from planning.decisions where id = $1
       union all select event_brief_id, coalesce(body ->> 'description', id), correlation_id, created_at from planning.changelogs where id = $1`,
      [id],
    )
    return (
      row && {
        title: row['title'],
        href: `/app/planning/${row['event_brief_id']}?tab=log`,
        events: await nearest(db, `brief:${row['event_brief_id']}`, `"${id}"`, row['created_at']),
      }
    )
  },
  /** A task of a film: a frame, a segment, the story. */
  async film_task(db, id) {
    const row = await one(
      db,
      `select workflow_id, data ->> 'name' as name, task_type, created_at from movies.tasks where task_id::text = $1`,
      [id],
    )
    return (
      row && {
        title: row['name'] ?? words(row['task_type']),
        href: `/app/movies/${row['workflow_id']}`,
        events: await naming(db, [`movies.workflow:${row['workflow_id']}`], [`"${id}"`], row['created_at']),
      }
    )
  },
  async brief(db, id) {
    const row = await one(db, `select body ->> 'title' as title from planning.event_briefs where id = $1`, [id])
    return row && { title: row['title'], href: `/app/planning/${id}`, events: await ofStream(db, `brief:${id}`) }
  },
  async workflow(db, id) {
    const row = await one(db, `select view ->> 'title' as title from movies.workflows where workflow_id::text = $1`, [
      id,
    ])
    return (
      row && {
        title: row['title'] ?? id,
        href: `/app/movies/${id}`,
        events: await ofStream(db, `movies.workflow:${id}`),
      }
    )
  },
  async simulation(db, id) {
    const row = await one(db, 'select name from simulation.served_runs where run_id = $1', [id])
    return row && { title: row['name'], href: `/app/simulation/${id}`, events: await ofStream(db, `simulation:${id}`) }
  },
  async agent(db, id) {
    const { rows } = await db.query('select id from kernel.events where agent_id = $1 order by n desc limit 5', [id])
    return rows.length === 0
      ? undefined
      : { title: id, href: `/app/agents?id=${encodeURIComponent(id)}`, events: rows.map((row) => row['id'] as string) }
  },
  /** A row of the audit: what the call caused has its correlation id. */
  async audit(db, id) {
    const row = await one(db, 'select action, correlation_id from kernel.audit_rows where id = $1', [id])
    if (!row) return undefined
    const { rows } = await db.query(`select id from kernel.events where correlation_id = $1 order by n limit ${FEW}`, [
      row['correlation_id'],
    ])
    return {
      title: row['action'],
      href: `/app/audit?id=${id}`,
      events: rows.map((event) => event['id'] as string),
    }
  },
}

export const WHY_KINDS = Object.keys(RESOLVERS)

/** Finds a row and its events. Throws NOT_FOUND. */
export async function resolveWhy(db: Reader, kind: string, id: string): Promise<WhySubject> {
  const found = await RESOLVERS[kind]!(db, id).catch((error: { code?: string }) => {
    if (error.code === '42P01' || error.code === '3F000') return undefined // its domain is not installed here
    throw error
  })
  if (!found) throw new AppError('NOT_FOUND', `No ${kind} ${id}`, { resource: kind, id })
  return { kind, id, ...found }
}
