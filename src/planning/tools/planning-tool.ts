import { exportTool, type ToolContext, type ToolDescriptor } from '../../kernel/tools/tool-descriptor.ts'

/** What a tool of the planning team knows beside its call. */
export type TeamContext = ToolContext & {
  /** The event the call is for; results and messages are kept with it. */
  eventId?: string
  /** Calculations of this turn, oldest first; the interpreter adds to it. */
  history?: string[]
}

/** A declared tool (contract 4.11): the descriptor, what of its result goes where, and the tests that prove it. */
export type PlanningTool = ToolDescriptor<any, any, TeamContext> & {
  artifactMapping: readonly { from: string; to: string }[]
  tests: readonly string[]
}
export const planningTool = <I, O>(
  tool: ToolDescriptor<I, O, TeamContext>,
  more: Pick<PlanningTool, 'artifactMapping' | 'tests'>,
): PlanningTool => ({
  timeoutMs: 10_000,
  retry: { maxAttempts: 3, backoffMs: 500, factor: 2 },
  ...tool,
  ...more,
})

/** The declaration as the contract writes it. */
export function declarationOf(tool: PlanningTool) {
  const { name, description, inputSchema, outputSchema } = exportTool(tool)
  const { maxAttempts = 1, backoffMs = 500, factor = 2 } = tool.retry ?? {}
  return {
    name,
    description,
    input_schema: inputSchema,
    output_schema: outputSchema ?? {},
    artifact_mapping: [...tool.artifactMapping],
    timeout_ms: tool.timeoutMs ?? 10_000,
    retry: {
      max_attempts: maxAttempts,
      backoff_ms: backoffMs,
      factor,
      retry_on: ['timeout', '429', '5xx'],
    },
    fallback: tool.fallback !== undefined,
    side_effects: (tool.writes ?? []).length > 0 ? ('write' as const) : ('none' as const),
    approval_mode: tool.approval === 'always' ? ('always' as const) : ('never' as const),
  }
}

/** Start-up check (FR-050): names of tools that bring no tests. */
export const untested = (tools: readonly PlanningTool[]): string[] =>
  tools.filter(({ tests }) => tests.length === 0).map(({ name }) => name)
