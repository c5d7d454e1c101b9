import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { systemCtx } from '../../src/kernel/context.ts'
import { emit, emitAll } from '../../src/kernel/events/emit.ts'
import { currentCursor } from '../../src/kernel/events/follow.ts'
import { type TestKernel, testKernel } from '../_pg.ts'

let t: TestKernel
beforeAll(async () => {
  t = await testKernel()
})
afterAll(() => t[Symbol.asyncDispose]())

const event = (stream: string, i: number) => ({
  domain: 'test',
  type: 'test.happened',
  stream,
  summary: `${i}`,
  data: { i },
})

describe('following events', () => {
  it('misses and repeats nothing while six writers commit out of order', async () => {
    const WRITERS = 6
    const EACH = 150
    const cursor = await currentCursor(t.db)
    const stop = new AbortController()
    const seen: string[] = []
    const following = (async () => {
      for await (const { events } of t.kernel.events.follow(cursor, stop.signal)) {
        seen.push(...events.map((one) => one.id))
        if (seen.length >= WRITERS * EACH) break
      }
    })()
    const written: string[] = []
    await Promise.all(
      Array.from({ length: WRITERS }, async (_, writer) => {
        for (let i = 0; i < EACH; i++)
          await t.db.transaction(async (tx) => {
            const ref = await emit(tx, systemCtx(t.kernel), event(`writer-${writer}`, i))
            if (i % 7 === writer) await new Promise((resolve) => setTimeout(resolve, 5)) // commits late
            written.push(ref.id)
          })
      }),
    )
    await following
    stop.abort()
    expect(new Set(seen)).toEqual(new Set(written))
    expect(seen).toHaveLength(written.length)
  })

  it('numbers each stream without a gap, also when transactions roll back', async () => {
    for (let i = 0; i < 10; i++)
      await t.db
        .transaction(async (tx) => {
          await emitAll(tx, systemCtx(t.kernel), [event('gapless', i), event('gapless', i)])
          if (i % 3 === 0) throw new Error('no')
        })
        .catch(() => undefined)
    const { rows } = await t.db.query(`select seq from kernel.events where stream = 'gapless' order by seq`)
    expect(rows.map((row) => row['seq'])).toEqual(Array.from({ length: 12 }, (_, i) => i + 1))
  })

  it('walks causes and effects to a depth, each event once, cycles cut', async () => {
    const ids: string[] = []
    await t.db.transaction(async (tx) => {
      for (let i = 0; i < 5; i++) {
        const causes = i === 0 ? [] : [ids[i - 1]!]
        ids.push((await emit(tx, { ...systemCtx(t.kernel), causes }, event('chain', i))).id)
      }
      await tx.query('update kernel.events set causes = array[$2] where id = $1', [ids[0], ids[4]])
    })
    const up = await t.kernel.events.causes(ids[3]!, 50)
    expect(up.map(({ event: one, depth }) => [one.id, depth])).toEqual([
      [ids[2], 1],
      [ids[1], 2],
      [ids[0], 3],
      [ids[4], 4],
    ])
    const down = await t.kernel.events.effects(ids[1]!, 2)
    expect(down.map(({ event: one }) => one.id)).toEqual([ids[2], ids[3]])
  })
})
