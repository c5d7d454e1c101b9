import type { Kernel } from '../../kernel/kernel.ts'
import { InvalidAnswerError, ModelError } from '../../kernel/models/errors.ts'
import { models } from '../../kernel/models/part.ts'
import type { ModelProfile } from '../../kernel/models/types.ts'
import { checkResult } from '../agents/check-result.ts'
import type { AgentInput } from '../agents/craft/craft.ts'
import { CRAFTS } from '../agents/craft/crafts.ts'
import { normalise } from '../agents/normalise.ts'
import { buildAgentPrompt } from '../agents/prompt.ts'
import { rosterAgent } from '../agents/roster.ts'
import type { EngineTask, ResourceUsage } from '../engine/engine-state.ts'
import type { GeneratedBy } from '../schema.ts'
import { TaskFailure } from './task-failure.ts'

export type Produced = {
  content: Record<string, unknown>
  draft: boolean
  generated_by: GeneratedBy
  quality_score: number
  warnings: string[]
  resource_usage: ResourceUsage
}

export const notConfigured = (agent: string) =>
  `MODEL_NOT_CONFIGURED: Agent ${agent} needs a language model and draft agents are disabled. Set OPENROUTER_API_KEY and OPENROUTER_DEFAULT_MODEL (or register an agent with capability ${agent}), or set draft_agents to auto, then start the workflow again.`

/** A built-in text agent: by the model when one is configured, by its craft in draft mode (contract 5.4). */
export async function runText(
  kernel: Kernel,
  task: EngineTask,
  input: AgentInput,
  signal: AbortSignal,
): Promise<Produced> {
  const isTool = rosterAgent(task.capability)?.exec === 'L'
  if (isTool) return { ...craft(task, input), draft: false, generated_by: 'agent' }
  const mode = input.settings.draft_agents
  const configured = kernel.use(models).status().configured
  if (mode === 'always') return craft(task, input)
  if (!configured) {
    if (mode === 'never') throw new TaskFailure('MODEL_NOT_CONFIGURED', 'permanent', notConfigured(task.capability))
    return craft(task, input)
  }
  try {
    return await byModel(kernel, task, input, signal)
  } catch (error) {
    if (signal.aborted) throw error
    const failure = failureOf(error)
    // A failing model does not stop a run: it is tried once more later, then the craft does it and says so.
    const takeOver = mode === 'auto' && (failure.category !== 'transient' || task.retry_count >= 1)
    if (!takeOver) throw failure
    const drafted = craft(task, input)
    return { ...drafted, warnings: [...drafted.warnings, `drafted without the model: ${failure.message}`] }
  }
}

function failureOf(error: unknown): TaskFailure {
  if (error instanceof TaskFailure) return error
  if (error instanceof InvalidAnswerError) return new TaskFailure('INVALID_OUTPUT', 'recoverable', error.message)
  if (error instanceof ModelError) {
    if (error.errorType === 'invalid_response') return new TaskFailure('INVALID_OUTPUT', 'recoverable', error.message)
    return new TaskFailure('MODEL_ERROR', error.transient ? 'transient' : 'permanent', error.message)
  }
  return new TaskFailure('AGENT_ERROR', 'transient', (error as Error).message, { cause: error })
}

function craft(task: EngineTask, input: AgentInput): Produced {
  const make = CRAFTS[task.produces]
  if (!make) throw new TaskFailure('NO_AGENT', 'permanent', `No built-in agent makes ${task.produces}`)
  const { content, warnings } = normalise(task.produces, make(input), input)
  const checked = checkResult(task.produces, content, input)
  if (!checked.valid) throw new TaskFailure('INVALID_OUTPUT', 'recoverable', checked.violations.join('; '))
  return {
    content: checked.content,
    draft: true,
    generated_by: 'template',
    quality_score: scoreOf(checked.content) ?? checked.score,
    warnings: [...warnings, ...checked.findings],
    resource_usage: {},
  }
}

/** A checker's own verdict is about others; what it made itself is judged by its form. */
const scoreOf = (content: Record<string, unknown>): number | null =>
  typeof content['quality_score'] === 'number' ? content['quality_score'] : null

const CACHE_MS = 3_600_000

const profileOf = (temperature: 'creative' | 'exact'): ModelProfile => ({
  purpose: 'movies',
  domain: 'movies',
  maxTokens: 8192,
  temperature: temperature === 'creative' ? 0.7 : 0,
  timeoutMs: 60_000,
  retries: 1,
  useBackup: true,
  onInvalid: 'repair',
  backoff: { firstMs: 500, maxMs: 5000 },
  ...(temperature === 'exact' ? { seed: 7 } : {}),
  cacheMs: CACHE_MS,
  limits: { systemChars: 20_000, promptChars: { min: 1, max: 400_000 } },
})

async function byModel(kernel: Kernel, task: EngineTask, input: AgentInput, signal: AbortSignal): Promise<Produced> {
  const prompt = buildAgentPrompt(task.capability, task.produces, input)
  if (!prompt) return craft(task, input)
  const answer = await kernel.use(models).generate<unknown>({
    role: prompt.role,
    instructions: prompt.instructions,
    input: prompt.material,
    schema: prompt.schema,
    check: (value) => {
      const checked = checkResult(task.produces, normalise(task.produces, value, input).content, input)
      return checked.valid ? [] : checked.violations
    },
    profile: profileOf(prompt.temperature),
    signal,
  })
  const { content, warnings } = normalise(task.produces, answer.value, input)
  const checked = checkResult(task.produces, content, input)
  if (!checked.valid) throw new TaskFailure('INVALID_OUTPUT', 'recoverable', checked.violations.join('; '))
  return {
    content: { ...checked.content, prompt_template: prompt.template },
    draft: false,
    generated_by: 'model',
    quality_score: scoreOf(checked.content) ?? checked.score,
    warnings: [...warnings, ...checked.findings],
    resource_usage: { ...(answer.usage.costUsd === undefined ? {} : { cost: answer.usage.costUsd }) },
  }
}
