import { setTimeout as wait } from 'node:timers/promises'
import { AppError } from '../errors/app-error.ts'
import { withSpan } from '../telemetry/tracing.ts'
import type { ToolContext, ToolDescriptor } from './tool-descriptor.ts'
import type { ToolRegistry } from './tool-registry.ts'

export type ToolCall<C extends ToolContext = ToolContext> = { tool: ToolDescriptor; args: unknown; ctx: C }
export type ToolFailure = { ok: false; code: string; message: string }
export type ToolOutcome = ({ ok: true; value: unknown } | ToolFailure) & {
  durationMs: number
  attempts: number
  usedFallback: boolean
}

/**
 * Around every call, in order; `after` in reverse order and for every call whose `before` was asked. A `before` that returns a refusal ends the call;
 * it may wait (for a person). Logging, metrics, permission and checkpoints are hooks.
 */
export type ToolHook<C extends ToolContext = ToolContext> = {
  name: string
  before?(
    call: ToolCall<C>,
  ): Promise<{ code: string; message: string } | undefined> | { code: string; message: string } | undefined
  after?(call: ToolCall<C>, outcome: ToolOutcome): Promise<void> | void
}

export type CallToolOptions<C extends ToolContext> = {
  registry: ToolRegistry
  hooks?: readonly ToolHook<C>[]
  /** Milliseconds now; injected in tests. */
  now?: () => number
  sleep?: (ms: number, signal: AbortSignal) => Promise<void>
}

const defaultSleep = (ms: number, signal: AbortSignal) => wait(ms, undefined, { signal })

const failure = (error: unknown): ToolFailure => {
  if (error instanceof AppError) return { ok: false, code: error.code, message: error.message }
  const message = error instanceof Error ? error.message : String(error)
  return { ok: false, code: 'TOOL_FAILED', message }
}

/** Worth another attempt: the error says so, or is a 429 or 5xx. */
const isTransient = (error: unknown) => {
  const { transient, status, code } = error as { transient?: boolean; status?: number; code?: string }
  return transient === true || status === 429 || (status !== undefined && status >= 500) || code === 'TOOL_TIMEOUT'
}

const problems = (error: { issues: { path: PropertyKey[]; message: string }[] }) =>
  error.issues.map(({ path, message }) => `${path.join('.') || 'input'}: ${message}`).join('; ')

/**
 * One call of a tool, as data: a failing tool is an outcome the model or skill reads, never an exception. Only the caller's own abort
 * throws. Input and output are checked by their schemas; retries, fallback and time limit are the descriptor's.
 */
export async function callTool<C extends ToolContext>(
  name: string,
  args: unknown,
  ctx: C,
  options: CallToolOptions<C>,
): Promise<ToolOutcome> {
  const now = options.now ?? Date.now
  const started = now()
  const ended = (
    result: { ok: true; value: unknown } | ToolFailure,
    attempts = 0,
    usedFallback = false,
  ): ToolOutcome => ({
    ...result,
    durationMs: now() - started,
    attempts,
    usedFallback,
  })
  const tool = options.registry.find(name)
  if (!tool) return ended(failure(thrown(() => options.registry.get(name))))
  const parsed = tool.input.safeParse(args ?? {})
  const call: ToolCall<C> = { tool, args: parsed.success ? parsed.data : args, ctx }

  const asked: ToolHook<C>[] = []
  let refusal: { code: string; message: string } | undefined = parsed.success
    ? undefined
    : { code: 'INVALID_INPUT', message: `${tool.name}: ${problems(parsed.error)}` }
  for (const hook of options.hooks ?? []) {
    asked.push(hook)
    if (refusal) continue // so that logs and metrics see refused calls too
    refusal = await hook.before?.(call)
  }
  ctx.signal.throwIfAborted()
  const outcome = refusal
    ? ended({ ok: false, ...refusal })
    : await withSpan(`execute_tool ${tool.name}`, { 'gen_ai.tool.name': tool.name }, () =>
        attempt(tool, call, options.sleep ?? defaultSleep),
      ).then(({ result, attempts, usedFallback }) => ended(result, attempts, usedFallback))
  for (const hook of asked.reverse()) await hook.after?.(call, outcome)
  return outcome
}

const thrown = (work: () => unknown): unknown => {
  try {
    return work()
  } catch (error) {
    return error
  }
}

async function attempt<C extends ToolContext>(
  tool: ToolDescriptor,
  { args, ctx }: ToolCall<C>,
  sleep: (ms: number, signal: AbortSignal) => Promise<void>,
) {
  const { maxAttempts = 1, backoffMs = 500, factor = 2 } = tool.retry ?? {}
  let lastError: unknown
  for (let attempts = 1; ; attempts++) {
    try {
      const value = await withTimeout(tool, ctx, (inner) => tool.run(inner, args))
      const checked = tool.output?.safeParse(value)
      if (checked && !checked.success)
        throw new AppError(
          'INVALID_OUTPUT',
          `${tool.name} gave a result of the wrong shape: ${problems(checked.error)}`,
        )
      return { result: { ok: true as const, value: checked ? checked.data : value }, attempts, usedFallback: false }
    } catch (error) {
      ctx.signal.throwIfAborted()
      lastError = error
      if (attempts < maxAttempts && isTransient(error)) {
        await sleep(backoffMs * factor ** (attempts - 1), ctx.signal)
        continue
      }
    }
    if (!tool.fallback) return { result: failure(lastError), attempts, usedFallback: false }
    try {
      return {
        result: { ok: true as const, value: await tool.fallback(ctx, args, lastError) },
        attempts,
        usedFallback: true,
      }
    } catch (error) {
      ctx.signal.throwIfAborted()
      return { result: failure(error), attempts, usedFallback: true }
    }
  }
}

async function withTimeout<C extends ToolContext, T>(
  tool: ToolDescriptor,
  ctx: C,
  run: (ctx: C) => Promise<T>,
): Promise<T> {
  if (tool.timeoutMs === undefined) return run(ctx)
  const limit = new AbortController()
  const { promise, reject } = Promise.withResolvers<never>()
  const timer = setTimeout(() => {
    const error = new AppError('TOOL_TIMEOUT', `${tool.name} did not finish within ${tool.timeoutMs} ms.`, {
      tool: tool.name,
    })
    reject(error)
    limit.abort(error)
  }, tool.timeoutMs)
  try {
    return await Promise.race([run({ ...ctx, signal: AbortSignal.any([ctx.signal, limit.signal]) }), promise])
  } finally {
    clearTimeout(timer)
  }
}

/** An outcome as MCP content: text for the model, the value beside it, `isError` for a failure. */
export function toMcpContent(outcome: ToolOutcome): {
  content: { type: 'text'; text: string }[]
  structuredContent?: Record<string, unknown>
  isError?: true
} {
  if (!outcome.ok) return { content: [{ type: 'text', text: `${outcome.code}: ${outcome.message}` }], isError: true }
  const { value } = outcome
  const text = typeof value === 'string' ? value : (JSON.stringify(value) ?? 'done')
  const isRecord = typeof value === 'object' && value !== null && !Array.isArray(value)
  return { content: [{ type: 'text', text }], ...(isRecord && { structuredContent: value as Record<string, unknown> }) }
}
