import { setTimeout as wait } from 'node:timers/promises'
import type { Config } from '../config/load-config.ts'
import type { Log } from '../telemetry/logger.ts'
import type { Metrics } from '../telemetry/metrics.ts'
import { noMetrics } from '../telemetry/no-metrics.ts'
import { type Access, detectAccess } from './access.ts'
import {
  type Budget,
  type BudgetLimits,
  createBudget,
  estimateInput,
  estimateTokens,
  type Spent,
  smallerLimits,
} from './budget.ts'
import { InvalidAnswerError, ModelError, type ModelErrorType, ModelNotConfiguredError } from './errors.ts'
import { maskRequest } from './mask-request.ts'
import { createModelTurn, type TurnRequest, type TurnResult } from './model-turn.ts'
import { createPriceTable } from './prices.ts'
import { profileWithSettings } from './profile.ts'
import { buildPrompt, checkPrompt, modelSchema, type Prompt, repairText } from './prompt.ts'
import { createCassetteProvider } from './providers/cassette.ts'
import { openProvider, type ProviderDeps } from './providers/open-provider.ts'
import { MOST_VIOLATIONS, readAnswer } from './read-answer.ts'
import type { RecordedTurn } from './record-calls.ts'
import { runScope } from './run-scope.ts'
import { streamOf } from './stream-of.ts'
import type { Delta, Generated, GenerateRequest, JsonSchema, Message, ModelAnswer, Provider, Usage } from './types.ts'
import { addUsage, NO_USAGE } from './usage.ts'

export type ModelStatus = {
  configured: boolean
  method: Access['method'] | 'recorded'
  provider: string | undefined
  model: string | undefined
  /** What to set when nothing is configured. */
  suggestion: string | undefined
  /** False after a call that the provider did not answer or refused the key of; undefined before the first. */
  reachable: boolean | undefined
  /** Of the last call; gone after the next good one. */
  lastFailure: { code: string; message: string; at: string } | undefined
}

export type ModelGateway = {
  status(): ModelStatus
  /**
   * A checked value: from the model, after one repair round if needed, else from the caller's craft with the reason. Without a craft it throws
   * ModelError. An abort by the caller throws its reason and never reaches the craft.
   */
  generate<T = string>(request: GenerateRequest<T>): Promise<Generated<T>>
  /** `generate` with its text as it comes. `result` settles when the iteration may end; breaking off the iteration aborts the call. */
  stream<T = string>(
    request: Omit<GenerateRequest<T>, 'onDelta'>,
  ): { deltas: AsyncIterable<Delta>; result: Promise<Generated<T>> }
  /** One turn of a conversation, for loops. Throws ModelError. */
  turn(request: TurnRequest): Promise<TurnResult>
  /** What a call would use at most. `costUsd` is undefined when the price is unknown. */
  estimate(request: Pick<GenerateRequest<unknown>, 'role' | 'instructions' | 'input' | 'schema' | 'profile'>): {
    inputTokens: number
    maxOutputTokens: number
    costUsd: number | undefined
  }
  /** A budget by the operator's limits, and by `limits` where they are smaller. */
  newBudget(already?: Spent, limits?: BudgetLimits): Budget
}

export type GatewayOptions = {
  settings: Config['models']
  log: Log
  metrics?: Metrics
  /** Instead of what the settings say. */
  provider?: Provider
  /** Hears of each turn that reached a model. */
  record?: (turn: RecordedTurn) => Promise<void>
  /** Hides the installation's own secrets from what leaves for a model. */
  mask?: (text: string) => string
  now?: () => number
  random?: () => number
  sleep?: (ms: number, signal: AbortSignal | undefined) => Promise<void>
} & Omit<ProviderDeps, 'now'>

