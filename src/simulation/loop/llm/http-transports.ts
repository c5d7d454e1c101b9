import { isMap } from '../core/json.ts'
import { AnswerError } from './answer-schema.ts'
import { type LlmRequest, LlmStatusError, type LlmTransport } from './llm-transport.ts'

/** `fetch`, or the guarded one of the platform. */
export type Fetch = (url: string, init: RequestInit) => Promise<Response>

const MAX_ANSWER_CHARS = 4_000_000

async function post(
  fetchIt: Fetch,
  url: string,
  headers: Record<string, string>,
  body: unknown,
  signal: AbortSignal,
): Promise<any> {
  const response = await fetchIt(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
    signal,
  })
  const text = await response.text()
  if (!response.ok)
    throw new LlmStatusError(response.status, `The model answered ${response.status}: ${text.slice(0, 300)}`)
  if (text.length > MAX_ANSWER_CHARS) throw new AnswerError(`The answer is larger than ${MAX_ANSWER_CHARS} characters`)
  try {
    return JSON.parse(text)
  } catch {
    throw new AnswerError(`The provider's answer is not JSON: ${text.slice(0, 120)}`)
  }
}

const messagesOf = ({ prompt }: LlmRequest) => [
  { role: 'system', content: prompt.system },
  { role: 'user', content: prompt.user },
]

const base = (host: string): string => host.replace(/\/+$/, '')

/** Ollama's chat API; answers are awaited whole. */
export const ollamaTransport = (fetchIt: Fetch): LlmTransport => ({
  async send(request) {
    const { config, schema, signal } = request
    const answer = await post(
      fetchIt,
      `${base(config.host)}/api/chat`,
      {},
      {
        model: config.model,
        messages: messagesOf(request),
        format: schema.jsonSchema,
        stream: false,
        options: {
          temperature: config.temperature,
          ...(config.max_tokens === null ? {} : { num_predict: config.max_tokens }),
        },
      },
      signal,
    )
    return contentOf(answer?.message)
  },
})

/** Any API that speaks OpenAI's chat completions. */
export const openaiTransport = (fetchIt: Fetch): LlmTransport => ({
  async send(request) {
    const { config, schema, signal } = request
    const answer = await post(
      fetchIt,
      `${base(config.host)}/chat/completions`,
      config.api_key === null ? {} : { authorization: `Bearer ${config.api_key}` },
      {
        model: config.model,
        messages: messagesOf(request),
        temperature: config.temperature,
        ...(config.max_tokens === null ? {} : { max_tokens: config.max_tokens }),
        response_format: { type: 'json_schema', json_schema: { name: schema.name, schema: schema.jsonSchema } },
      },
      signal,
    )
    return contentOf(answer?.choices?.[0]?.message)
  },
})

function contentOf(message: unknown): string {
  if (isMap(message) && typeof message['content'] === 'string') return message['content']
  throw new AnswerError('The provider answered without a message')
}

/** The provider a configuration names. */
export const httpTransport = (fetchIt: Fetch = fetch): LlmTransport => {
  const [ollama, openai] = [ollamaTransport(fetchIt), openaiTransport(fetchIt)]
  return { send: (request) => (request.config.provider === 'openai' ? openai : ollama).send(request) }
}
