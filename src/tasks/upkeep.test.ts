import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { expect, it } from 'vitest'
import { domainMigrations, KERNEL_MIGRATIONS, testKernel } from '../../test/_pg.ts'
import { upkeep } from './upkeep.ts'

it('removes old logs, scratch of tasks that ended a day ago however long no server ran, and uploads that broke off', async () => {
  const dir = fs.mkdtempSync(path.join(os.tmpdir(), 'troupe-upkeep-'))
  const at = (...parts: string[]) => path.join(dir, ...parts)
  await using t = await testKernel({
    sets: [KERNEL_MIGRATIONS, domainMigrations('tasks')],
    env: { LOG_RETENTION_DAYS: '7', SHARED_FILES_PATH: at('shared'), ARTIFACTS_PATH: at('artifacts') },
  })
  const idOf = (n: number) => `task_25010100000${n}_0123456789ab`
  const ended = {
    [idOf(1)]: "now() - interval '9 days'",
    [idOf(2)]: "now() - interval '1 hour'",
    [idOf(3)]: 'null',
  }
  for (const [id, finished] of Object.entries(ended)) {
    await t.db.query(
      `insert into tasks.tasks (id, user_id, description, status, subtasks, decomposition_method, finished_at)
       values ($1, 'u', 'Calculate 1 + 1', 'cancelled', '[]', 'rules', ${finished})`,
      [id],
    )
    fs.mkdirSync(at('shared', id, 'temp'), { recursive: true })
    fs.mkdirSync(at('shared', id, 'output'), { recursive: true })
  }
  for (const days of [8, 6])
    await t.db.query(
      `insert into tasks.agent_logs (agent_id, log_level, message, created_at) values ('agent_1', 'INFO', $1, now() - make_interval(days => $2))`,
      [`${days} days old`, days],
    )
  fs.mkdirSync(at('artifacts/temp'), { recursive: true })
  for (const name of ['upload-old', 'upload-new']) fs.writeFileSync(at('artifacts/temp', name), 'x')
  const yesterday = new Date(t.kernel.clock.now() - 25 * 3_600_000)
  fs.utimesSync(at('artifacts/temp/upload-old'), yesterday, yesterday)

  await upkeep(t.kernel)

  expect(Object.keys(ended).map((id) => fs.existsSync(at('shared', id, 'temp')))).toEqual([false, true, true])
  expect(fs.existsSync(at('shared', idOf(1), 'output'))).toBe(true)
  expect(fs.readdirSync(at('artifacts/temp'))).toEqual(['upload-new'])
  expect((await t.db.query('select message from tasks.agent_logs')).rows).toEqual([{ message: '6 days old' }])
  fs.rmSync(dir, { recursive: true })
})
