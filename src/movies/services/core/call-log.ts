import type { Kernel } from '../../../kernel/kernel.ts'
import { movieMetrics } from '../../metrics/movie-metrics.ts'
import type { CallRecord } from './service-line.ts'

const FLUSH_MS = 500
const MAX_WAITING = 5000
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i

/** What a call came to, in the few words that a metric can carry. */
export const outcomeOf = (status: string) =>
  status === 'ok' ? 'success' : /^4\d\d$/.test(status) && !/^(408|425|429)$/.test(status) ? 'refused' : 'failure'

/** Keeps every try of a call in `movies.external_calls`, secrets removed, and counts it. Losing the log never fails a call. */
export function createCallLog(kernel: Kernel) {
  const measured = movieMetrics(kernel)
  let waiting: CallRecord[] = []
  let timer: NodeJS.Timeout | undefined
  let writing: Promise<void> = Promise.resolve()

  const flush = () => {
    timer = undefined
    const rows = waiting
    waiting = []
    if (rows.length > 0) writing = writing.then(() => write(kernel, rows))
    return writing
  }
  return {
    record(call: CallRecord) {
      const labels = { service: call.service, operation: call.operation, outcome: outcomeOf(call.status) }
      measured.externalCalls.inc(labels)
      measured.externalSeconds.observe(labels, call.durationMs / 1000)
      if (call.status !== 'ok')
        kernel.log.debug(
          { service: call.service, operation: call.operation, status: call.status, attempt: call.attempt },
          'a call to an outside movie service did not succeed',
        )
      if (waiting.length < MAX_WAITING) waiting.push(call)
      timer ??= setTimeout(flush, FLUSH_MS)
      timer.unref()
    },
    async close() {
      clearTimeout(timer)
      await flush()
    },
  }
}

async function write(kernel: Kernel, rows: CallRecord[]): Promise<void> {
  try {
    await kernel.db.query(
      `insert into movies.external_calls (service, operation, workflow_id, task_id, correlation_id, duration_ms, status, attempt, error)
       select * from unnest($1::text[], $2::text[], $3::uuid[], $4::text[], $5::text[], $6::int[], $7::text[], $8::int[], $9::text[])`,
      [
        rows.map((r) => r.service),
        rows.map((r) => r.operation),
        rows.map((r) => (r.caller.workflow_id && UUID.test(r.caller.workflow_id) ? r.caller.workflow_id : null)),
        rows.map((r) => r.caller.task_id ?? null),
        rows.map((r) => r.caller.correlation_id),
        rows.map((r) => r.durationMs),
        rows.map((r) => r.status),
        rows.map((r) => r.attempt),
        rows.map((r) => (r.error === null ? null : kernel.mask(r.error).slice(0, 1000))),
      ],
    )
  } catch (error) {
    kernel.log.warn({ error: (error as Error).message, rows: rows.length }, 'the log of outside calls was not written')
  }
}
