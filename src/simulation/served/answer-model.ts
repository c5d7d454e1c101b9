import type { Kernel } from '../../kernel/kernel.ts'
import { ModelError, type ModelErrorType } from '../../kernel/models/errors.ts'
import { models } from '../../kernel/models/part.ts'
import type { ModelProfile } from '../../kernel/models/types.ts'
import { withinRun } from '../../kernel/runs/run-limits.ts'
import { guardedFetch } from '../../kernel/tools/guarded-fetch.ts'
import { messageOf } from '../loop/core/errors.ts'
import { AnswerError } from '../loop/llm/answer-schema.ts'
import { type Fetch, httpTransport } from '../loop/llm/http-transports.ts'
import { classify } from '../loop/llm/llm-error.ts'
import { LlmStatusError } from '../loop/llm/llm-transport.ts'
import type { LlmQuestion, LlmReply } from './child-protocol.ts'

/** What `llm.host` is when nobody named one: then the platform's model answers. */
const DEFAULT_HOST = 'http://localhost:11434'

const guarded: Fetch = async (url, init) => {
  const answer = await guardedFetch(url, {
    method: init.method ?? 'GET',
    headers: init.headers as Record<string, string>,
    body: String(init.body),
    timeoutMs: 300_000,
    maxRedirects: 0,
    ...(init.signal ? { signal: init.signal } : {}),
  })
  return new Response(new Uint8Array(answer.body), { status: answer.status })
}

const transport = httpTransport(guarded)

const profileOf = ({ config }: LlmQuestion): ModelProfile => ({
  purpose: 'simulate',
  domain: 'simulation',
  maxTokens: config.max_tokens ?? 2048,
  temperature: config.temperature,
  timeoutMs: Math.round(config.timeout * 1000),
  // The run's own client repeats: two layers would multiply.
  retries: 0,
  useBackup: false,
  onInvalid: 'retry',
  backoff: { firstMs: 1000, maxMs: 5000 },
  limits: { systemChars: 100_000, promptChars: { min: 1, max: 1_000_000 } },
})

async function ask(kernel: Kernel, question: LlmQuestion): Promise<string> {
  const { config, prompt, schema } = question
  const signal = AbortSignal.timeout(Math.round(config.timeout * 1000))
  if (config.host !== DEFAULT_HOST) return transport.send({ config, prompt, schema, signal })
  const shape = `Answer with JSON of this schema: ${JSON.stringify(schema.jsonSchema)}`
  const { text } = await kernel.use(models).generate<string>({
    role: 'You take part in a simulation.',
    instructions: `${prompt.system}\n${shape}`,
    input: prompt.user,
    profile: profileOf(question),
    signal,
  })
  return text
}

type Told = Extract<LlmReply, { error: unknown }>['error']

/** The platform's words for what went wrong, in those of the run's client. */
function ofModel(error: ModelError, message: string): Told {
  const statuses: Partial<Record<ModelErrorType, number>> = {
    client_error: 400,
    authentication: 401,
    not_configured: 400,
    refused: 400,
    budget_exceeded: 400,
    rate_limited: 429,
    server_error: 500,
  }
  const status = statuses[error.errorType]
  if (status !== undefined) return { kind: 'status', status, message }
  if (error.errorType === 'invalid_response') return { kind: 'answer', message }
  return { kind: error.errorType === 'connection_error' ? 'connection' : 'other', message }
}

/** One attempt of a model call for a child process: by the platform's model, or at the guarded address the configuration names. */
export async function answerModel(kernel: Kernel, question: LlmQuestion, runId: string | null): Promise<LlmReply> {
  try {
    return { text: await withinRun(kernel, runId, () => ask(kernel, question)) }
  } catch (error) {
    const message = messageOf(error)
    if (error instanceof LlmStatusError) return { error: { kind: 'status', status: error.status, message } }
    if (error instanceof AnswerError) return { error: { kind: 'answer', message } }
    if (error instanceof ModelError) return { error: ofModel(error, message) }
    return { error: { kind: classify(error).type === 'connection_error' ? 'connection' : 'other', message } }
  }
}
