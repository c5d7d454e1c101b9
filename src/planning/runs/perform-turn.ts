import type { Ctx } from '../../kernel/context.ts'
import { AppError } from '../../kernel/errors/app-error.ts'
import type { ModelGateway } from '../../kernel/models/gateway.ts'
import { models } from '../../kernel/models/part.ts'
import { defineProfile } from '../../kernel/models/profile.ts'
import { agentNamed, checkTurn } from '../agents/agents.ts'
import { sheetOf } from '../agents/team.ts'
import { type TurnOutput as Output, TurnInput, TurnOutput } from '../agents/turn.ts'
import { DEFINITIONS } from '../artifacts/definitions.ts'

const PROFILE = defineProfile('planning-turn', { maxTokens: 16_000, timeoutMs: 60_000 })

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

/** What a model reads of the board: the artifacts whole, the logs left out. */
const material = (input: TurnInput) => ({
  ...input,
  board: { now: input.board.now, brief: input.board.brief, artifacts: input.board.artifacts },
})

export type Performed = {
  output: Output
  engine: 'rules' | 'model'
  /** Why the rules engine filled in for the model. */
  fallback: string | null
  usage: { prompt_tokens: number; completion_tokens: number; cached: boolean } | null
}

/** One turn: by the model when one is configured, repaired once, else by the craft. Throws OUTPUT_INVALID when neither is usable. */
export async function performTurn(ctx: Ctx, raw: TurnInput, signal: AbortSignal): Promise<Performed> {
  const input = TurnInput.parse(raw)
  const agent = agentNamed(input.agent)
  const problems = (output: Output) => [
    ...checkTurn(input, output).map(({ message }) => message),
    ...draftProblems(output),
  ]
  const craft = async () =>
    TurnOutput.parse(await agent.craft(input, { ctx, now: new Date(input.board.now), random: () => 0.5 })) as Output
  const gateway = gatewayOf(ctx)
  if (!gateway) {
    const output = await craft()
    const wrong = problems(output)
    if (wrong.length > 0)
      throw new AppError('OUTPUT_INVALID', `${agent.title}: ${wrong.join('; ')}`, { agent: agent.id })
    return { output, engine: 'rules', fallback: null, usage: null }
  }
  const made = await gateway.generate<Output>({
    role: `${agent.title}: ${sheetOf(input.agent).purpose}`,
    instructions: agent.instructions[input.level]!,
    input: material(input) as never,
    schema: TurnOutput as never,
    check: problems,
    profile: PROFILE,
    signal,
    craft,
  })
  return {
    output: made.value,
    engine: made.source === 'model' ? 'model' : 'rules',
    fallback: made.reason ? `${made.reason.code}: ${made.reason.message}` : null,
    usage:
      made.source === 'model'
        ? {
            prompt_tokens: made.usage.inputTokens ?? 0,
            completion_tokens: made.usage.outputTokens ?? 0,
            cached: made.trace.cached,
          }
        : null,
  }
}
