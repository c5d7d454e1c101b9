// The wire forms of Anthropic messages, OpenAI chat completions and OpenAI responses, whole and as server-sent events.
import type http from 'node:http'

export type Reply = {
  text?: string
  toolCalls?: { name: string; input: unknown }[]
  finish?: 'stop' | 'length' | 'refused'
}
/** What a request says, whatever its protocol. */
export type Asked = {
  protocol: 'anthropic' | 'chat' | 'responses'
  model: string
  system: string
  text: string
  tools: string[]
  toolResults: string[]
  wantsObject: boolean
  stream: boolean
  body: any
  headers: http.IncomingHttpHeaders
  /** Requests of this protocol and model so far, this one included. */
  count: number
}
/** Writes one event; false when the fault of the scenario ended the stream. */
export type SendEvent = (data: Record<string, unknown>) => boolean

type Protocol = {
  path: string
  read(body: any): Pick<Asked, 'system' | 'text' | 'tools' | 'toolResults' | 'wantsObject'>
  whole(asked: Asked, reply: Reply): unknown
  events(asked: Asked, reply: Reply, send: SendEvent): boolean
  /** A failure inside a running stream. */
  midstream: Record<string, unknown>
  namesEvents: boolean
  done?: string
  error(type: string, message: string): unknown
}

const pieces = (text: string, size: number) => text.match(new RegExp(`[\\s\\S]{1,${size}}`, 'g')) ?? []
const textsOf = (content: any): string =>
  typeof content === 'string' ? content : (content ?? []).map((part: any) => part.text ?? '').join('\n')
/** Runs steps until one says that the stream ended. */
const each = (events: Record<string, unknown>[], send: SendEvent) => events.every((event) => send(event))

const anthropic: Protocol = {
  path: '/messages',
  namesEvents: true,
  midstream: { type: 'error', error: { type: 'overloaded_error', message: 'Overloaded' } },
  error: (type, message) => ({ type: 'error', error: { type, message } }),
  read: (body) => ({
    system: textsOf(body.system),
    text: body.messages
      .filter((m: any) => m.role === 'user')
      .map((m: any) => textsOf(m.content))
      .join('\n'),
    tools: (body.tools ?? []).map((tool: any) => tool.name).filter((name: string) => name !== 'json'),
    toolResults: body.messages.flatMap((m: any) =>
      Array.isArray(m.content)
        ? m.content.filter((p: any) => p.type === 'tool_result').map((p: any) => textsOf(p.content))
        : [],
    ),
    wantsObject:
      (body.tools ?? []).some((tool: any) => tool.name === 'json') || body.output_config?.format !== undefined,
  }),
  whole: (asked, reply) => ({
    ...anthropicHead(asked),
    content: anthropicBlocks(asked, reply),
    stop_reason: anthropicStop(asked, reply),
    stop_sequence: null,
    usage: { input_tokens: 11, output_tokens: 5, cache_read_input_tokens: 3, cache_creation_input_tokens: 0 },
  }),
  events(asked, reply, send) {
    const usage = { input_tokens: 11, output_tokens: 1, cache_read_input_tokens: 3, cache_creation_input_tokens: 0 }
    const message = { ...anthropicHead(asked), content: [], stop_reason: null, stop_sequence: null, usage }
    if (!each([{ type: 'message_start', message }, { type: 'ping' }], send)) return false
    for (const [index, block] of anthropicBlocks(asked, reply).entries()) {
      const isTool = block.type === 'tool_use'
      const empty = isTool ? { ...block, input: {} } : { type: 'text', text: '' }
      if (!send({ type: 'content_block_start', index, content_block: empty })) return false
      const deltas = isTool
        ? pieces(JSON.stringify(block.input), 5).map((partial_json) => ({ type: 'input_json_delta', partial_json }))
        : pieces(block.text!, 4).map((text) => ({ type: 'text_delta', text }))
      if (
        !each(
          deltas.map((delta) => ({ type: 'content_block_delta', index, delta })),
          send,
        )
      )
        return false
      if (!send({ type: 'content_block_stop', index })) return false
    }
    const delta = { stop_reason: anthropicStop(asked, reply), stop_sequence: null }
    return each([{ type: 'message_delta', delta, usage: { output_tokens: 5 } }, { type: 'message_stop' }], send)
  },
}

