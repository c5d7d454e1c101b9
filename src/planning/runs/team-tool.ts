import type { Kernel } from '../../kernel/kernel.ts'
import { callTool, type ToolOutcome } from '../../kernel/tools/call-tool.ts'
import { createToolRegistry } from '../../kernel/tools/tool-registry.ts'
import type { AgentName } from '../schema.ts'
import type { PlanningTool, TeamContext } from '../tools/planning-tool.ts'
import { toolsOf } from '../tools/toolbox.ts'
import { takeInjection } from './injections.ts'

export type ToolUse = {
  call_id: string
  tool_name: string
  arguments: Record<string, unknown>
  result: string
  error?: string
  /** The result is the fallback's: the tool itself failed. */
  fallback?: boolean
  duration_ms: number
}
export type Used = { use: ToolUse; outcome: ToolOutcome }

const shown = (value: unknown) => (typeof value === 'string' ? value : JSON.stringify(value)).slice(0, 2_000)

/** A tool with a failure in its way that a test put there: every attempt fails, the fallback is asked. */
const failing = (tool: PlanningTool): PlanningTool => ({
  ...tool,
  retry: { maxAttempts: 2, backoffMs: 10, factor: 1 },
  run: async () => {
    throw Object.assign(new Error(`${tool.name} does not answer`), { status: 503 })
  },
})

/** How a call is shown and traced. Tools of the calendar and the weather tell failures as text. */
export function shownUse(
  callId: string,
  name: string,
  args: Record<string, unknown>,
  outcome: ToolOutcome,
  firstError?: string,
): ToolUse {
  const result = outcome.ok ? shown(outcome.value) : outcome.message
  const error = outcome.ok ? (result.startsWith('Error') ? result : undefined) : outcome.message
  return {
    call_id: callId,
    tool_name: name,
    arguments: args,
    result,
    ...(error || outcome.usedFallback ? { error: error ?? firstError ?? `${name} failed; its fallback answered` } : {}),
    ...(outcome.usedFallback && !error ? { fallback: true } : {}),
    duration_ms: Math.round(outcome.durationMs),
  }
}

/** One call of an agent's tool through the pipeline: allowed tools only, time limit, repeats, fallback. Nothing is thrown but the caller's abort. */
export async function callTeamTool(
  kernel: Kernel,
  eventId: string,
  agent: AgentName,
  name: string,
  args: Record<string, unknown>,
  ctx: TeamContext,
): Promise<Used> {
  const injected = await takeInjection(kernel, eventId, ['tool_failure'], name, ctx.callId)
  const tools = toolsOf(kernel, agent).map((tool) => (injected && tool.name === name ? failing(tool) : tool))
  const outcome = await callTool(name, args, { eventId, ...ctx }, { registry: createToolRegistry([...tools]) })
  return { use: shownUse(ctx.callId, name, args, outcome), outcome }
}
