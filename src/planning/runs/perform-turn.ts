import type { Ctx } from '../../kernel/context.ts'
import { AppError } from '../../kernel/errors/app-error.ts'
import { ModelError } from '../../kernel/models/errors.ts'
import type { ModelGateway } from '../../kernel/models/gateway.ts'
import { models } from '../../kernel/models/part.ts'
import { defineProfile } from '../../kernel/models/profile.ts'
import { type LoopCall, runLoop } from '../../kernel/models/run-loop.ts'
import type { Delta } from '../../kernel/models/types.ts'
import type { ToolHook } from '../../kernel/tools/call-tool.ts'
import { createToolRegistry } from '../../kernel/tools/tool-registry.ts'
import { agentNamed, checkTurn } from '../agents/agents.ts'
import { briefTask } from '../agents/brief-task.ts'
import { belowMinimum } from '../agents/minima.ts'
import { sheetOf } from '../agents/team.ts'
import { type TurnOutput as Output, TurnInput, TurnOutput } from '../agents/turn.ts'
import { DEFINITIONS } from '../artifacts/definitions.ts'
import type { PlanningTool, TeamContext } from '../tools/planning-tool.ts'

const DAY_MS = 86_400_000
const PROFILE = defineProfile('planning-turn', {
  maxTokens: 16_000,
  timeoutMs: 60_000,
  retries: 1,
  effort: 'minimal',
  cacheMs: DAY_MS,
  limits: { systemChars: 60_000, promptChars: { min: 1, max: 400_000 } },
})

/** The gateway when a model is configured, else undefined: then the rules engine works. */
export function gatewayOf(ctx: Ctx): ModelGateway | undefined {
  try {
    const gateway = ctx.kernel.use(models)
    return gateway.status().configured ? gateway : undefined
  } catch {
    return undefined // no such part in this process: the rules engine works
  }
}

/** What is wrong with the drafts by the schemas of their endpoints. References are not known yet and count as texts. */
export function draftProblems(output: Output): string[] {
  return output.artifacts.flatMap(({ type, body, replaces }) => {
    const definition = DEFINITIONS.find((one) => one.type === type)
    const schema = replaces ? definition?.patch : definition?.input
    if (!schema) return [`${type} is not an artifact type an agent writes`]
    const parsed = schema.safeParse(body)
    return parsed.success
      ? []
      : parsed.error.issues.slice(0, 5).map((issue) => `${type}: ${issue.path.join('.')} ${issue.message}`)
  })
}

const OWN_BUSINESS = new Set([
  'correlation_id',
  'created_at',
  'updated_at',
  'created_by',
  'validation_status',
  'validation_errors',
  'schema_version',
])
const bare = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(bare)
  if (!value || typeof value !== 'object') return value
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key]) => !OWN_BUSINESS.has(key))
      .map(([key, inner]) => [key, bare(inner)]),
  )
}

/** What a model reads of the board: the artifacts its agent works with, without the bookkeeping; no time of day, so that equal questions stay equal. */
function material(input: TurnInput, research: string | null) {
  const { inputs, outputs } = sheetOf(input.agent)
  const wanted = new Set<string>([...inputs, ...outputs])
  const artifacts = Object.entries(input.board.artifacts).filter(
    ([type, value]) => wanted.has(type) && value !== null && (!Array.isArray(value) || value.length > 0),
  )
  const { board, found, ...rest } = input
  return {
    today: board.now.slice(0, 10),
    turn: rest,
    event: bare(board.brief),
    artifacts: bare(Object.fromEntries(artifacts)),
    found,
    ...(research ? { research } : {}),
  }
}

export type Performed = {
  output: Output
  engine: 'rules' | 'model'
  /** Why the rules engine filled in for the model. */
  fallback: string | null
  usage: { prompt_tokens: number; completion_tokens: number; cached: boolean } | null
  /** What was wrong with an answer that was repaired; empty when the first one was right. */
  repaired: string[]
}
export type TurnOptions = {
  /** The agent's text as a model writes it. */
  onDelta?: (delta: Delta) => void
  /** Tools the model may use, and what they need beside their call. */
  tools?: readonly PlanningTool[]
  contextOf?: (call: LoopCall, signal: AbortSignal) => TeamContext
  onTool?: ToolHook<TeamContext>['after']
  /** A call of a tool that the model was not given. */
  onRefused?: (name: string, said: string) => void
  /** Of the whole turn, in milliseconds. */
  limitMs?: number
  /** What stands against storing a model's output; it is asked only when nothing else is wrong. */
  tryOut?: (output: Output) => Promise<string[]>
  /** A test put an invalid answer in the way of this turn. */
  spoil?: boolean
}

const TURN_MS = { Beginner: 30_000, Intermediate: 30_000, Advanced: 60_000 } as const
/** Tasks for which it pays to look something up first. */
/** A model that looks something up changes nothing: it may have read text that tells it to. */
const readsOnly = (tool: PlanningTool) => (tool.writes ?? []).length === 0
const RESEARCHED = new Set(['venues', 'proposal', 'costs', 'operations'])
const RESEARCH =
  'First look up what you need: use your tools where they help, at most a few calls. Then answer with the facts you found and where they are from, in at most 150 words. If you need nothing, answer "nothing to look up".'

