import type { Assignment } from '../../kernel/agents/plan-types.ts'
import type { Kernel } from '../../kernel/kernel.ts'
import type { ToolContext } from '../../kernel/tools/tool-descriptor.ts'

/** What the tools of an attempt work with. */
export type TaskToolContext = ToolContext & { kernel: Kernel; assignment: Assignment }
