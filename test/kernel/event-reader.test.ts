import { systemCtx } from '../../src/kernel/context.ts'
import { emitAll } from '../../src/kernel/events/emit.ts'
import { ulid } from '../../src/kernel/events/ulid.ts'
import { describeEventReader } from '../_event-reader-conformance.ts'
import { testKernel } from '../_pg.ts'

describeEventReader('PostgreSQL', async () => {
  const { kernel, db, [Symbol.asyncDispose]: dispose } = await testKernel()
  const ctx = systemCtx(kernel)
  await db.query('delete from kernel.events')
  return {
    reader: kernel.events,
    unknownId: ulid(),
    write: (events) =>
      db.transaction(async (tx) =>
        (
          await emitAll(
            tx,
            ctx,
            events.map((event) => ({
              type: `test.${event.level.toLowerCase()}`,
              domain: 'test',
              stream: 'test:1',
              ...event,
            })),
          )
        ).map(({ id }) => id),
      ),
    addCause: async (id, cause) => {
      await db.query('update kernel.events set causes = causes || $2::text where id = $1', [id, cause])
    },
    close: dispose,
  }
})
