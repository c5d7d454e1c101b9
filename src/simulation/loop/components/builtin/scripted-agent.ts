import { isMap, show } from '../../core/json.ts'
import type { ActionInput } from '../action.ts'
import { BaseAgent } from '../base-agent.ts'
import type { ConfigCheck } from '../component-class.ts'
import type { AgentContext } from '../context.ts'

const FIELDS: Record<string, string> = {
  action_id: 'actionId',
  action_name: 'actionName',
  action_string: 'actionString',
  decision_type: 'decisionType',
}

/** Plays `config.actions`: in turn N the entry (N − 1) modulo length, so a pause skips entries but never shifts them. */
export class ScriptedAgent extends BaseAgent {
  static checkConfig: ConfigCheck = (config, add) => {
    const actions = config['actions']
    if (!Array.isArray(actions) || actions.length === 0) {
      add(['actions'], 'a non-empty list of actions', show(actions), 'Add at least one action with action_name.')
      return
    }
    actions.forEach((entry, i) => {
      if (!isMap(entry) || typeof entry['action_name'] !== 'string')
        add(['actions', i], 'a map with action_name as text', show(entry), 'Write { action_name: … }.')
    })
  }

  decideAction(_: unknown, ctx: AgentContext): ActionInput {
    const actions = this.config['actions'] as unknown as Record<string, any>[]
    const entry = actions[(ctx.turn - 1) % actions.length]!
    const action: Record<string, unknown> = {}
    for (const [key, value] of Object.entries(entry)) action[FIELDS[key] ?? key] = value
    return action as ActionInput
  }
}
