import { callTool, type ToolHook, toMcpContent } from '../tools/call-tool.ts'
import { exportTool, type ToolContext } from '../tools/tool-descriptor.ts'
import { createToolRegistry, type ToolRegistry } from '../tools/tool-registry.ts'
import type { Budget } from './budget.ts'
import type { ModelGateway } from './gateway.ts'
import { helpersTool } from './helpers-tool.ts'
import { buildPrompt } from './prompt.ts'
import type { Delta, Material, Message, ModelProfile, ToolAnswer, ToolRequest, ToolSpec, Usage } from './types.ts'
import { addUsage, NO_USAGE } from './usage.ts'

/** Everything a loop needs to go on in another process. Plain JSON. */
export type LoopState = {
  messages: Message[]
  turns: number
  usage: Usage
  /** Tools the model asked for in the last turn, and the answers so far. */
  pending?: { calls: ToolRequest[]; results: ToolAnswer[] }
}
/** `key` is the same when the call is repeated after a restart: an effect carries it. */
export type LoopCall = ToolRequest & { key: string }
export type Permission = 'yes' | 'wait' | { denied: string; code?: string }

export type LoopOptions<C extends ToolContext = ToolContext> = {
  gateway: Pick<ModelGateway, 'turn'>
  role: string
  instructions: string
  input: Material
  tools: ToolRegistry
  /** The context of one tool call. */
  contextOf: (call: LoopCall, signal: AbortSignal) => C
  profile: ModelProfile
  maxTurns?: number
  hooks?: readonly ToolHook<C>[]
  /** How a tool is called towards the model. */
  nameForModel?: (tool: string) => string
  /** Asked before a tool runs. `wait` stops the loop with its state; call again with `resume` when the person has answered. */
  approve?: (call: LoopCall) => Permission | Promise<Permission>
  /** After each turn of the model and after each tool call, one at a time. */
  onCheckpoint?: (state: LoopState) => Promise<void>
  resume?: LoopState
  /** Lets the agent run up to three focused prompts beside each other, one level deep. */
  helpers?: boolean
  budget?: Budget
  signal?: AbortSignal
  onDelta?: (delta: Delta) => void
}
export type LoopResult = {
  /** `answered`: the text is the answer. `waiting`: for a person. `out-of-turns`: the text is what there was. */
  status: 'answered' | 'waiting' | 'out-of-turns'
  text: string
  waitingFor: LoopCall[]
  turns: number
  toolCalls: number
  usage: Usage
  state: LoopState
}

const LONGEST_OUTPUT = 20_000
const LAST_TURN = 'This is your last turn: use no more tools and answer now with what you have.'

const cut = (text: string) =>
  text.length <= LONGEST_OUTPUT ? text : `${text.slice(0, LONGEST_OUTPUT)}\n… (cut; ${text.length} characters in all)`

/**
 * An agent's turns: the model speaks, its tool calls run beside each other, their answers go back, until it answers, waits for a person or has
 * used its turns. A failing or refused tool is an answer the model reads. State is saved often enough that a restart repeats at
 * most the calls in flight, each with its key. Throws ModelError when a turn of the model fails for good.
 */
export async function runLoop<C extends ToolContext>(options: LoopOptions<C>): Promise<LoopResult> {
  const { gateway, profile, maxTurns = 50, nameForModel = (name: string) => name } = options
  const signal = options.signal ?? new AbortController().signal
  const tools = options.helpers
    ? createToolRegistry([...options.tools.list(), helpersTool(options, runLoop)])
    : options.tools
  const realName = new Map(tools.list().map((tool) => [nameForModel(tool.name), tool.name]))
  const specs: ToolSpec[] = tools.list().map((tool) => {
    const { description, inputSchema } = exportTool(tool)
    return { name: nameForModel(tool.name), description, inputSchema }
  })
  const prompt = buildPrompt(options)
  const state: LoopState = options.resume
    ? structuredClone(options.resume)
    : { messages: [{ role: 'user', text: prompt.user }], turns: 0, usage: NO_USAGE }
  let saving: Promise<void> = Promise.resolve()
  const checkpoint = () => {
    const snapshot = structuredClone(state)
    saving = saving.then(() => options.onCheckpoint?.(snapshot))
    return saving
  }
  const ended = (status: LoopResult['status'], text: string, waitingFor: LoopCall[] = []): LoopResult => ({
    status,
    text,
    waitingFor,
    turns: state.turns,
    toolCalls: state.messages.reduce((sum, message) => sum + (message.role === 'tool' ? message.results.length : 0), 0),
    usage: state.usage,
    state,
  })

  async function runCall(request: ToolRequest, index: number): Promise<LoopCall | undefined> {
    const call: LoopCall = {
      ...request,
      name: realName.get(request.name) ?? request.name,
      key: `${state.turns}.${index}`,
    }
    const permission = (await options.approve?.(call)) ?? 'yes'
    if (permission === 'wait') return call
    let answer: ToolAnswer
    if (permission === 'yes') {
      const outcome = await callTool(call.name, call.input, options.contextOf(call, signal), {
        registry: tools,
        ...(options.hooks && { hooks: options.hooks }),
      })
      const { content, isError } = toMcpContent(outcome)
      answer = { id: request.id, name: request.name, output: cut(content[0]!.text), ...(isError && { isError }) }
    } else {
      const output = `${permission.code ?? 'APPROVAL_DENIED'}: ${permission.denied}`
      answer = { id: request.id, name: request.name, output, isError: true }
    }
    state.pending!.results.push(answer)
    await checkpoint()
    return undefined
  }

  /** Runs what has no answer yet; true when all have one. */
  async function runPending(): Promise<LoopCall[]> {
    const { calls, results } = state.pending!
    const done = new Set(results.map(({ id }) => id))
    const settled = await Promise.allSettled(
      calls.map((call, index) => (done.has(call.id) ? undefined : runCall(call, index))),
    )
    const failed = settled.find((outcome) => outcome.status === 'rejected')
    if (failed) throw failed.reason
    const waiting = settled.flatMap((outcome) =>
      outcome.status === 'fulfilled' && outcome.value ? [outcome.value] : [],
    )
    if (waiting.length > 0) return waiting
    const byId = new Map(results.map((result) => [result.id, result]))
    state.messages.push({ role: 'tool', results: calls.map(({ id }) => byId.get(id)!) })
    delete state.pending
    return []
  }

  for (;;) {
    signal.throwIfAborted()
    if (state.pending) {
      const waitingFor = await runPending()
      if (waitingFor.length > 0) return ended('waiting', '', waitingFor)
    }
    const lastText = [...state.messages].reverse().find((message) => message.role === 'assistant')?.text ?? ''
    if (state.turns >= maxTurns) return ended('out-of-turns', lastText)
    const isLast = state.turns === maxTurns - 1
    const messages: Message[] =
      isLast && maxTurns > 1 ? [...state.messages, { role: 'user', text: LAST_TURN }] : state.messages
    const { answer, usage } = await gateway.turn({
      system: prompt.system,
      messages,
      tools: specs,
      profile,
      signal,
      onDelta: options.onDelta,
      budget: options.budget,
    })
    state.turns++
    state.usage = addUsage(state.usage, usage)
    const { text, toolCalls } = answer
    state.messages.push({ role: 'assistant', text, ...(toolCalls.length > 0 && { toolCalls }) })
    if (toolCalls.length === 0) {
      await checkpoint()
      return ended('answered', text)
    }
    state.pending = { calls: toolCalls, results: [] }
    await checkpoint()
  }
}
