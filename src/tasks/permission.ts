import type { Config } from '../kernel/config/load-config.ts'
import { needsApproval } from '../kernel/tools/tool-descriptor.ts'
import { taskTools } from './tools/index.ts'

/**
 * Whether a tool call waits for a person in the configured permission mode (3.12). One mode holds for all tasks. The tool's own description says what
 * kind it is; the shell runs in the agent and is an edit.
 */
export function callNeedsApproval(
  { tasks }: Pick<Config, 'tasks'>,
  tool: string,
  args: Record<string, unknown>,
): boolean {
  const mode = tasks.permissionMode
  const known = taskTools.find(tool)
  return known
    ? needsApproval(mode, known, args)
    : mode === 'approveAll' || (mode === 'approveEdits' && tool === 'shell')
}
