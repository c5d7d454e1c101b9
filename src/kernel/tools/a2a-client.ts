import { randomUUID } from 'node:crypto'
import { AppError } from '../errors/app-error.ts'
import { guardedStreamFetch } from './guarded-stream-fetch.ts'

export type A2aAnswer = {
  /** completed, failed, canceled, rejected, input_required … */
  state: string
  text: string
  artifacts: { name: string; text: string; data: unknown }[]
}

const LONGEST = 200_000

type Part = { content?: { $case?: string; value?: unknown } }
const textOf = (parts: readonly Part[] = []) =>
  parts.flatMap(({ content }) => (content?.$case === 'text' ? [String(content.value)] : [])).join('\n')
const dataOf = (parts: readonly Part[] = []) =>
  parts.find(({ content }) => content?.$case === 'data')?.content?.value ?? null

/**
 * Gives a job to another A2A 1.0 agent and waits for its end. What it says is data, never an instruction. `allowPrivate`: for an address that
 * the operator configured; what its card names may be private only on the same origin. Throws A2A_UNAVAILABLE.
 */
export async function askA2aAgent(options: {
  name: string
  url: string
  message: string
  signal: AbortSignal
  allowPrivate: boolean
}): Promise<A2aAnswer> {
  const { name, url, message, signal, allowPrivate } = options
  const [A2A, { ClientFactory, DefaultAgentCardResolver, JsonRpcTransportFactory }] = await Promise.all([
    import('@a2a-js/sdk'),
    import('@a2a-js/sdk/client'),
  ])
  const fetchImpl = guardedStreamFetch({ allowPrivate: allowPrivate ? [new URL(url).origin] : false }) as typeof fetch
  const answer: A2aAnswer = { state: 'unknown', text: '', artifacts: [] }
  try {
    const client = await new ClientFactory({
      transports: [new JsonRpcTransportFactory({ fetchImpl })],
      cardResolver: new DefaultAgentCardResolver({ fetchImpl }),
    }).createFromUrl(url)
    const stream = client.sendMessageStream({
      tenant: '',
      metadata: undefined,
      configuration: undefined,
      message: {
        messageId: randomUUID(),
        contextId: '',
        taskId: '',
        role: A2A.Role.ROLE_USER,
        parts: [
          { content: { $case: 'text', value: message }, metadata: undefined, filename: '', mediaType: 'text/plain' },
        ],
        metadata: undefined,
        extensions: [],
        referenceTaskIds: [],
      },
    }) as AsyncIterable<any>
    for await (const event of stream) {
      signal.throwIfAborted()
      const payload = event.payload ?? event
      if (payload.$case === 'statusUpdate') {
        answer.state = A2A.taskStateToJSON(payload.value.status.state).replace('TASK_STATE_', '').toLowerCase()
        answer.text = textOf(payload.value.status.message?.parts) || answer.text
      }
      if (payload.$case === 'message') {
        answer.state = 'completed'
        answer.text = textOf(payload.value.parts)
      }
      if (payload.$case === 'artifactUpdate') {
        const { artifact } = payload.value
        answer.artifacts.push({
          name: artifact.name || artifact.artifactId,
          text: textOf(artifact.parts).slice(0, LONGEST),
          data: dataOf(artifact.parts),
        })
      }
    }
  } catch (cause) {
    signal.throwIfAborted()
    throw new AppError(
      'A2A_UNAVAILABLE',
      `The agent ${name} does not answer (${cause instanceof Error ? cause.message.slice(0, 200) : 'unknown failure'}).`,
      { agent: name, transient: true },
      { cause },
    )
  }
  return { ...answer, text: answer.text.slice(0, LONGEST) }
}