async function research(
  gateway: ModelGateway,
  input: TurnInput,
  agent: Agent,
  signal: AbortSignal,
  options: TurnOptions,
) {
  if (!options.tools?.length || !RESEARCHED.has(input.task)) return null
  try {
    const tools = options.tools.filter(readsOnly)
    const { text, state } = await runLoop<TeamContext>({
      gateway,
      role: `${agent.title}: ${sheetOf(input.agent).purpose}`,
      instructions: `${agent.instructions[input.level]!}\n\n${RESEARCH}`,
      input: material(input, null) as never,
      tools: createToolRegistry(tools),
      contextOf: options.contextOf ?? ((call, callSignal) => ({ callId: call.key, signal: callSignal })),
      ...(options.onTool ? { hooks: [{ name: 'trace', after: options.onTool }] } : {}),
      profile: PROFILE,
      maxTurns: 5,
      signal,
    })
    for (const message of state.messages)
      if (message.role === 'tool')
        for (const { name, output } of message.results)
          if (!tools.some((tool) => tool.name === name)) options.onRefused?.(name, output)
    return text.slice(0, 4_000) || null
  } catch (error) {
    if (error instanceof ModelError) return null // the turn itself tells what is wrong with the model
    throw error
  }
}

type Agent = ReturnType<typeof agentNamed>

async function byModel(
  gateway: ModelGateway,
  input: TurnInput,
  agent: Agent,
  signal: AbortSignal,
  options: TurnOptions,
  problems: (output: Output) => string[],
  craft: () => Promise<Output>,
): Promise<Performed> {
  const found = await research(gateway, input, agent, signal, options)
  const wrong: string[] = []
  const made = await gateway.generate<Output>({
    role: `${agent.title}: ${sheetOf(input.agent).purpose}`,
    instructions: `${agent.instructions[input.level]!}\n\n${briefTask(input)}`,
    input: material(input, found) as never,
    schema: TurnOutput as never,
    check: async (output) => {
      const now = problems(output)
      if (now.length === 0) now.push(...belowMinimum(input, output, await craft()))
      if (now.length === 0) now.push(...((await options.tryOut?.(output)) ?? []))
      wrong.push(...now)
      return now
    },
    profile: PROFILE,
    signal,
    ...(options.onDelta ? { onDelta: options.onDelta } : {}),
    craft,
  })
  const { usage, trace } = made
  const isModel = made.source === 'model'
  return {
    output: made.value,
    engine: isModel ? 'model' : 'rules',
    fallback: made.reason ? `${made.reason.code}: ${made.reason.message}` : null,
    usage: isModel
      ? { prompt_tokens: usage.inputTokens ?? 0, completion_tokens: usage.outputTokens ?? 0, cached: trace.cached }
      : null,
    repaired: trace.repaired ? (wrong.length > 0 ? wrong : ['the answer was not in the form asked for']) : [],
  }
}

/** The craft's output; an invalid one is made once more, then it throws OUTPUT_INVALID with what is wrong. */
async function byCraft(
  agent: Agent,
  problems: (output: Output) => string[],
  craft: () => Promise<Output>,
  spoil: boolean,
) {
  const first = await craft()
  const spoiled = spoil
    ? { ...first, summary: '', artifacts: first.artifacts.map((draft) => ({ ...draft, body: {} })) }
    : first
  const repaired = [...(spoil ? ['summary: is empty'] : []), ...problems(spoiled)]
  if (repaired.length === 0) return { output: first, repaired }
  const output = await craft()
  const wrong = problems(output)
  if (wrong.length > 0) throw new AppError('OUTPUT_INVALID', `${agent.title}: ${wrong.join('; ')}`, { agent: agent.id })
  return { output, repaired }
}

/**
 * One turn: by the model when one is configured, repaired once, else by the craft. Throws OUTPUT_INVALID when neither is usable and
 * AGENT_TIMEOUT when the craft itself does not end in time.
 */
export async function performTurn(
  ctx: Ctx,
  raw: TurnInput,
  signal: AbortSignal,
  options: TurnOptions = {},
): Promise<Performed> {
  const input = TurnInput.parse(raw)
  const agent = agentNamed(input.agent)
  const limitMs = options.limitMs ?? TURN_MS[input.level]
  const problems = (output: Output) => [
    ...checkTurn(input, output).map(({ message }) => message),
    ...draftProblems(output),
  ]
  const craft = () =>
    inTime(limitMs, agent.title, async () =>
      TurnOutput.parse(await agent.craft(input, { ctx, now: new Date(input.board.now), random: () => 0.5 })),
    ) as Promise<Output>
  const gateway = gatewayOf(ctx)
  if (gateway && !options.spoil) {
    const limit = AbortSignal.timeout(Math.max(1, limitMs * 0.9))
    try {
      return await byModel(gateway, input, agent, AbortSignal.any([signal, limit]), options, problems, craft)
    } catch (error) {
      if (signal.aborted || !limit.aborted) throw error
      const { output } = await byCraft(agent, problems, craft, false)
      const fallback = `AGENT_TIMEOUT: the model took longer than ${limitMs / 1000} seconds`
      return { output, engine: 'rules', fallback, usage: null, repaired: [] }
    }
  }
  const { output, repaired } = await byCraft(agent, problems, craft, options.spoil ?? false)
  return { output, engine: 'rules', fallback: null, usage: null, repaired }
}

async function inTime<T>(limitMs: number, who: string, work: () => Promise<T>): Promise<T> {
  const { promise, reject } = Promise.withResolvers<never>()
  const timer = setTimeout(
    () => reject(new AppError('AGENT_TIMEOUT', `${who} took longer than ${limitMs / 1000} seconds`)),
    limitMs,
  )
  try {
    return await Promise.race([work(), promise])
  } finally {
    clearTimeout(timer)
  }
}
