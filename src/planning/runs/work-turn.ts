import type { Kernel } from '../../kernel/kernel.ts'
import type { Run } from '../../kernel/runs/flow.ts'
import { displayNameOf } from '../agents/team.ts'
import type { TurnInput } from '../agents/turn.ts'
import type { Board } from '../artifacts/board.ts'
import { loadBoard } from '../store/load-board.ts'
import { toolsOf } from '../tools/toolbox.ts'
import { chunkWriter } from './chunks.ts'
import { dryRun } from './dry-run.ts'
import { gather, type ToolUse } from './gather.ts'
import { takeInjection } from './injections.ts'
import { missingInputs } from './missing-inputs.ts'
import { type Performed, performTurn } from './perform-turn.ts'
import { getSession, type Session } from './session-store.ts'
import type { Step } from './steps.ts'
import { callTeamTool, shownUse } from './team-tool.ts'

const mayAsk = (session: Session) =>
  session.interaction_mode === 'interactive' || (session.interaction_mode === 'collaborative' && session.asked === 0)

export type TurnResult =
  | { performed: Performed; duration: number; uses: ToolUse[]; message_id: string }
  | { failure: { code: string; message: string } }

/** The agent's work outside the transaction: tools, then model or craft; one automatic repetition, then the agent has failed. */
export async function work(
  run: Run<{ session_id: string }>,
  step: Step,
  key: string,
  signal: AbortSignal,
): Promise<TurnResult> {
  const { ctx } = run
  const { kernel } = ctx
  const session = await getSession(kernel.db, run.state.session_id)
  const eventId = session.event_brief_id
  const who = displayNameOf(step.agent)
  const injected = await takeInjection(kernel, eventId, ['agent_error', 'agent_timeout'], step.agent, key)
  if (injected)
    return {
      failure: {
        code: injected === 'agent_timeout' ? 'AGENT_TIMEOUT' : 'AGENT_ERROR',
        message: `${who} ${injected === 'agent_timeout' ? 'took too long' : 'failed'} twice in "${step.task}"`,
      },
    }
  const missing = missingInputs(step, await loadBoard(kernel.db, eventId, new Date(kernel.clock.now())))
  if (missing.length > 0)
    return {
      failure: { code: 'MISSING_INPUT', message: `${who} cannot begin "${step.task}": ${missing.join('; ')}` },
    }
  const spoil = (await takeInjection(kernel, eventId, ['schema_violation'], step.agent, key)) !== null
  const started = kernel.clock.now()
  const message_id = kernel.newId('msg')
  for (let attempt = 1; ; attempt++) {
    const chunks = chunkWriter(kernel, session.session_id, step.agent, message_id)
    try {
      const board = await loadBoard(kernel.db, eventId, new Date(kernel.clock.now()))
      const { found, uses } = await gather(kernel, board, step, session.instruction_level, key, signal)
      const input: TurnInput = {
        agent: step.agent,
        level: session.instruction_level,
        mode: session.interaction_mode,
        phase: board.brief.lifecycle_state,
        task: step.task,
        board,
        catering: session.catering,
        answers: session.answers,
        notes: session.notes,
        may_ask: mayAsk(session),
        found,
      }
      const history: string[] = []
      const performed = await performTurn(ctx, input, signal, {
        onDelta: chunks.onDelta,
        tools: toolsOf(kernel, step.agent),
        contextOf: (call, callSignal) => ({ callId: `${key}:model:${call.key}`, signal: callSignal, eventId, history }),
        onTool: ({ tool, args, ctx: callCtx }, outcome) => {
          uses.push(shownUse(callCtx.callId, tool.name, args as Record<string, unknown>, outcome))
        },
        onRefused: (tool, said) => {
          uses.push({
            call_id: `${key}:refused:${uses.length}`,
            tool_name: tool.slice(0, 100),
            arguments: {},
            result: said,
            error: said,
            duration_ms: 0,
          })
        },
        spoil,
        tryOut: (output) => dryRun(ctx, session.session_id, step, output),
      })
      await chunks.end()
      if (step.task === 'costs') uses.push(await analysis(kernel, eventId, performed, board, key, signal))
      return { performed, duration: kernel.clock.now() - started, uses, message_id }
    } catch (error) {
      await chunks.end()
      if (signal.aborted) throw error
      if (attempt === 2)
        return {
          failure: {
            code: (error as { code?: string }).code ?? 'AGENT_ERROR',
            message: `${who}: ${(error as Error).message}`,
          },
        }
    }
  }
}

/** The analyst's figures, calculated independently of who wrote them. */
async function analysis(
  kernel: Kernel,
  eventId: string,
  { output }: Performed,
  board: Board,
  key: string,
  signal: AbortSignal,
): Promise<ToolUse> {
  const model = output.artifacts.find(({ type }) => type === 'CostModel')
  const base = board.artifacts.BudgetBaseline
  const { use } = await callTeamTool(
    kernel,
    eventId,
    'budget-analyst',
    'cost_analysis',
    {
      total_budget: base?.total_budget ?? 0,
      line_items: (model?.body['line_items'] as unknown[]) ?? [],
      allocations: base?.category_allocations ?? [],
      audience_size: board.brief.audience_size,
    },
    { callId: `${key}:cost_analysis`, signal },
  )
  return {
    ...use,
    arguments: {
      total_budget: base?.total_budget ?? 0,
      line_items: `${(model?.body['line_items'] as unknown[])?.length ?? 0} lines`,
    },
  }
}
