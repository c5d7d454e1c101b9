import type { Ctx } from '../../kernel/context.ts'
import { rosterAgent } from '../agents/roster.ts'
import type { EngineState, EngineTask } from '../engine/engine-state.ts'
import { partsOf } from '../parts.ts'
import type { AgentRow } from '../registry/agent-store.ts'
import type { ServiceCaller } from '../services-port.ts'

export const callerOf = (ctx: Ctx, s: EngineState, taskId?: string): ServiceCaller => ({
  workflow_id: s.workflow_id,
  project_id: s.project_id,
  ...(taskId ? { task_id: taskId } : {}),
  priority: s.priority,
  correlation_id: ctx.correlationId,
})

const CHECKERS = new Set(['story_bible', 'continuity', 'voice_matching'])

/** What the Brain knows before a text agent begins (contract 2.6.2). Nothing, with a warning, when it is away. */
export async function knowledgeFor(
  ctx: Ctx,
  s: EngineState,
  task: EngineTask,
  _agent: AgentRow,
): Promise<{ items: { text: string }[]; warnings: string[] }> {
  const { knowledge } = partsOf(ctx.kernel).services
  const exec = rosterAgent(task.capability)?.exec ?? 'M'
  if (!knowledge || !exec.includes('M')) return { items: [], warnings: [] }
  const caller = callerOf(ctx, s, task.task_id)
  const query = [task.task_type, s.genre, s.title].filter(Boolean).join(' ')
  const answers = [await knowledge.findSimilar(query, 3, caller)]
  if (CHECKERS.has(task.capability)) answers.push(await knowledge.getKnowledge('canon', query, caller))
  return {
    items: answers.flatMap((a) => a.items).map((item) => ({ text: item.text })),
    warnings: answers.flatMap((a) => (a.warning ? [a.warning] : [])),
  }
}
