import type { Log } from '../telemetry/logger.ts'
import type { MetricScope } from '../telemetry/metrics.ts'
import type { ToolCall, ToolHook } from './call-tool.ts'
import { needsApproval, type PermissionMode, type ToolContext } from './tool-descriptor.ts'

type Refusal = { code: string; message: string }
const LONGEST_ARGUMENTS = 500

/** Arguments as they may be shown: secrets masked, at most 500 characters. */
export const shownArguments = (args: unknown, mask: (text: string) => string): string =>
  mask(JSON.stringify(args) ?? '').slice(0, LONGEST_ARGUMENTS)

/** Each call at debug level: tool, duration, whether it failed, arguments. */
export const logToolCalls = <C extends ToolContext>(
  log: Pick<Log, 'debug'>,
  mask: (text: string) => string,
): ToolHook<C> => ({
  name: 'log',
  after: ({ tool, args, ctx }, outcome) =>
    log.debug(
      {
        tool: tool.name,
        callId: ctx.callId,
        durationMs: outcome.durationMs,
        isError: !outcome.ok,
        ...(!outcome.ok && { code: outcome.code }),
        arguments: shownArguments(args, mask),
      },
      'tool call',
    ),
})

/** `tool_calls_total` by tool and outcome (`ok` or the error code). */
export const countToolCalls = <C extends ToolContext>(scope: MetricScope): ToolHook<C> => {
  const counter = scope.counter({ name: 'tool_calls_total', help: 'Calls of tools', labels: ['tool', 'outcome'] })
  return {
    name: 'metrics',
    after: ({ tool }, outcome) => counter.inc({ tool: tool.name, outcome: outcome.ok ? 'ok' : outcome.code }),
  }
}

/** Asks a person where the mode says so. `ask` waits for the answer; what it returns is a refusal. */
export const askBeforeTools = <C extends ToolContext>(
  mode: PermissionMode,
  ask: (call: ToolCall<C>) => Promise<Refusal | undefined>,
): ToolHook<C> => ({
  name: 'permission',
  before: (call) => (needsApproval(mode, call.tool, call.args) ? ask(call) : undefined),
})
