import type { Action, ActionInput, Judged, Verdict } from '../components/action.ts'
import { BaseAgent } from '../components/base-agent.ts'
import { BaseEngine } from '../components/base-engine.ts'
import { BaseValidator, judge } from '../components/base-validator.ts'
import type { AgentContext, ComponentContext, EngineContext, ValidatorContext } from '../components/context.ts'
import { SimulationError } from '../core/errors.ts'
import type { EventRef } from '../events/event.ts'
import type { SimulationState } from '../state/state.ts'
import {
  type PolicyDecision,
  policyDecision,
  type StateUpdate,
  stateUpdateSchema,
  validationAnswer,
} from './answer-schema.ts'
import type { AnswerSchema, LlmClient, Prompt } from './llm-client.ts'

/** Text alone is the user part; the pattern adds who the model is and the shape of the answer. */
export type PromptInput = string | Prompt

const asPrompt = (given: PromptInput, role: string, shape: string): Prompt => {
  const { system, user } = typeof given === 'string' ? { system: role, user: given } : given
  return {
    system: `${system}\nThink step by step before you answer.\nAnswer with one JSON object and nothing else: ${shape}`,
    user,
  }
}

function need(llm: LlmClient | undefined): LlmClient {
  if (!llm) throw new SimulationError('A model-driven component needs a model client: it is given by the framework')
  return llm
}

/** An agent whose decisions a model makes. */
export abstract class LlmAgent extends BaseAgent {
  abstract constructPrompt(observation: SimulationState, ctx: AgentContext): PromptInput
  /** False is logged as a warning; the decision is submitted all the same. */
  abstract validateDecision(decision: PolicyDecision): boolean

  async decideAction(observation: SimulationState, ctx: AgentContext): Promise<ActionInput> {
    const shape =
      '{"action": "one line", "reasoning": "10 to 2000 characters", "confidence": 0 to 1, "parameters": {optional}}'
    const prompt = asPrompt(
      this.constructPrompt(observation, ctx),
      `You decide for ${this.name} in a simulation.`,
      shape,
    )
    const started = performance.now()
    ctx.logger.debug('llm_decision_started', { turn: ctx.turn })
    const meta = { component: 'agent', agentName: this.name, turn: ctx.turn } as const
    const decision = await need(this.llm).callWithRetry(prompt, policyDecision, meta)
    ctx.logger.debug('llm_decision_completed', { turn: ctx.turn, duration_ms: Math.round(performance.now() - started) })
    if (!this.validateDecision(decision)) ctx.logger.warning('llm_decision_doubtful', { action: decision.action })
    return {
      actionName: decision.action,
      actionString: decision.action,
      decisionType: 'policy_decision',
      policyDecision: decision,
      ...(decision.parameters ? { parameters: decision.parameters } : {}),
    }
  }
}

const decisionOf = (ctx: ComponentContext, agent: string): EventRef | undefined =>
  (ctx as { decisionOf?: (name: string) => EventRef | undefined }).decisionOf?.(agent)

/** A validator whose verdicts a model gives, each action on its own. */
export abstract class LlmValidator extends BaseValidator {
  static requiresDomain = true

  abstract constructValidationPrompt(action: Action, state: SimulationState): PromptInput
  abstract getDomainDescription(): string

  async validateAction(action: Action, state: SimulationState, ctx: ValidatorContext): Promise<Verdict> {
    const { valid, reason } = await this.#judge(action, state, ctx)
    return reason === undefined ? { valid } : { valid, reason }
  }

  override async validateActions(
    actions: readonly Action[],
    state: SimulationState,
    ctx: ValidatorContext,
  ): Promise<Judged[]> {
    const judged: Judged[] = []
    for (const action of actions) judged.push(await this.#judge(action, state, ctx))
    this.countVerdicts(judged)
    return judged
  }

  async #judge(action: Action, state: SimulationState, ctx: ValidatorContext): Promise<Judged> {
    const leniency = this.permissive
      ? 'Accept an action that has any significant effect in this domain, also an indirect one.'
      : 'Accept only actions that lie squarely within this domain.'
    const role = `You judge actions in a simulation.\nDomain: ${this.domain ?? ''}\n${this.getDomainDescription()}\n${leniency}`
    const shape =
      '{"is_valid": true or false, "reasoning": "10 to 2000 characters", "confidence": 0 to 1, "action_evaluated": "the action"}'
    const decision = decisionOf(ctx, action.agentName)
    const result = await need(this.llm).callWithRetry(
      asPrompt(this.constructValidationPrompt(action, state), role, shape),
      validationAnswer,
      {
        component: 'validator',
        agentName: action.agentName,
        turn: ctx.turn,
        causedBy: decision ? [decision] : [],
      },
    )
    return judge({ ...action, validationResult: result }, { valid: result.is_valid, reason: result.reasoning })
  }
}

/** An engine whose state changes a model decides, one valid action after the other. */
export abstract class LlmEngine extends BaseEngine {
  /** What the model has to answer; the default asks for nothing beside reasoning. */
  get updateSchema(): AnswerSchema<StateUpdate> {
    return stateUpdateSchema({})
  }

  abstract constructStateUpdatePrompt(action: Action, globalState: Readonly<Record<string, any>>): PromptInput
  abstract applyStateUpdate(decision: StateUpdate, state: SimulationState): SimulationState | Promise<SimulationState>

  async applyAction(state: SimulationState, action: Action, ctx: EngineContext): Promise<SimulationState> {
    const applied = (ctx as { flushAction?: () => EventRef }).flushAction?.()
    const shape = JSON.stringify(this.updateSchema.jsonSchema['properties'] ?? {})
    const prompt = asPrompt(
      this.constructStateUpdatePrompt(action, state.globalState),
      'You are the engine of a simulation.',
      shape,
    )
    const decision = await need(this.llm).callWithRetry(prompt, this.updateSchema, {
      component: 'engine',
      agentName: action.agentName,
      turn: ctx.turn,
      causedBy: applied ? [applied] : [],
    })
    return this.applyStateUpdate(decision, state)
  }

  applyEngineRules(state: SimulationState, _ctx: EngineContext): SimulationState | Promise<SimulationState> {
    return state
  }
}
