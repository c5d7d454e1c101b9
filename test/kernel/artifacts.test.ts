import { afterAll, beforeAll, expect, it } from 'vitest'
import { runGate } from '../../src/kernel/artifacts/gate.ts'
import { artifactsOf, findArtifact, saveArtifact, versionsOf } from '../../src/kernel/artifacts/save-artifact.ts'
import { systemCtx } from '../../src/kernel/context.ts'
import { type TestKernel, testKernel } from '../_pg.ts'

let t: TestKernel
beforeAll(async () => {
  t = await testKernel()
})
afterAll(() => t[Symbol.asyncDispose]())

const save = (body: Record<string, unknown>, ifVersion?: number, id = 'doc-1') =>
  t.db.transaction((tx) =>
    saveArtifact(tx, systemCtx(t.kernel), {
      domain: 'test',
      type: 'note',
      id,
      scope: 'scope-1',
      body,
      ...(ifVersion === undefined ? {} : { ifVersion }),
    }),
  )

it('keeps every version whole, newest first, each with its event', async () => {
  await save({ text: 'one' })
  await save({ text: 'two' })
  expect(await findArtifact(t.db, 'test', 'note', 'doc-1')).toMatchObject({ version: 2, body: { text: 'two' } })
  const versions = await versionsOf(t.db, 'test', 'note', 'doc-1')
  expect(versions.map(({ version, body }) => [version, body])).toEqual([
    [2, { text: 'two' }],
    [1, { text: 'one' }],
  ])
  const event = await t.kernel.events.one(versions[0]!.event_id!)
  expect(event).toMatchObject({ type: 'artifact.saved', causes: [versions[1]!.event_id] })
})

it('refuses a writer who saw an older version, and stores nothing of it', async () => {
  await expect(save({ text: 'late' }, 1)).rejects.toMatchObject({
    code: 'VERSION_CONFLICT',
    details: { expected: 1, current: 2 },
  })
  expect(await versionsOf(t.db, 'test', 'note', 'doc-1')).toHaveLength(2)
})

it('lets one of twenty writers of the same version through', async () => {
  await save({ n: 0 }, 0, 'contested')
  const results = await Promise.allSettled(Array.from({ length: 20 }, (_, i) => save({ n: i + 1 }, 1, 'contested')))
  expect(results.filter((result) => result.status === 'fulfilled')).toHaveLength(1)
  expect((await findArtifact(t.db, 'test', 'note', 'contested'))?.version).toBe(2)
})

it('leaves neither version nor event when the transaction fails after it', async () => {
  const before = await t.kernel.events.page({ stream: 'scope-1' }, { limit: 100 })
  await t.db
    .transaction(async (tx) => {
      await saveArtifact(tx, systemCtx(t.kernel), {
        domain: 'test',
        type: 'note',
        id: 'gone',
        scope: 'scope-1',
        body: {},
      })
      throw new Error('something after it')
    })
    .catch(() => undefined)
  expect(await findArtifact(t.db, 'test', 'note', 'gone')).toBeUndefined()
  expect((await t.kernel.events.page({ stream: 'scope-1' }, { limit: 100 })).events).toHaveLength(before.events.length)
  expect((await artifactsOf(t.db, 'test', 'scope-1')).map(({ id }) => id)).toEqual(['doc-1', 'contested'])
})

it('a gate runs every check and tells all findings in order', () => {
  const found = runGate<{ a?: number; b?: number }>(
    [
      ({ a }) => (a === undefined ? [{ code: 'A_MISSING', message: 'a is missing', field: 'a' }] : []),
      ({ b }) => (b === undefined ? [{ code: 'B_MISSING', message: 'b is missing', field: 'b' }] : []),
    ],
    {},
  )
  expect(found.map(({ code }) => code)).toEqual(['A_MISSING', 'B_MISSING'])
  expect(runGate([], {})).toEqual([])
})
