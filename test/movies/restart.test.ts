import { expect, test } from 'vitest'
import { auto, bodyB, create, ended, get, moviesServer, reached, tasks } from './_movies.ts'

test('above the cap workflows queue by priority and start when there is room', async () => {
  await using small = await moviesServer({ env: { MAX_WORKFLOWS: '1' } })
  const first = await create(small, bodyB())
  const low = await create(small, bodyB({ priority: 2 }))
  const high = await create(small, bodyB({ priority: 8 }))
  expect([first.queue_position, low.queue_position, high.queue_position]).toEqual([null, 1, 1])
  expect((await get(small, low.workflow_id)).queue_position).toBe(2)
  expect((await tasks(small, high.workflow_id)).length).toBe(0)
  await small.call('POST', `/api/v1/workflows/${first.workflow_id}/cancel`)
  await reached(small, high.workflow_id, (w) => w.queue_position === null && w.pending_decision !== null)
  expect((await get(small, low.workflow_id)).queue_position).toBe(1)
})

test('I9: stopped in the middle and started again it goes on, and makes no artifact twice', async () => {
  const env = { SECRET_KEY: 'the same for both' }
  const first = await moviesServer({ env })
  const made = await create(first, bodyB({ target_duration: 120, custom_parameters: { ...auto, profile: 'standard' } }))
  await reached(first, made.workflow_id, (w) => w.current_state === 'media_generation')
  await first.stop()
  await using second = await moviesServer({
    env: { ...env, ARTIFACTS_PATH: `${first.dir}/artifacts` },
    databaseUrl: first.databaseUrl,
  })
  const w = await ended(second, made.workflow_id)
  const { rows } = await second.kernel.db.query(
    'select name, index, count(*)::int as n from movies.artifacts where workflow_id = $1 group by 1, 2 having count(*) > 1',
    [w.workflow_id],
  )
  expect(rows).toEqual([])
})

test('claims whose answers were lost with the connection are given back at once, and the film goes on', async () => {
  await using server = await moviesServer()
  const { db } = server.kernel
  const { transaction } = db
  let lost = 0
  // Every fifth claim commits; its answer does not arrive.
  let claims = 0
  db.transaction = async (work, options) => {
    const value = await transaction(work, options)
    const isClaim = Array.isArray(value) && value[0]?.task && value[0]?.agent
    if (isClaim && claims++ % 5 === 0) {
      lost++
      throw new Error('Connection terminated unexpectedly')
    }
    return value
  }
  const made = await create(server, bodyB({ custom_parameters: auto }))
  const w = await ended(server, made.workflow_id)
  expect(lost).toBeGreaterThan(1)
  expect((await tasks(server, w.workflow_id)).map((t) => t.retry_count)).toEqual(
    (await tasks(server, w.workflow_id)).map(() => 0),
  )
})
