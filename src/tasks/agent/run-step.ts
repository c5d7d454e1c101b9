import type {
  Capability,
  JsonObject,
  LogLevel,
  ModelCallReport,
  SubTaskOutput,
  TaskExecutionRequest,
} from '../schema.ts'
import { CERTAIN, CONFIDENT, closestSkills, rankSkills } from '../skills/registry.ts'
import type { PreviousOutput, Skill, SkillPorts, SkillRequest } from '../skills/skill.ts'
import { SkillError } from '../skills/skill-error.ts'
import type { TaskLink } from './task-link.ts'

export type StepLog = (level: LogLevel, message: string, metadata?: JsonObject) => void

/** The model's way to carry out a step; absent when no model is configured. */
export type ModelStep = (step: {
  request: TaskExecutionRequest
  skillRequest: SkillRequest
  link: TaskLink
  ports: SkillPorts
  log: StepLog
  signal: AbortSignal
  modelCalls: ModelCallReport[]
}) => Promise<SubTaskOutput>

export type StepOptions = {
  agentId: string
  capabilities: readonly Capability[]
  request: TaskExecutionRequest
  link: TaskLink
  ports: SkillPorts
  model: ModelStep | undefined
  skillsFirst: boolean
  log: StepLog
  signal: AbortSignal
  /** Where the turns of models are kept that this step takes. */
  modelCalls: ModelCallReport[]
}

const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const texts = (value: unknown): string[] =>
  Array.isArray(value) ? value.filter((item): item is string => typeof item === 'string') : []

/** Reads a result that was stored by reference (contract 3.8). */
async function followReference(output: JsonObject, link: TaskLink): Promise<JsonObject> {
  const reference = output['result_ref']
  if (!isObject(reference) || typeof reference['path'] !== 'string') return output
  const path = reference['path'].replace(/^.*?(?=output\/)/, '')
  const full: unknown = JSON.parse(Buffer.from(await link.readFile(path)).toString())
  return isObject(full) ? full : output
}

async function readPrevious(request: TaskExecutionRequest, link: TaskLink): Promise<PreviousOutput[]> {
  const order = request.subtask.dependencies
  const given = Object.entries(request.task_context.previous_results)
  const sorted = given.sort(([a], [b]) => order.indexOf(a) - order.indexOf(b))
  return Promise.all(
    sorted.map(async ([subtaskId, value]) => {
      const output = await followReference(isObject(value) ? value : { data: { value } }, link)
      return {
        subtaskId,
        data: isObject(output['data']) ? output['data'] : {},
        summary: typeof output['summary'] === 'string' ? output['summary'] : '',
        files: texts(output['files_created']),
        ...(typeof output['result'] === 'string' && { result: output['result'] }),
      }
    }),
  )
}

export async function toSkillRequest(options: StepOptions): Promise<SkillRequest> {
  const { request, agentId, link } = options
  const { subtask, task_context: context } = request
  // What a person gave at a retry is marked, because it wins over what the step's own text names.
  const { retry_input: retryInput, ...inputData } = subtask.input_data
  return {
    taskId: request.task_id,
    subtaskId: subtask.id,
    agentId,
    description: subtask.description,
    capabilities: subtask.required_capabilities,
    inputData,
    overrides: new Set(isObject(retryInput) ? Object.keys(retryInput) : []),
    previous: await readPrevious(request, link),
    attachments: context.attachments,
  }
}

async function runSkill(skill: Skill, request: SkillRequest, ports: SkillPorts): Promise<SubTaskOutput> {
  const { data, summary, result, files, nextSteps } = await skill.run(request, ports)
  return {
    success: true,
    data,
    summary,
    result,
    files_created: files ?? [],
    ...(nextSteps !== undefined && { next_steps: nextSteps }),
  }
}

/** The exact words of contract 5.6.3. */
export const notConfigured = (closest: readonly string[]): SkillError =>
  new SkillError(
    'MODEL_NOT_CONFIGURED',
    `No built-in skill can carry out this step and no language model is configured. Set ANTHROPIC_API_KEY, or LLM_PROVIDER with LLM_BASE_URL, LLM_API_KEY and LLM_MODEL, or CLAUDECODE=1, restart the orchestrator and agents, then retry. Closest built-in skills: ${closest.join(', ')}.`,
  )

/**
 * Carries out one subtask (contract 4.3): a skill that is certain, else the model, else a skill that is confident, else MODEL_NOT_CONFIGURED. When the
 * model fails and a confident skill exists, the skill takes over and the output says so.
 */
export async function runStep(options: StepOptions): Promise<SubTaskOutput> {
  const { ports, model, log } = options
  const request = await toSkillRequest(options)
  const ranked = rankSkills(request, options.capabilities)
  const best = ranked[0]
  const needed = model ? CERTAIN : CONFIDENT
  const chosen = (skill: Skill, confidence: number) =>
    log('DEBUG', `Built-in skill ${skill.name} works on it`, { skill: skill.name, confidence })
  if (best && best.confidence >= needed && (!model || options.skillsFirst)) {
    chosen(best.skill, best.confidence)
    return runSkill(best.skill, request, ports)
  }
  if (!model) throw notConfigured(closestSkills(request, ranked))
  try {
    return await model({
      request: options.request,
      skillRequest: request,
      link: options.link,
      ports,
      log,
      signal: options.signal,
      modelCalls: options.modelCalls,
    })
  } catch (error) {
    options.signal.throwIfAborted()
    const isModelFailure = error instanceof SkillError && error.code === 'MODEL_ERROR'
    if (!isModelFailure || !best || best.confidence < CONFIDENT) throw error
    log('WARN', `The model failed, built-in skill ${best.skill.name} takes over: ${error.message}`, {
      skill: best.skill.name,
    })
    const output = await runSkill(best.skill, request, ports)
    return { ...output, made_without_model: true }
  }
}
