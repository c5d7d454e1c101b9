import type { Log } from '../telemetry/logger.ts'
import type { Metrics } from '../telemetry/metrics.ts'
import { withSpan } from '../telemetry/tracing.ts'
import { createAnswerCache } from './answer-cache.ts'
import { type Budget, estimateInput } from './budget.ts'
import { asModelError, InvalidAnswerError, ModelError, TimeoutError } from './errors.ts'
import { limitConcurrency } from './limit-concurrency.ts'
import { costOf, type PriceTable } from './prices.ts'
import { callKey } from './providers/cassette.ts'
import { pauseBefore } from './retry.ts'
import type {
  Attempt,
  Delta,
  JsonSchema,
  Message,
  ModelAnswer,
  ModelCall,
  ModelProfile,
  Provider,
  ToolSpec,
  Usage,
} from './types.ts'

export type TurnRequest = {
  system: string
  messages: readonly Message[]
  schema?: JsonSchema | undefined
  tools?: readonly ToolSpec[] | undefined
  profile: ModelProfile
  signal?: AbortSignal | undefined
  onDelta?: ((delta: Delta) => void) | undefined
  onAttempt?: ((attempt: Attempt) => void) | undefined
  budget?: Budget | undefined
  /** Throws InvalidAnswerError for an answer that counts as a failed attempt. */
  accept?: ((answer: ModelAnswer) => Promise<void>) | undefined
}
export type TurnResult = { answer: ModelAnswer; usage: Usage; attempts: Attempt[]; cached: boolean }

export type TurnDeps = {
  provider: () => Promise<Provider>
  models: readonly string[]
  prices: PriceTable
  log: Log
  metrics: Metrics
  maxConcurrent: number
  now: () => number
  random: () => number
  sleep: (ms: number, signal: AbortSignal | undefined) => Promise<void>
}

/** What a model turned out not to accept; found out once per process. */
type Quirks = { schema?: true; temperature?: true; seed?: true }
const QUIRKS: readonly (readonly [keyof Quirks, RegExp])[] = [
  ['schema', /response_format|json_schema|structured|output_config|output_format/i],
  ['temperature', /temperature/i],
  ['seed', /\bseed\b/i],
]
/** While a provider is known to be away, a turn makes one attempt instead of all. */
const AWAY_MS = 30_000

/**
 * One turn of a model: attempts with growing pauses, Retry-After, then the backup model; budget set aside before and settled after each attempt;
 * counted, logged without texts, and traced. Throws the last ModelError; the caller's abort throws its reason.
 */
