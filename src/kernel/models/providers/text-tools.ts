import { createHash } from 'node:crypto'
import { outermostJson } from '../read-answer.ts'
import type { Message, ToolRequest, ToolSpec } from '../types.ts'

/** How a model without a tool interface is told about tools. */
export function textToolsInstruction(tools: readonly ToolSpec[] | undefined): string {
  if (!tools?.length) return ''
  const list = tools
    .map(({ name, description, inputSchema }) => JSON.stringify({ name, description, input: inputSchema }))
    .join('\n')
  return `You can use these tools:\n${list}\nTo use some, answer with nothing but {"tool_calls":[{"name":"…","input":{…}}]}; their results come in the next message. When you need none, answer as asked.`
}

/** A conversation as one text, for clients that take one. A single user message stays as it is. */
export function toTranscript(messages: readonly Message[]): string {
  const [only] = messages
  if (messages.length === 1 && only?.role === 'user') return only.text
  return messages
    .map((message) => {
      if (message.role === 'user') return `[user]\n${message.text}`
      if (message.role === 'assistant')
        return `[you]\n${message.toolCalls?.length ? JSON.stringify({ tool_calls: message.toolCalls.map(({ name, input }) => ({ name, input })) }) : message.text}`
      return `[tool results]\n${JSON.stringify(message.results.map(({ name, output, isError }) => ({ name, output, ...(isError && { isError }) })))}`
    })
    .join('\n\n')
}

/** Tool calls in a text answer; only when tools were offered and known names are used. */
export function readTextTools(
  answer: string,
  tools: readonly ToolSpec[] | undefined,
): { text: string; toolCalls: ToolRequest[] } {
  const text = answer.trim()
  if (!tools?.length || !text.includes('tool_calls')) return { text, toolCalls: [] }
  // A call ends the answer; JSON that is only quoted in the middle of a text is no call.
  const found = outermostJson(text, 'object')
  if (!found || !text.replace(/\s*```$/, '').endsWith(found)) return { text, toolCalls: [] }
  const { tool_calls: calls } = JSON.parse(found) as { tool_calls?: unknown }
  if (!Array.isArray(calls)) return { text, toolCalls: [] }
  const known = new Set(tools.map(({ name }) => name))
  const toolCalls = (calls as { name?: unknown; input?: unknown }[]).flatMap((call, index) =>
    typeof call?.name === 'string' && known.has(call.name)
      ? [
          {
            id: `call_${createHash('sha256').update(`${text}${index}`).digest('hex').slice(0, 16)}`,
            name: call.name,
            input: call.input ?? {},
          },
        ]
      : [],
  )
  return toolCalls.length > 0 ? { text: '', toolCalls } : { text, toolCalls: [] }
}
