import { setTimeout as wait } from 'node:timers/promises'
import type { LoadedConfig } from '../config/load-config.ts'
import type { LlmConfig } from '../config/simulation-config.ts'
import type { TimeSource } from '../core/clock.ts'
import { messageOf } from '../core/errors.ts'
import type { Cause, EventRef } from '../events/event.ts'
import type { Logger } from '../logging/logger.ts'
import type { LlmFor } from '../run/make-components.ts'
import type { RunEvents } from '../run/run-events.ts'
import type { LlmBook } from '../run/run-parts.ts'
import type { ReasoningChain } from '../state/state.ts'
import { parseAnswer } from './answer-schema.ts'
import { httpTransport } from './http-transports.ts'
import type { AnswerSchema, LlmCallMeta, LlmClient, Prompt } from './llm-client.ts'
import { classify, LlmFailureError, LlmTimeoutError } from './llm-error.ts'
import type { LlmTransport } from './llm-transport.ts'

export type LlmSetup = {
  loaded: LoadedConfig
  events: RunEvents
  log: Logger
  transport: LlmTransport | undefined
  time: TimeSource
}

const DEFAULTS: LlmConfig = {
  model: 'gemma:3',
  host: 'http://localhost:11434',
  provider: 'ollama',
  api_key: null,
  timeout: 60,
  max_retries: 1,
  temperature: 0.7,
  max_tokens: null,
  stream: true,
}

const FIRST_WAIT_MS = 1000
const LONGEST_WAIT_MS = 5000

/** Doubling from 1 s to 5 s, with jitter so that many callers do not come back together. */
export const backoffMs = (retry: number, random: number): number =>
  Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** (retry - 1)) * (0.5 + random / 2)

/** The model client of one component: structured calls with retry, each attempt an event, each answer kept as reasoning. */
class ComponentLlm implements LlmClient, LlmBook {
  readonly model: string
  readonly #config: LlmConfig
  readonly #transport: LlmTransport
  readonly #setup: LlmSetup
  #ref: EventRef | undefined
  readonly #refs = new Map<string, EventRef>()
  #chains: ReasoningChain[] = []

  constructor(config: LlmConfig, transport: LlmTransport, setup: LlmSetup) {
    this.model = config.model
    this.#config = config
    this.#transport = transport
    this.#setup = setup
  }

  takeRef(agentName?: string): EventRef | undefined {
    const ref = agentName === undefined ? this.#ref : this.#refs.get(agentName)
    this.#ref = undefined
    if (agentName !== undefined) this.#refs.delete(agentName)
    return ref
  }

  takeChains(): ReasoningChain[] {
    const chains = this.#chains
    this.#chains = []
    return chains
  }

  async callWithRetry<T>(prompt: Prompt, schema: AnswerSchema<T>, meta: LlmCallMeta): Promise<T> {
    const { events, log, time } = this.#setup
    const attempts = this.#config.max_retries + 1
    const extra = meta.causedBy ?? []
    let retryRef: EventRef | undefined
    for (let attempt = 1; ; attempt++) {
      const started = time.monotonicMs()
      const duration = () => Math.max(0, Math.round(time.monotonicMs() - started))
      const causes = (): Cause[] => [retryRef ?? events.phase, ...extra]
      try {
        const answer = await this.#attempt(prompt, schema)
        const value = parseAnswer(answer, schema)
        const ref = this.#emit('success', 'llm_call', meta, causes(), attempt - 1, duration())
        this.#remember(ref, meta)
        this.#keepChain(meta, prompt, answer, value, duration(), attempt - 1)
        return value
      } catch (error) {
        const { type, retry } = classify(error)
        if (!retry || attempt >= attempts) {
          const ref = this.#emit(
            'failure',
            'llm_failure',
            meta,
            causes(),
            attempt - 1,
            duration(),
            type,
            messageOf(error),
          )
          this.#remember(ref, meta)
          log.error('LLM_FAILURE', {
            component: meta.component,
            agent: meta.agentName ?? null,
            reason: type,
            attempts: attempt,
          })
          throw new LlmFailureError(type, attempt, error, ref)
        }
        const citing = retryRef ? [retryRef] : [events.phase]
        retryRef = this.#emit('retry', 'llm_retry', meta, citing, attempt, duration(), type, messageOf(error))
        await (time.sleep ?? wait)(backoffMs(attempt, Math.random()))
      }
    }
  }

  /** One request under the time limit, whatever the transport makes of the signal. */
  async #attempt<T>(prompt: Prompt, schema: AnswerSchema<T>): Promise<string> {
    const limit = new AbortController()
    let timer: NodeJS.Timeout | undefined
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => {
        reject(new LlmTimeoutError(this.#config.timeout))
        limit.abort()
      }, this.#config.timeout * 1000)
    })
    try {
      const sent = this.#transport.send({ config: this.#config, prompt, schema, signal: limit.signal })
      return await Promise.race([sent, late])
    } finally {
      clearTimeout(timer)
    }
  }

  #remember(ref: EventRef, { agentName }: LlmCallMeta): void {
    this.#ref = ref
    if (agentName !== undefined) this.#refs.set(agentName, ref)
  }

  #emit(
    status: 'success' | 'retry' | 'failure',
    systemEventType: string,
    meta: LlmCallMeta,
    causedBy: readonly Cause[],
    retryCount: number,
    durationMs: number,
    errorType?: string,
    message?: string,
  ): EventRef {
    const who = meta.agentName ?? meta.component
    return this.#setup.events.system({
      status,
      systemEventType,
      errorType,
      retryCount,
      causedBy,
      description: `Model call of ${who}: ${errorType ?? 'answered'}${status === 'retry' ? `, retry ${retryCount}` : ''}`,
      extra: {
        component: meta.component,
        ...(meta.agentName === undefined ? {} : { agent_name: meta.agentName }),
        model: this.model,
        duration_ms: durationMs,
        ...(message === undefined ? {} : { message: message.slice(0, 500) }),
      },
    })
  }

  #keepChain(
    meta: LlmCallMeta,
    prompt: Prompt,
    response: string,
    value: unknown,
    durationMs: number,
    retries: number,
  ): void {
    const reasoning = (value as { reasoning?: unknown } | null)?.reasoning
    const chain: ReasoningChain = {
      component: meta.component,
      ...(meta.agentName === undefined ? {} : { agent_name: meta.agentName }),
      prompt: `${prompt.system}\n\n${prompt.user}`,
      response,
      reasoning: typeof reasoning === 'string' ? reasoning : '',
      timestamp: new Date(this.#setup.time.wallMs()).toISOString(),
      duration_ms: durationMs,
      model: this.model,
      retry_count: retries,
    }
    this.#chains.push(chain)
    this.#setup.log.debug('reasoning_chain', { ...chain })
  }
}

/** Gives each component its own client; nothing is sent before a component calls. */
export function createLlmBooks(setup: LlmSetup): LlmFor {
  const config = setup.loaded.config.llm ?? DEFAULTS
  const transport = setup.transport ?? httpTransport()
  return () => new ComponentLlm(config, transport, setup)
}
