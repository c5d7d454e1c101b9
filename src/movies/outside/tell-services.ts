import type { Ctx } from '../../kernel/context.ts'
import type { Tx } from '../../kernel/db/database.ts'
import type { EngineEvent, EngineState } from '../engine/engine-state.ts'
import { partsOf } from '../parts.ts'
import { putInOutbox } from '../services/core/outbox.ts'
import type { ServiceName } from '../services-port.ts'
import { jobNews } from './job-news.ts'
import { knowledgeNews } from './knowledge-news.ts'
import { projectNews } from './project-news.ts'

/** One thing to tell a service; entries of a lane arrive in order. */
export type News = { lane: string; operation: string; payload: Record<string, unknown>; supersede_key?: string }

/** Progress without a new state is told this often at most. */
const PROGRESS_MS = 10_000
const REMEMBERED = 2000
const toldAt = new Map<string, number>()

/**
 * Writes to the outbox what the configured services are to hear of a change, in the transaction of the change itself: it is
 * told once the change is there, however long the service is away, and never otherwise.
 */
export async function tellServices(
  tx: Tx,
  ctx: Ctx,
  before: EngineState,
  s: EngineState,
  events: readonly EngineEvent[],
): Promise<void> {
  const { services } = partsOf(ctx.kernel)
  const news: [ServiceName, News[]][] = []
  if (services.projects) news.push(['auto_movie', projectNews(s, events, progressIsDue(ctx, s, events))])
  if (services.knowledge) news.push(['brain', knowledgeNews(before, s, events)])
  if (services.jobs) news.push(['task_service', jobNews(before, s)])
  const entries = news.flatMap(([service, list]) =>
    list.map((one) => ({
      ...one,
      service,
      workflow_id: s.workflow_id,
      correlation_id: ctx.correlationId,
      priority: s.priority,
    })),
  )
  await putInOutbox(tx, ctx.kernel, entries)
}

function progressIsDue(ctx: Ctx, s: EngineState, events: readonly EngineEvent[]): boolean {
  if (!events.some((e) => e.type === 'workflow.progress_updated')) return false
  const now = ctx.kernel.clock.now()
  const last = toldAt.get(s.workflow_id)
  if (last !== undefined && now - last < PROGRESS_MS) return false
  toldAt.delete(s.workflow_id)
  toldAt.set(s.workflow_id, now)
  if (toldAt.size > REMEMBERED) toldAt.delete(toldAt.keys().next().value!)
  return last !== undefined
}
