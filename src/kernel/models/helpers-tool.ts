import { z } from 'zod'
import { defineTool, type ToolContext, type ToolDescriptor } from '../tools/tool-descriptor.ts'
import type { LoopOptions, LoopResult } from './run-loop.ts'

const MOST_HELPERS = 3
const HELPER_TURNS = 15

const Input = z.object({
  prompts: z
    .array(z.string().min(10).max(10_000))
    .min(1)
    .max(MOST_HELPERS)
    .describe('One complete, independent job per helper, with everything it needs to know'),
})

/**
 * The tool with which an agent gives parts of its job to helpers: child loops beside each other with the same tools, workspace and budget, one level
 * deep. A helper that would have to wait for a person is told to leave that to its agent. A helper that fails is an answer, not an error.
 */
export const helpersTool = <C extends ToolContext>(
  parent: LoopOptions<C>,
  run: (options: LoopOptions<C>) => Promise<LoopResult>,
): ToolDescriptor =>
  defineTool({
    name: 'ask_helpers',
    title: 'Ask helpers',
    description: `Runs up to ${MOST_HELPERS} focused prompts beside each other and gives their answers. Use it for independent parts of the job.`,
    input: Input,
    touches: ['model'],
    approval: 'exempt',
    async run(ctx: ToolContext, { prompts }) {
      const { resume: _resume, onCheckpoint: _checkpoint, onDelta: _delta, approve, ...shared } = parent
      const answers = await Promise.all(
        prompts.map((prompt, index) =>
          run({
            ...shared,
            helpers: false,
            input: { job: prompt },
            instructions: `${parent.instructions}\n\nYou are a helper of this agent: do only the job below and answer with its result.`,
            maxTurns: Math.min(HELPER_TURNS, parent.maxTurns ?? HELPER_TURNS),
            signal: ctx.signal,
            contextOf: (call, signal) =>
              parent.contextOf({ ...call, key: `${ctx.callId}/${index}/${call.key}` }, signal),
            ...(approve && {
              approve: async (call) => {
                const permission = await approve(call)
                return permission === 'wait'
                  ? { denied: 'This needs a person: leave it to the agent that asked you.' }
                  : permission
              },
            }),
          }).then(
            ({ text, status }) => ({ answer: text, ...(status !== 'answered' && { status }) }),
            (error: unknown) => {
              ctx.signal.throwIfAborted()
              return { error: error instanceof Error ? error.message : String(error) }
            },
          ),
        ),
      )
      return { answers }
    },
  })