export function createModelTurn(deps: TurnDeps): (request: TurnRequest) => Promise<TurnResult> {
  const limit = limitConcurrency(deps.maxConcurrent)
  const cache = createAnswerCache()
  const quirksOf = new Map<string, Quirks>()
  let awayUntil = 0

  async function attemptOnce(
    request: TurnRequest,
    model: string,
    provider: Provider,
  ): Promise<{ answer: ModelAnswer; usage: Usage }> {
    const { profile, signal } = request
    const price = deps.prices(model)
    const reservation = request.budget?.reserve({
      inputTokens: estimateInput(request),
      maxTokens: profile.maxTokens,
      price,
    })
    const limitOfTime = new AbortController()
    const timer = setTimeout(() => limitOfTime.abort(new TimeoutError(profile.timeoutMs)), profile.timeoutMs)
    const quirks = quirksOf.get(model) ?? {}
    const call: ModelCall = {
      model,
      system: request.system,
      messages: request.messages,
      maxTokens: reservation?.maxTokens ?? profile.maxTokens,
      signal: signal ? AbortSignal.any([signal, limitOfTime.signal]) : limitOfTime.signal,
      ...(!quirks.temperature && { temperature: profile.temperature }),
      ...(profile.seed !== undefined && !quirks.seed && { seed: profile.seed }),
      ...(profile.effort && { effort: profile.effort }),
      ...(request.schema && !quirks.schema && { schema: request.schema }),
      ...(request.tools?.length && { tools: request.tools }),
      ...(request.onDelta && { onDelta: request.onDelta }),
    }
    let usage: Usage | undefined
    try {
      const answer = await provider.call(call)
      usage = { ...answer.usage, costUsd: costOf(price, answer.usage) }
      if (answer.finish === 'refused')
        throw new ModelError('MODEL_REFUSED', 'refused', 'The model refused to answer.', {
          suggestion: 'Reword the task.',
        })
      if (answer.text === '' && answer.toolCalls.length === 0)
        throw new InvalidAnswerError(
          [answer.finish === 'length' ? 'the answer was cut off before it began' : 'the answer is empty'],
          '',
        )
      await request.accept?.(answer)
      return { answer, usage }
    } catch (error) {
      signal?.throwIfAborted()
      throw limitOfTime.signal.aborted ? (limitOfTime.signal.reason as TimeoutError) : asModelError(error)
    } finally {
      clearTimeout(timer)
      reservation?.settle(usage)
    }
  }

  /** True when the failure taught something and the same attempt is worth making without the refused part. */
  function learn(error: ModelError, request: TurnRequest, model: string): boolean {
    if (error.errorType !== 'client_error' || error.status === undefined) return false
    const known = quirksOf.get(model) ?? {}
    const has = { schema: request.schema !== undefined, temperature: true, seed: request.profile.seed !== undefined }
    const found = QUIRKS.find(([name, pattern]) => has[name] && !known[name] && pattern.test(error.message))
    if (found) quirksOf.set(model, { ...known, [found[0]]: true })
    return found !== undefined
  }

  function count(request: TurnRequest, attempt: Attempt, usage: Usage | undefined): void {
    const { purpose, domain } = request.profile
    const scope = deps.metrics.scope(domain)
    const labels = { purpose, outcome: attempt.outcome }
    scope
      .counter({ name: 'model_calls_total', help: 'Calls of language models', labels: ['purpose', 'outcome'] })
      .inc(labels)
    scope
      .histogram({ name: 'model_call_seconds', help: 'Duration of model calls', labels: ['purpose', 'outcome'] })
      .observe(labels, attempt.durationMs / 1000)
    if (usage) {
      const tokens = scope.counter({
        name: 'model_tokens_total',
        help: 'Tokens of language models',
        labels: ['purpose', 'kind'],
      })
      tokens.inc({ purpose, kind: 'input' }, usage.inputTokens)
      tokens.inc({ purpose, kind: 'output' }, usage.outputTokens)
    }
    if (attempt.outcome !== 'ok')
      deps.log.warn(
        {
          purpose,
          model: attempt.model,
          attempt: attempt.number,
          reason: attempt.outcome,
          willRetry: attempt.willRetry,
        },
        `model call failed: ${attempt.message}`,
      )
  }

  async function allAttempts(request: TurnRequest, provider: Provider): Promise<TurnResult> {
    const { profile } = request
    const attempts: Attempt[] = []
    const configured = profile.model ? [profile.model, ...deps.models.slice(1)] : deps.models
    const models = profile.useBackup ? configured : configured.slice(0, 1)
    for (const [index, model] of models.entries()) {
      const isLast = index === models.length - 1
      for (let failures = 0; ; ) {
        const started = deps.now()
        const attempt = { number: attempts.length + 1, model }
        try {
          const { answer, usage } = await attemptOnce(request, model, provider)
          awayUntil = 0
          const done: Attempt = { ...attempt, durationMs: deps.now() - started, outcome: 'ok', willRetry: false }
          attempts.push(done)
          count(request, done, usage)
          request.onAttempt?.(done)
          return { answer, usage, attempts, cached: false }
        } catch (error) {
          if (!(error instanceof ModelError)) throw error
          const learned = learn(error, request, model)
          const patient = deps.now() >= awayUntil ? profile : { ...profile, retries: 0 }
          const pause = learned ? 0 : pauseBefore(error, ++failures, patient, deps.random)
          const goesOn = pause !== undefined || (!isLast && movesToBackup(error))
          const failed: Attempt = {
            ...attempt,
            durationMs: deps.now() - started,
            outcome: error.errorType,
            message: error.message,
            willRetry: goesOn,
          }
          attempts.push(failed)
          count(request, failed, undefined)
          request.onAttempt?.(failed)
          if (error.errorType === 'connection_error' && pause === undefined) awayUntil = deps.now() + AWAY_MS
          if (!goesOn) throw error
          request.onDelta?.({ kind: 'restart' })
          if (pause === undefined) break
          if (pause > 0) await deps.sleep(pause, request.signal)
        }
      }
    }
    throw new ModelError('MODEL_ERROR', 'unknown_error', 'No model is left to try.')
  }

  return async (request) => {
    const provider = await deps.provider()
    const { profile, signal } = request
    const keyed = profile.cacheMs !== undefined && !request.tools?.length
    const key = keyed
      ? callKey({
          ...request,
          schema: request.schema ?? {},
          tools: [],
          model: profile.model ?? deps.models[0] ?? '',
          maxTokens: 0,
          temperature: profile.temperature,
          signal: AbortSignal.abort(),
        })
      : ''
    const known = keyed ? cache.get(key, deps.now()) : undefined
    if (known) {
      const usage = { inputTokens: 0, cachedInputTokens: 0, outputTokens: 0, costUsd: 0 }
      return { answer: known, usage, attempts: [], cached: true }
    }
    const attributes = {
      'gen_ai.operation.name': 'chat',
      'gen_ai.provider.name': provider.name,
      'troupe.purpose': profile.purpose,
    }
    const result = await limit(
      () =>
        withSpan(`chat ${deps.models[0] ?? ''}`, attributes, async (span) => {
          const turn = await allAttempts(request, provider)
          span.setAttributes({
            'gen_ai.response.model': turn.answer.model,
            'gen_ai.usage.input_tokens': turn.usage.inputTokens,
            'gen_ai.usage.output_tokens': turn.usage.outputTokens,
          })
          return turn
        }),
      signal,
    )
    if (keyed) cache.set(key, result.answer, deps.now() + profile.cacheMs!)
    return result
  }
}

const movesToBackup = (error: ModelError) =>
  error.transient || error.errorType === 'invalid_response' || error.errorType === 'client_error'
