import path from 'node:path'
import { promisify } from 'node:util'
import { gzip } from 'node:zlib'
import { systemCtx } from '../../kernel/context.ts'
import { writeWhole } from '../../kernel/files/write-whole.ts'
import type { Kernel } from '../../kernel/kernel.ts'
import type { Expired } from '../../kernel/module.ts'
import { writeAudit } from '../audit/write-audit.ts'
import { removeFiles } from '../files/media-files.ts'
import { artifactsRoot, forget } from '../store/load-state.ts'
import { removeWorkflows } from '../workflow/control-workflow.ts'

const BATCH = 100
const DAY_MS = 86_400_000
const EXPIRED = `status in ('completed', 'failed', 'cancelled') and updated_at < $1`
const pack = promisify(gzip)

/**
 * Removes final and failed workflows that were not changed for the time of keeping, with tasks, events and files; what they
 * were is kept in an archive file first. Answers how many were removed. Without a time, that of STATE_PERSISTENCE_TTL_DAYS.
 */
export async function cleanUp(kernel: Kernel, before?: Date): Promise<number> {
  let removed = 0
  for (;;) {
    const { rows } = await kernel.db.query(
      `select workflow_id from movies.workflows where ${EXPIRED} order by updated_at limit ${BATCH}`,
      [before ?? new Date(kernel.clock.now() - kernel.config.movies.keepDays * DAY_MS)],
    )
    if (rows.length === 0) return removed
    const ids = rows.map((row) => row['workflow_id'] as string)
    for (const id of ids) await archive(kernel, id)
    await kernel.db.transaction(async (tx) => {
      await removeWorkflows(tx, ids)
      await writeAudit(tx, systemCtx(kernel), {
        action: 'workflow.expired',
        entityType: 'workflow',
        entityId: ids.length === 1 ? ids[0]! : `${ids.length} workflows`,
        before: { workflow_ids: ids },
      })
    })
    for (const id of ids) {
      forget(kernel, id)
      await removeFiles(kernel, id)
    }
    removed += ids.length
  }
}

/** One compressed JSON file a workflow: its view, tasks and artifact contents. */
async function archive(kernel: Kernel, id: string) {
  const [workflow, tasks, artifacts] = await Promise.all([
    kernel.db.query('select view, engine from movies.workflows where workflow_id = $1', [id]),
    kernel.db.query('select data from movies.tasks where workflow_id = $1 order by ordinal', [id]),
    kernel.db.query(
      'select name, index, version, content from movies.artifacts where workflow_id = $1 order by ordinal',
      [id],
    ),
  ])
  const text = JSON.stringify({
    workflow: workflow.rows[0]?.['view'],
    tasks: tasks.rows.map((row) => row['data']),
    artifacts: artifacts.rows,
  })
  const file = path.join(artifactsRoot(kernel), 'archive', `${id}.json.gz`)
  await writeWhole(file, await pack(text))
}

/** Films that ended before a time, as `cleanUp` removes them. */
export async function expireFilms(kernel: Kernel, before: Date, dry: boolean): Promise<Expired[]> {
  const { rows } = await kernel.db.query(`select count(*)::int as n from movies.workflows where ${EXPIRED}`, [before])
  if (!dry) await cleanUp(kernel, before)
  return [{ what: 'films with pictures and files (an archive of their texts stays)', count: rows[0]!['n'] }]
}
