import type { Ctx } from '../../kernel/context.ts'
import type { Tx } from '../../kernel/db/database.ts'
import { closeDecision } from '../../kernel/decisions/answer-decision.ts'
import { raiseDecision } from '../../kernel/decisions/raise-decision.ts'
import type { EngineDecision, EngineState } from '../engine/engine-state.ts'
import { runSettings } from '../engine/run-settings.ts'
import type { StoredWorkflow } from './load-state.ts'

/** Id of a decision in the kernel's inbox, where ids of all domains live. */
export const inboxId = (workflowId: string, decisionId: string) => `movies:${workflowId}:${decisionId}`

/** Decisions for people live in the kernel's inbox too: asked there when raised, closed when they are over. */
export async function writeDecisions(tx: Tx, ctx: Ctx, stored: StoredWorkflow, s: EngineState, answered?: string) {
  const known = new Map(stored.state.decisions.map((d) => [d.decision_id, d]))
  for (const decision of s.decisions) {
    const before = known.get(decision.decision_id)
    if (before === decision) continue
    if (!before && decision.status === 'pending') await raise(tx, ctx, stored, s, decision)
    else if (before?.status === 'pending' && decision.status !== 'pending' && decision.decision_id !== answered)
      await closeDecision(tx, ctx, inboxId(s.workflow_id, decision.decision_id), 'withdrawn')
  }
}

const words = (text: string) => text.replaceAll('_', ' ')

async function raise(tx: Tx, ctx: Ctx, stored: StoredWorkflow, s: EngineState, d: EngineDecision) {
  const settings = runSettings(s)
  const artifacts = Object.keys((d.context['artifacts'] ?? {}) as Record<string, unknown>)
  await raiseDecision(
    tx,
    { ...ctx, correlationId: stored.correlationId },
    {
      id: inboxId(s.workflow_id, d.decision_id),
      domain: 'movies',
      kind: 'choose',
      type: d.point,
      title: `${s.title}: ${words(d.point)}`,
      prompt: d.prompt,
      options: d.options.map((id, i) => ({ id, label: words(id), ...(i === 0 ? { recommended: true } : {}) })),
      evidence: artifacts.map((name) => ({
        title: words(name),
        kind: 'artifact' as const,
        value: { workflow_id: s.workflow_id, name },
        href: `/api/v1/workflows/${s.workflow_id}/artifacts/${name}`,
      })),
      blocks: `${words(s.current_state)} of ${s.title}`,
      subject: { type: 'movie_workflow', id: s.workflow_id },
      scope: s.project_id,
      ...(stored.runId ? { runId: stored.runId } : {}),
      roles: ['Organizer', 'Approver'],
      ...(d.timeout ? { deadline: d.timeout } : {}),
      onTimeout: settings.on_decision_timeout === 'default_choice' ? 'default' : 'hold',
      defaultAnswer: { choice: d.options[0]! },
      data: { workflow_id: s.workflow_id, decision_id: d.decision_id, feedback: true },
    },
  )
}
