import { systemCtx } from '../../kernel/context.ts'
import type { Tx } from '../../kernel/db/database.ts'
import { emit } from '../../kernel/events/emit.ts'
import type { Kernel } from '../../kernel/kernel.ts'
import type { Board } from '../artifacts/board.ts'
import { isoTime } from '../schema.ts'
import { appendDecision } from '../store/logs.ts'
import { METRIC_GROUPS, type MetricGroupName, metricsOf } from './compute-metrics.ts'
import { saveArtifactIn } from './save-artifact.ts'

const DAY_MS = 86_400_000

/**
 * A figure that is past its threshold in Execute raises an alert: an event, a mitigation in the decision log and a task for the agent that owns
 * it (5.5). Once a figure, until its task is closed. Returns the metrics alerted now.
 */
export async function alertBreaches(tx: Tx, kernel: Kernel, board: Board): Promise<string[]> {
  const ctx = systemCtx(kernel)
  const alerted: string[] = []
  const { Timeline: timeline, TaskRegister: tasks, LogisticsPlan: plan } = board.artifacts
  if (!timeline) return alerted
  for (const name of Object.keys(METRIC_GROUPS) as MetricGroupName[]) {
    const { passed, values, thresholds } = metricsOf(board, name)
    const { agent } = METRIC_GROUPS[name]
    for (const [metric, verdict] of Object.entries(passed)) {
      if (verdict !== false) continue
      const title = `Bring ${metric} back within its threshold`
      if (tasks.some((task) => task.title === title && !['Completed', 'Cancelled'].includes(task.status))) continue
      const { op, value } = thresholds[metric]!
      const wanted = `${op === 'lte' ? 'at most' : op === 'gte' ? 'at least' : 'exactly'} ${value}`
      const now = kernel.clock.now()
      await saveArtifactIn(tx, ctx, board.brief.id, 'TaskRegister', {
        title,
        description: `${metric} is ${values[metric]}, it should be ${wanted}`,
        owner: agent,
        start_date: isoTime(now),
        end_date: isoTime(now + DAY_MS),
        dependencies: [],
      })
      await appendDecision(tx, ctx, board.brief.id, {
        decision_type: 'mitigation',
        description: `${metric} breached its threshold`,
        rationale: `${metric} is ${values[metric]}, ${wanted} is required`,
        owner: agent,
        alternatives_considered: [
          { option: title, rank: 1, pros: ['Acts now'], cons: ['Takes people from other work'] },
          { option: 'Accept the figure', rank: 2, pros: ['No effort'], cons: ['The breach goes into the postmortem'] },
        ],
        impacted_artifacts: plan
          ? [{ artifact_type: 'LogisticsPlan', artifact_id: plan.id, version: plan.version }]
          : [],
      })
      await emit(tx, ctx, {
        domain: 'planning',
        type: 'metric.breached',
        level: 'MILESTONE',
        stream: `brief:${board.brief.id}`,
        summary: `${board.brief.title}: ${metric} is ${values[metric]}, ${wanted} is required`,
        data: {
          event_brief_id: board.brief.id,
          agent_name: agent,
          metric,
          value: values[metric] ?? null,
          threshold: value,
        },
      })
      alerted.push(metric)
    }
  }
  return alerted
}