const anthropicHead = (asked: Asked) => ({
  id: `msg_${asked.count}`,
  type: 'message',
  role: 'assistant',
  model: asked.model,
})
type Block =
  | { type: 'text'; text: string; input?: never }
  | { type: 'tool_use'; id: string; name: string; input: unknown; text?: never }
function anthropicBlocks(asked: Asked, reply: Reply): Block[] {
  const viaJsonTool = (asked.body.tools ?? []).some((tool: any) => tool.name === 'json')
  const parsed = viaJsonTool && reply.text !== undefined ? tryParse(reply.text) : undefined
  if (parsed !== undefined) return [{ type: 'tool_use', id: 'toolu_json', name: 'json', input: parsed }]
  return [
    ...(reply.text ? [{ type: 'text' as const, text: reply.text }] : []),
    ...(reply.toolCalls ?? []).map(({ name, input }, i) => ({
      type: 'tool_use' as const,
      id: `toolu_${asked.count}_${i}`,
      name,
      input,
    })),
  ]
}
const anthropicStop = (asked: Asked, reply: Reply) =>
  reply.finish === 'length'
    ? 'max_tokens'
    : reply.finish === 'refused'
      ? 'refusal'
      : anthropicBlocks(asked, reply).some((block) => block.type === 'tool_use')
        ? 'tool_use'
        : 'end_turn'

const tryParse = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

const chat: Protocol = {
  path: '/chat/completions',
  namesEvents: false,
  done: '[DONE]',
  midstream: { error: { message: 'Overloaded', type: 'server_error', code: null, param: null } },
  error: (type, message) => ({ error: { message, type, code: type, param: null } }),
  read: (body) => ({
    system: body.messages
      .filter((m: any) => m.role === 'system' || m.role === 'developer')
      .map((m: any) => textsOf(m.content))
      .join('\n'),
    text: body.messages
      .filter((m: any) => m.role === 'user')
      .map((m: any) => textsOf(m.content))
      .join('\n'),
    tools: (body.tools ?? []).map((tool: any) => tool.function.name),
    toolResults: body.messages.filter((m: any) => m.role === 'tool').map((m: any) => textsOf(m.content)),
    wantsObject: body.response_format !== undefined,
  }),
  whole: (asked, reply) => ({
    id: `chatcmpl-${asked.count}`,
    object: 'chat.completion',
    created: 1,
    model: asked.model,
    choices: [
      {
        index: 0,
        finish_reason: chatFinish(reply),
        message: {
          role: 'assistant',
          content: reply.text ?? null,
          ...(reply.toolCalls && { tool_calls: chatTools(asked, reply) }),
        },
      },
    ],
    usage: chatUsage,
  }),
  events(asked, reply, send) {
    const chunk = (delta: unknown, finish_reason: string | null = null) => ({
      id: `chatcmpl-${asked.count}`,
      object: 'chat.completion.chunk',
      created: 1,
      model: asked.model,
      choices: [{ index: 0, delta, finish_reason }],
    })
    const deltas: unknown[] = [
      { role: 'assistant', content: '' },
      ...pieces(reply.text ?? '', 4).map((content) => ({ content })),
    ]
    for (const [index, call] of chatTools(asked, reply).entries()) {
      deltas.push({ tool_calls: [{ index, ...call, function: { name: call.function.name, arguments: '' } }] })
      for (const piece of pieces(call.function.arguments, 5))
        deltas.push({ tool_calls: [{ index, function: { arguments: piece } }] })
    }
    const last = [chunk({}, chatFinish(reply)), { ...chunk({}), choices: [], usage: chatUsage }]
    return each([...deltas.map((delta) => chunk(delta)), ...last], send)
  },
}
const chatUsage = {
  prompt_tokens: 11,
  completion_tokens: 5,
  total_tokens: 16,
  prompt_tokens_details: { cached_tokens: 3 },
}
const chatFinish = (reply: Reply) =>
  reply.finish === 'length'
    ? 'length'
    : reply.finish === 'refused'
      ? 'content_filter'
      : reply.toolCalls
        ? 'tool_calls'
        : 'stop'
