import { z } from 'zod'
import { isAllowed, requireAccess } from '../../kernel/access/scopes.ts'
import type { Actor, Ctx } from '../../kernel/context.ts'
import { answerDecision } from '../../kernel/decisions/answer-decision.ts'
import { getDecision, listDecisions } from '../../kernel/decisions/store.ts'
import type { Kernel } from '../../kernel/kernel.ts'
import { cancelRun } from '../../kernel/runs/control-run.ts'
import { allStepsOfRun } from '../../kernel/runs/fork-run.ts'
import { getRun, listRuns } from '../../kernel/runs/store.ts'
import { defineTool, type ToolContext } from '../../kernel/tools/tool-descriptor.ts'
import { createToolRegistry, type ToolRegistry } from '../../kernel/tools/tool-registry.ts'
import { cancelTask } from '../../tasks/control-task.ts'
import { readResults, readTask } from '../../tasks/store/read-task.ts'
import { submitTask } from '../../tasks/submit-task.ts'

/** A call of another program: the verbs get its context, so its rights are checked as everywhere. */
export type PlatformToolContext = ToolContext & { ctx: Ctx }

export const contextFor = (
  kernel: Kernel,
  actor: Actor,
  call: { callId: string; signal: AbortSignal },
): PlatformToolContext => {
  const correlationId = kernel.newId('corr')
  return { ...call, correlationId, ctx: { kernel, actor, correlationId, causes: [] } }
}

const Id = z.object({ id: z.string().min(1).max(200) })
const Limit = z.number().int().min(1).max(100).default(20)
type Tool<I> = Parameters<typeof defineTool<I, unknown, PlatformToolContext>>[0]

const read = <I>(tool: Omit<Tool<I>, 'approval' | 'touches'>) =>
  defineTool<I, unknown, PlatformToolContext>({ touches: ['state'], approval: 'never', ...tool })
const write = <I>(tool: Omit<Tool<I>, 'approval' | 'touches'>) =>
  defineTool<I, unknown, PlatformToolContext>({ touches: ['database'], approval: 'edits', ...tool })

const TOOLS = [
  write<{ description: string; user_id: string }>({
    name: 'submit_task',
    title: 'Submit a task',
    description: 'Gives Troupe a job in plain words. Returns its id; follow it with get_task.',
    input: z.object({
      description: z.string().min(10).max(5000),
      user_id: z.string().min(1).max(100).default('mcp'),
    }) as never,
    run: ({ ctx }, fields) => submitTask(ctx, { fields, files: [] }),
  }),
  read<{ id: string }>({
    name: 'get_task',
    title: 'Read a task',
    description: 'Status, steps, and when it is over the result of a task.',
    input: Id,
    async run({ ctx }, { id }) {
      requireAccess(ctx.actor, 'read')
      return { task: await readTask(ctx.kernel.db, id), results: await readResults(ctx.kernel.db, id) }
    },
  }),
  write<{ id: string }>({
    name: 'cancel_task',
    title: 'Cancel a task',
    description: 'Stops a task that is not over.',
    input: Id,
    run: ({ ctx }, { id }) => cancelTask(ctx, id),
  }),
  read<{ limit: number }>({
    name: 'list_decisions',
    title: 'What waits for a person',
    description: 'Open questions with options, evidence and deadline, due first.',
    input: z.object({ limit: Limit }) as never,
    async run({ ctx }, { limit }) {
      requireAccess(ctx.actor, 'read')
      return listDecisions(ctx.kernel.db, { status: ['open'] }, limit, 0)
    },
  }),
  read<{ id: string }>({
    name: 'get_decision',
    title: 'Read a question',
    description: 'One question with its evidence and, when answered, its answer.',
    input: Id,
    async run({ ctx }, { id }) {
      requireAccess(ctx.actor, 'read')
      return getDecision(ctx.kernel.db, id)
    },
  }),
  write<{ id: string; choice?: string | undefined; value?: unknown; comment?: string | undefined }>({
    name: 'answer_decision',
    title: 'Answer a question',
    description: 'Answers an open question in the name of the key’s owner. The first valid answer wins.',
    input: Id.extend({
      choice: z.string().optional(),
      value: z.unknown().optional(),
      comment: z.string().max(10_000).optional(),
    }) as never,
    async run({ ctx }, { id, choice, value, comment }) {
      requireAccess(ctx.actor, 'read')
      return answerDecision(ctx, id, {
        ...(choice ? { choice } : {}),
        ...(value === undefined ? {} : { value }),
        ...(comment ? { comment } : {}),
      })
    },
  }),
  read<{ limit: number; domain?: string | undefined }>({
    name: 'list_runs',
    title: 'List runs',
    description: 'Runs of every domain, newest first.',
    input: z.object({ limit: Limit, domain: z.string().optional() }) as never,
    async run({ ctx }, { limit, domain }) {
      requireAccess(ctx.actor, 'read')
      return listRuns(ctx.kernel.db, domain ? { domain } : {}, limit, 0)
    },
  }),
  read<{ id: string }>({
    name: 'get_run',
    title: 'Read a run',
    description: 'A run with its steps: what it did, what it waits for.',
    input: Id,
    async run({ ctx }, { id }) {
      requireAccess(ctx.actor, 'read')
      return { run: await getRun(ctx.kernel.db, id), steps: await allStepsOfRun(ctx.kernel.db, id) }
    },
  }),
  write<{ id: string }>({
    name: 'cancel_run',
    title: 'Cancel a run',
    description: 'Ends a run for good.',
    input: Id,
    async run({ ctx }, { id }) {
      requireAccess(ctx.actor, 'write')
      await ctx.kernel.db.transaction((tx) => cancelRun(tx, ctx, id))
      return getRun(ctx.kernel.db, id)
    },
  }),
  read<{ id: string; direction: 'causes' | 'effects'; depth: number }>({
    name: 'why',
    title: 'Why did this happen?',
    description: 'Causes or effects of an event across domains.',
    input: Id.extend({
      direction: z.enum(['causes', 'effects']).default('causes'),
      depth: z.number().int().min(1).max(20).default(5),
    }) as never,
    async run({ ctx }, { id, direction, depth }) {
      requireAccess(ctx.actor, 'read')
      return { event: await ctx.kernel.events.one(id), related: await ctx.kernel.events[direction](id, depth) }
    },
  }),
]

const all = createToolRegistry(TOOLS)
const readOnly = createToolRegistry(TOOLS.filter((tool) => tool.approval === 'never'))

/** What a caller may see: tools that change something need the writing scope. */
export const platformToolsFor = (actor: Actor): ToolRegistry =>
  isAllowed(actor, 'write') || isAllowed(actor, 'approve') ? all : readOnly
