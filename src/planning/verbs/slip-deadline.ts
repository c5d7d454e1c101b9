import type { Ctx } from '../../kernel/context.ts'
import type { Tx } from '../../kernel/db/database.ts'
import type { Risk } from '../schema.ts'
import { isoTime } from '../schema.ts'
import { loadBoard, notFound } from '../store/load-board.ts'
import { appendDecision } from '../store/logs.ts'
import { metricsOf } from './compute-metrics.ts'
import { saveArtifactIn } from './save-artifact.ts'

const DAY_MS = 86_400_000
const later = (time: string, days: number) => isoTime(Date.parse(time) + days * DAY_MS)

/** The forecast moves more than 10 %: planner and stakeholders are told, with options; the risk is added or raised (5.5, FR-034). */
export async function checkDeadlineIn(tx: Tx, ctx: Ctx, eventId: string): Promise<number | null> {
  const board = await loadBoard(tx, eventId, new Date(ctx.kernel.clock.now()))
  const slippage = metricsOf(board, 'planner').values['timeline_slippage'] ?? null
  if (slippage === null || slippage <= 10) return slippage
  const { Timeline: timeline, RiskRegister: risks } = board.artifacts
  await appendDecision(tx, ctx, eventId, {
    decision_type: 'escalation',
    description: `Deadline at risk: forecast slippage ${slippage.toFixed(2)} %`,
    rationale: `Forecast end ${timeline?.forecast_end} against ${timeline?.baseline_end}: ${slippage.toFixed(2)} % is above 10 %`,
    owner: 'Event Planner Agent',
    alternatives_considered: [
      {
        option: 'Reallocate people to the critical path',
        rank: 1,
        pros: ['The date holds'],
        cons: ['Other tasks wait'],
      },
      { option: 'Cut scope of late tasks', rank: 2, pros: ['No cost'], cons: ['Less for the guests'] },
      { option: 'Move the date', rank: 3, pros: ['Nothing is cut'], cons: ['Venue and vendors must agree'] },
    ],
    impacted_artifacts: timeline
      ? [{ artifact_type: 'Timeline', artifact_id: timeline.id, version: timeline.version }]
      : [],
  })
  const known = risks.find(({ description, status }) => status !== 'closed' && /deadline/i.test(description)) as
    | Risk
    | undefined
  const fields = {
    description: `Deadline at risk: ${slippage.toFixed(2)} % slippage`,
    probability: 'high',
    impact: 'medium',
    owner: 'event-planner',
    mitigation_strategies: ['Reallocate people to the critical path', 'Cut scope of late tasks'],
    status: 'mitigated',
  }
  await saveArtifactIn(tx, ctx, eventId, 'RiskRegister', fields, known ? { patchId: known.id } : {})
  return slippage
}

/** Pushes a task's end and sees what follows. */
export async function slipTaskIn(tx: Tx, ctx: Ctx, eventId: string, taskId: string, days: number): Promise<void> {
  const board = await loadBoard(tx, eventId, new Date(ctx.kernel.clock.now()))
  const task = board.artifacts.TaskRegister.find(({ id }) => id === taskId)
  if (!task) throw notFound('TaskRegister', taskId)
  await saveArtifactIn(tx, ctx, eventId, 'TaskRegister', { end_date: later(task.end_date, days) }, { patchId: taskId })
  await checkDeadlineIn(tx, ctx, eventId)
}
