import type { Message } from './types.ts'

type Mask = (text: string) => string

const maskDeep = (value: unknown, mask: Mask): unknown =>
  typeof value === 'string'
    ? mask(value)
    : Array.isArray(value)
      ? value.map((one) => maskDeep(one, mask))
      : value !== null && typeof value === 'object'
        ? Object.fromEntries(Object.entries(value).map(([key, one]) => [key, maskDeep(one, mask)]))
        : value

function maskMessage(message: Message, mask: Mask): Message {
  if (message.role === 'user') return { ...message, text: mask(message.text) }
  if (message.role === 'tool')
    return { ...message, results: message.results.map((result) => ({ ...result, output: mask(result.output) })) }
  return {
    ...message,
    text: mask(message.text),
    ...(message.toolCalls && {
      toolCalls: message.toolCalls.map((call) => ({ ...call, input: maskDeep(call.input, mask) })),
    }),
  }
}

/** What leaves for a model, without the secrets of this installation: whoever typed them, no provider needs to know them. */
export const maskRequest = <T extends { system: string; messages: readonly Message[] }>(request: T, mask: Mask): T => ({
  ...request,
  system: mask(request.system),
  messages: request.messages.map((message) => maskMessage(message, mask)),
})