const chatTools = (asked: Asked, reply: Reply) =>
  (reply.toolCalls ?? []).map(({ name, input }, i) => ({
    id: `call_${asked.count}_${i}`,
    type: 'function',
    function: { name, arguments: JSON.stringify(input) },
  }))

const responses: Protocol = {
  path: '/responses',
  namesEvents: true,
  midstream: { type: 'error', code: 'server_error', message: 'Overloaded', param: null, sequence_number: 3 },
  error: (type, message) => ({ error: { message, type, code: type, param: null } }),
  read: (body) => ({
    system: [
      body.instructions,
      ...body.input
        .filter((m: any) => m.role === 'system' || m.role === 'developer')
        .map((m: any) => textsOf(m.content)),
    ]
      .filter(Boolean)
      .join('\n'),
    text: body.input
      .filter((m: any) => m.role === 'user')
      .map((m: any) => textsOf(m.content))
      .join('\n'),
    tools: (body.tools ?? []).map((tool: any) => tool.name),
    toolResults: body.input.filter((m: any) => m.type === 'function_call_output').map((m: any) => textsOf(m.output)),
    wantsObject: body.text?.format?.type === 'json_schema',
  }),
  whole: (asked, reply) => responseBody(asked, reply),
  events(asked, reply, send) {
    const body = responseBody(asked, reply)
    let sequence_number = 0
    const event = (data: Record<string, unknown>) => send({ ...data, sequence_number: sequence_number++ })
    if (!event({ type: 'response.created', response: { ...body, status: 'in_progress', output: [], usage: null } }))
      return false
    for (const [output_index, item] of body.output.entries()) {
      const opened = {
        ...item,
        status: 'in_progress',
        ...(item.type === 'message' ? { content: [] } : { arguments: '' }),
      }
      if (!event({ type: 'response.output_item.added', output_index, item: opened })) return false
      const position = { item_id: item.id, output_index }
      const deltas =
        item.type === 'message'
          ? pieces(reply.text ?? '', 4).map((delta) => ({
              type: 'response.output_text.delta',
              ...position,
              content_index: 0,
              delta,
              logprobs: [],
            }))
          : pieces(item.arguments as string, 5).map((delta) => ({
              type: 'response.function_call_arguments.delta',
              ...position,
              delta,
            }))
      if (!deltas.every((delta) => event(delta))) return false
      if (!event({ type: 'response.output_item.done', output_index, item })) return false
    }
    return event({ type: body.incomplete_details ? 'response.incomplete' : 'response.completed', response: body })
  },
}

function responseBody(asked: Asked, reply: Reply) {
  const reason =
    reply.finish === 'length' ? 'max_output_tokens' : reply.finish === 'refused' ? 'content_filter' : undefined
  const output: Record<string, unknown>[] = [
    ...(reply.text
      ? [
          {
            type: 'message',
            id: `m_${asked.count}`,
            role: 'assistant',
            status: 'completed',
            content: [{ type: 'output_text', text: reply.text, annotations: [] }],
          },
        ]
      : []),
    ...(reply.toolCalls ?? []).map(({ name, input }, i) => ({
      type: 'function_call',
      id: `fc_${asked.count}_${i}`,
      call_id: `call_${asked.count}_${i}`,
      name,
      arguments: JSON.stringify(input),
      status: 'completed',
    })),
  ]
  return {
    id: `resp_${asked.count}`,
    object: 'response',
    created_at: 1,
    status: reason ? 'incomplete' : 'completed',
    incomplete_details: reason ? { reason } : null,
    error: null,
    model: asked.model,
    output,
    usage: {
      input_tokens: 11,
      output_tokens: 5,
      total_tokens: 16,
      input_tokens_details: { cached_tokens: 3 },
      output_tokens_details: { reasoning_tokens: 0 },
    },
  }
}

export const protocols = { anthropic, chat, responses }
