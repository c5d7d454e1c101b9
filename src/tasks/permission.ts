import type { Config } from '../kernel/config/load-config.ts'

const EDITING = new Set(['write_file', 'store_rows', 'shell'])
const SAFE_METHODS = new Set(['GET', 'HEAD'])

/** Whether a tool call waits for a person in the configured permission mode (3.12). One mode holds for all tasks. */
export function callNeedsApproval(
  { tasks }: Pick<Config, 'tasks'>,
  tool: string,
  args: Record<string, unknown>,
): boolean {
  if (tool === 'log_progress') return false
  if (tasks.permissionMode === 'approveAll') return true
  if (tasks.permissionMode !== 'approveEdits') return false
  if (tool === 'http_request') return !SAFE_METHODS.has(String(args['method'] ?? 'GET').toUpperCase())
  return EDITING.has(tool)
}
