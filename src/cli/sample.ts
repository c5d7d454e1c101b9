import { setTimeout as sleep } from 'node:timers/promises'
import { DEV_USER } from '../kernel/access/authenticate.ts'
import type { RunningServer } from '../server/start-server.ts'
import { readTask } from '../tasks/store/read-task.ts'
import { submitTask } from '../tasks/submit-task.ts'
import type { Io } from './io.ts'

const SAMPLE = 'Calculate factorial of 10'
const POLL_MS = 100
const PATIENCE_MS = 60_000

/** The first start of an installation runs one real job through everything and shows how it ends. Later starts don't repeat it. */
export async function runSample({ kernel, url }: RunningServer, io: Io): Promise<void> {
  const { rows } = await kernel.db.query(
    'insert into kernel.settings (name, value, updated_by) values ($1, $2, $3) on conflict do nothing returning name',
    ['sample', 'true', 'system'],
  )
  const known = await kernel.db.query('select id from tasks.tasks order by created_at limit 1')
  if (rows.length === 0 && known.rows.length > 0) {
    await follow(kernel, known.rows[0]!['id'], url, io, true)
    return
  }
  const ctx = { kernel, actor: DEV_USER, correlationId: kernel.newId('corr'), causes: [] }
  const { task_id } = await submitTask(ctx, { fields: { description: SAMPLE, user_id: 'sample' }, files: [] })
  io.out(`Sample job "${SAMPLE}" submitted: ${url}/app/tasks/${task_id}`)
  await follow(kernel, task_id, url, io, false)
}

async function follow(
  kernel: RunningServer['kernel'],
  id: string,
  url: string,
  io: Io,
  quietWhenDone: boolean,
): Promise<void> {
  const deadline = Date.now() + PATIENCE_MS
  for (let first = true; ; first = false) {
    const task = await readTask(kernel.db, id)
    if (task.status !== 'in_progress' && task.status !== 'pending') {
      if (first && quietWhenDone) return
      const answer = task.result ? JSON.stringify(task.result.data) : (task.error ?? task.status)
      io.out(`Sample job ${task.status}: ${answer}`)
      return
    }
    if (Date.now() > deadline) {
      io.out(`The sample job is still running: ${url}/app/tasks/${id}`)
      return
    }
    await sleep(POLL_MS)
  }
}