const AWAY: ReadonlySet<ModelErrorType> = new Set(['authentication', 'connection_error', 'server_error', 'timeout'])
/** Opens nothing and asks nobody until the first call. Warns once about settings that look wrong. */
export function createModelGateway(options: GatewayOptions): ModelGateway {
  const { settings, log } = options
  const now = options.now ?? Date.now
  const access = detectAccess(settings)
  for (const warning of access.warnings) log.warn({}, warning)
  const usesCassette = settings.cassetteDir !== undefined
  const replays = usesCassette && settings.cassetteMode === 'replay'
  const configured = options.provider !== undefined || access.method !== 'none' || usesCassette
  const prices = createPriceTable({ input: settings.priceInput, output: settings.priceOutput })
  const primary = access.method === 'none' ? (settings.model ?? '') : (access.model ?? '')
  const backup = access.method === 'direct_api' ? access.backupModel : settings.backupModel
  let lastFailure: ModelStatus['lastFailure']
  let reachable: boolean | undefined
  const remember = (error: unknown) => {
    if (!(error instanceof ModelError) || !configured) return
    lastFailure = { code: error.code, message: error.message, at: new Date(now()).toISOString() }
    if (AWAY.has(error.errorType)) reachable = false
  }
  let opened: Promise<Provider> | undefined

  async function open(): Promise<Provider> {
    const inner =
      options.provider ??
      (replays || (usesCassette && access.method === 'none')
        ? undefined
        : await openProvider(access, { ...options, now }))
    return usesCassette
      ? createCassetteProvider({ dir: settings.cassetteDir!, mode: settings.cassetteMode, inner })
      : inner!
  }

  const modelTurn = createModelTurn({
    provider: () => (opened ??= open()),
    models: backup !== undefined && backup !== primary ? [primary, backup] : [primary],
    prices,
    log,
    metrics: options.metrics ?? noMetrics,
    maxConcurrent: settings.maxConcurrent,
    now,
    random: options.random ?? Math.random,
    sleep: options.sleep ?? ((ms, signal) => wait(ms, undefined, signal ? { signal } : {})),
  })

  async function turn(request: TurnRequest): Promise<TurnResult> {
    try {
      if (!configured)
        throw new ModelNotConfiguredError(undefined, access.method === 'none' ? { suggestion: access.suggestion } : {})
      const scope = runScope.getStore()
      const profile = profileWithSettings(request.profile, settings)
      if (scope?.model) profile.model = scope.model
      const budget = request.budget ?? scope?.budget
      const asked = options.mask ? maskRequest(request, options.mask) : request
      const result = await recorded({ ...asked, profile, ...(budget && { budget }) })
      lastFailure = undefined
      reachable = true
      return result
    } catch (error) {
      remember(error)
      throw error
    }
  }

  /** The turn, and what it could have cost and cost, kept for the run it belongs to. */
  async function recorded(request: TurnRequest): Promise<TurnResult> {
    const { profile } = request
    const model = profile.model ?? primary
    const inputTokens = estimateInput(request)
    const price = prices(model)
    const started = now()
    const keep = (outcome: string, usage: Usage, answered: string) =>
      options.record?.({
        runId: runScope.getStore()?.runId,
        profile,
        provider: access.method === 'direct_api' ? access.provider : access.method,
        model: answered,
        outcome,
        usage,
        estimate: {
          tokens: inputTokens + profile.maxTokens,
          usd: price && (inputTokens * price.input + profile.maxTokens * price.output) / 1e6,
        },
        durationMs: now() - started,
      })
    try {
      const result = await modelTurn(request)
      if (!result.cached) await keep('ok', result.usage, result.answer.model)
      return result
    } catch (error) {
      if (error instanceof ModelError) await keep(error.code, NO_USAGE, model)
      throw error
    }
  }

  async function fromModel<T>(
    request: GenerateRequest<T>,
    prompt: Prompt,
    schema: JsonSchema | undefined,
    state: Collected,
  ) {
    const kind = schema?.['type'] === 'array' ? 'array' : schema?.['type'] === 'object' ? 'object' : 'any'
    const read = async ({ text, finish }: ModelAnswer): Promise<T> => {
      const value = request.schema
        ? readAnswer(text, { schema: request.schema, kind, cutOff: finish === 'length' })
        : (text as T)
      const complaints = (await request.check?.(value)) ?? []
      if (complaints.length > 0) throw new InvalidAnswerError(complaints.slice(0, MOST_VIOLATIONS), text)
      return value
    }
    const ask = async (messages: readonly Message[]) => {
      const { profile, signal, onDelta, budget } = request
      const result = await turn({
        system: prompt.system,
        messages,
        schema,
        profile,
        signal,
        onDelta,
        budget,
        onAttempt: (attempt) => {
          state.attempts.push({ ...attempt, number: state.attempts.length + 1 })
          request.onAttempt?.(state.attempts.at(-1)!)
        },
        ...(profile.onInvalid === 'retry' && { accept: async (answer: ModelAnswer) => void (await read(answer)) }),
      })
      state.usage = addUsage(state.usage, result.usage)
      state.model = result.answer.model
      state.cached = result.cached
      return result.answer
    }
    const question: Message = { role: 'user', text: prompt.user }
    let answer: ModelAnswer | undefined
    try {
      answer = await ask([question])
      return { value: await read(answer), text: answer.text }
    } catch (error) {
      if (!(error instanceof InvalidAnswerError) || request.profile.onInvalid === 'retry') throw error
      state.repaired = true
      request.onDelta?.({ kind: 'restart' })
      const said: Message[] = answer?.text ? [{ role: 'assistant', text: answer.text }] : []
      const complaint = repairText(error.violations)
      const messages: Message[] = said.length
        ? [question, ...said, { role: 'user', text: complaint }]
        : [{ role: 'user', text: `${prompt.user}\n\n${complaint}` }]
      const second = await ask(messages)
      return { value: await read(second), text: second.text }
    }
  }

  async function generate<T>(request: GenerateRequest<T>): Promise<Generated<T>> {
    const started = now()
    request.signal?.throwIfAborted()
    const schema = request.schema && modelSchema(request.schema)
    const prompt = buildPrompt({ ...request, ...(schema && { schema }) } as Parameters<typeof buildPrompt>[0])
    const state: Collected = { usage: NO_USAGE, attempts: [], model: primary, repaired: false, cached: false }
    const traceOf = () => ({
      provider: access.method === 'direct_api' ? access.provider : access.method,
      model: state.model,
      prompt,
      attempts: state.attempts,
      repaired: state.repaired,
      cached: state.cached,
      durationMs: now() - started,
    })
    try {
      checkMaterial(request, prompt.system)
      const { value, text } = await fromModel(request, prompt, schema, state)
      return { value, text, source: 'model', usage: state.usage, trace: traceOf() }
    } catch (error) {
      remember(error)
      if (!(error instanceof ModelError) || !request.craft) throw error
      const reason = { code: error.code, message: error.message, suggestion: error.suggestion }
      if (configured)
        log.warn({ purpose: request.profile.purpose, code: error.code }, 'the craft takes over from the model')
      const value = await request.craft(reason)
      const text = typeof value === 'string' ? value : JSON.stringify(value)
      return { value, text, source: 'craft', reason, usage: state.usage, trace: traceOf() }
    }
  }

  return {
    generate,
    turn,
    stream: (request) => streamOf((onDelta, signal) => generate({ ...request, onDelta, signal }), request.signal),
    newBudget: (already, limits = {}) =>
      createBudget(smallerLimits({ tokens: settings.budgetTokens, usd: settings.budgetUsd }, limits), already),
    estimate(request) {
      const schema = request.schema && modelSchema(request.schema)
      const prompt = buildPrompt({ ...request, ...(schema && { schema }) } as Parameters<typeof buildPrompt>[0])
      const inputTokens = estimateTokens(prompt.system + prompt.user)
      const { maxTokens } = profileWithSettings(request.profile, settings)
      const price = prices(primary)
      const costUsd = price && (inputTokens * price.input + maxTokens * price.output) / 1e6
      return { inputTokens, maxOutputTokens: maxTokens, costUsd }
    },
    status: () => ({
      configured,
      method: options.provider === undefined && replays ? 'recorded' : access.method,
      provider:
        access.method === 'direct_api' ? access.provider : access.method === 'claude_code' ? 'claude_code' : undefined,
      model: primary || undefined,
      suggestion: access.method === 'none' && !configured ? access.suggestion : undefined,
      reachable,
      lastFailure,
    }),
  }
}

type Collected = {
  usage: Usage
  attempts: Generated<unknown>['trace']['attempts']
  model: string
  repaired: boolean
  cached: boolean
}

/** The limits of length are for the caller's material; structured material has no least length. */
function checkMaterial<T>({ input, profile }: GenerateRequest<T>, system: string): void {
  const { min, max } = profile.limits.promptChars
  const user = typeof input === 'string' ? input : JSON.stringify(input)
  checkPrompt({ system, user }, { ...profile.limits, promptChars: { min: typeof input === 'string' ? min : 1, max } })
}
