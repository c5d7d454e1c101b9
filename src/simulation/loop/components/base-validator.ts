import type { LlmClient } from '../llm/llm-client.ts'
import type { Logger } from '../logging/logger.ts'
import type { SimulationState } from '../state/state.ts'
import type { Action, Judged, Verdict } from './action.ts'
import type { Init } from './base-agent.ts'
import type { ValidatorContext } from './context.ts'

export type ValidationStats = { total_validated: number; total_rejected: number; acceptance_rate: number }

/** Judges each action; only valid ones take effect. */
export abstract class BaseValidator {
  readonly config: Init['config']
  readonly llm: LlmClient | undefined
  readonly logger: Logger
  readonly domain: string | null
  readonly permissive: boolean
  #validated = 0
  #rejected = 0

  constructor(init: Init & { domain: string | null; permissive: boolean }) {
    this.config = init.config
    this.llm = init.llm
    this.logger = init.logger
    this.domain = init.domain
    this.permissive = init.permissive
  }

  abstract validateAction(action: Action, state: SimulationState, ctx: ValidatorContext): Verdict | Promise<Verdict>

  /** Judges in order, one by one. The result has the length and the order of the input. */
  async validateActions(actions: readonly Action[], state: SimulationState, ctx: ValidatorContext): Promise<Judged[]> {
    const judged: Judged[] = []
    for (const action of actions) judged.push(judge(action, await this.validateAction(action, state, ctx)))
    this.countVerdicts(judged)
    return judged
  }

  /** Adds verdicts to the statistics; the same list counts once. */
  countVerdicts(judged: readonly Judged[]): void {
    if (counted.has(judged)) return
    counted.add(judged)
    for (const { valid } of judged) {
      if (valid) this.#validated++
      else this.#rejected++
    }
  }

  /** Totals of the run; the rate is 0 before anything was judged. */
  getStats(): ValidationStats {
    const all = this.#validated + this.#rejected
    return {
      total_validated: this.#validated,
      total_rejected: this.#rejected,
      acceptance_rate: all === 0 ? 0 : this.#validated / all,
    }
  }
}

const counted = new WeakSet<object>()

/** An action with its verdict written on it. */
export function judge(action: Action, verdict: Verdict, now: Date = new Date()): Judged {
  const valid = typeof verdict === 'boolean' ? verdict : verdict.valid === true
  const reason = typeof verdict === 'object' ? verdict.reason : undefined
  const stamped: Action = valid
    ? { ...action, validated: true, validationTimestamp: now.toISOString() }
    : { ...action, validated: false }
  return reason === undefined ? { action: stamped, valid } : { action: stamped, valid, reason }
}
