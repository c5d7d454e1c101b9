import type { Action, Judged } from '../components/action.ts'
import { ComponentError } from '../core/errors.ts'
import type { SimulationState } from '../state/state.ts'
import { ValidatorRunContext } from './contexts.ts'
import type { Decisions } from './decide.ts'
import type { RunParts } from './run-parts.ts'

/** Phase validate: the verdict on every action, in order. Rejections become SYSTEM events. */
export async function judgeActions(
  parts: RunParts,
  actions: readonly Action[],
  state: SimulationState,
  decisions: Decisions,
): Promise<Judged[]> {
  const { validator, events } = parts
  const ctx = new ValidatorRunContext(parts, parts.log.bind({ component: 'validator' }), (agent) =>
    decisions.refs.get(agent),
  )
  ctx.lookAt(state.spatialState)
  const judged = await validator.validateActions([...actions], state, ctx)
  if (!Array.isArray(judged) || judged.length !== actions.length)
    throw new ComponentError(
      `The validator returned ${Array.isArray(judged) ? judged.length : 'no'} verdicts for ${actions.length} actions`,
    )
  validator.countVerdicts(judged)
  for (const { action, valid, reason } of judged) {
    if (valid) continue
    parts.log.info('action_rejected', { agent_id: action.agentName, action: action.actionName, reason: reason ?? null })
    const decision = decisions.refs.get(action.agentName)
    const llmRefs = [decisions.llmRefs.get(action.agentName), parts.validatorLlm?.takeRef(action.agentName)]
    events.system({
      status: 'warning',
      systemEventType: 'validation_failure',
      errorType: 'action_rejected',
      description: `${action.agentName}: ${action.actionName} rejected`,
      causedBy: [decision ?? events.phase, ...llmRefs.filter((ref) => ref !== undefined)],
      extra: {
        message: reason ?? 'the validator rejected the action',
        agent_name: action.agentName,
        action_type: action.actionName,
      },
    })
  }
  return judged
}
