import { expect, it } from 'vitest'
import { createDatabase } from '../../../test/_pg.ts'
import { openDb, type Reader, untilAccepting } from './database.ts'

it('a connection that dies in the hands of its holder is told by its next statement, and ends nothing', async () => {
  const db = openDb({ url: await createDatabase([]), max: 2, applicationName: 'troupe-test' })
  const client = await db.connect()
  const { rows } = await client.query('select pg_backend_pid() as pid')
  const gone = new Promise((resolve) => client.once('end', resolve))
  await db.query('select pg_terminate_backend($1)', [rows[0].pid])
  await gone
  await expect(client.query('select 1')).rejects.toThrow(/connection/i)
  client.release(true)
  expect((await db.query('select 1 as one')).rows).toEqual([{ one: 1 }])
  await db.close()
})

it('waits for a server that is starting up, and for nothing else', async () => {
  let calls = 0
  const failing = (code: string, times: number): Reader => ({
    query: async () => {
      if (calls++ < times) throw Object.assign(new Error('no'), { code })
      return { rows: [], rowCount: 0 }
    },
  })
  await untilAccepting(failing('57P03', 2))
  expect(calls).toBe(3)
  calls = 0
  await expect(untilAccepting(failing('57P03', 9), 0)).rejects.toThrow('no')
  calls = 0
  await expect(untilAccepting(failing('28P01', 1))).rejects.toThrow('no')
  expect(calls).toBe(1)
})

it('opens at most its connections, however many statements run at once, and ends a statement that takes too long', async () => {
  const options = { url: await createDatabase([]), max: 3, applicationName: 'troupe-test' }
  const db = openDb(options)
  const pids = await Promise.all(Array.from({ length: 12 }, () => db.query('select pg_backend_pid() as pid')))
  const used = new Set(pids.map(({ rows }) => rows[0]!['pid']))
  expect(used.size).toBeGreaterThanOrEqual(1)
  expect(used.size).toBeLessThanOrEqual(3)
  await db.close()
  const hasty = openDb({ ...options, statementTimeoutMs: 50 })
  await expect(hasty.query('select pg_sleep(600)')).rejects.toMatchObject({ code: '57014' })
  await hasty.close()
})
