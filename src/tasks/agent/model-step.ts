import { z } from 'zod'
import { ModelError } from '../../kernel/models/errors.ts'
import type { ModelGateway } from '../../kernel/models/gateway.ts'
import { defineProfile } from '../../kernel/models/profile.ts'
import type { RecordedTurn } from '../../kernel/models/record-calls.ts'
import { type LoopState, runLoop } from '../../kernel/models/run-loop.ts'
import { runScope } from '../../kernel/models/run-scope.ts'
import { type Capability, type JsonObject, ModelCallReport, type SubTaskOutput } from '../schema.ts'
import { SkillError } from '../skills/skill-error.ts'
import { executionPrompt } from './execution-prompt.ts'
import { createModelTools } from './model-tools.ts'
import { reportOf, spentOf } from './reported-calls.ts'
import type { ModelStep } from './run-step.ts'
import type { TaskLink } from './task-link.ts'

export type ModelStepOptions = {
  /** Opened at the first step that needs it. */
  gateway(): Promise<Pick<ModelGateway, 'turn' | 'newBudget'>>
  agentId: string
  capabilities: readonly Capability[]
  maxTurns: number
  enableShell: boolean
  /** Other programs that the operator lets agents ask. */
  others?: { a2a: readonly string[]; mcp: readonly string[] }
}

const PROFILE = defineProfile('execute', { domain: 'tasks', timeoutMs: 120_000 })
const LOGGED_TEXT = 200
/** Checkpoints are calls of 1 MB; a longer conversation goes to a file. */
const MAX_CHECKPOINT = 500_000

const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
const texts = (value: unknown): string[] =>
  Array.isArray(value) ? value.filter((item): item is string => typeof item === 'string') : []

type Saved = { loop: LoopState; files: string[]; calls: ModelCallReport[] }
const Calls = z.array(ModelCallReport)
const checkpointFile = (subtaskId: string) => `temp/checkpoints/${subtaskId.replace(/[^\w.-]/g, '_')}.json`

async function save(link: TaskLink, subtaskId: string, saved: Saved): Promise<void> {
  const json = JSON.stringify(saved)
  if (json.length <= MAX_CHECKPOINT) return link.checkpoint({ kind: 'model-loop', ...saved })
  await link.writeFile(checkpointFile(subtaskId), Buffer.from(json))
  await link.checkpoint({ kind: 'model-loop', file: checkpointFile(subtaskId) })
}

/** Where an earlier attempt stopped; undefined when there is nothing to go on with. */
async function load(link: TaskLink, checkpoint: unknown): Promise<Saved | undefined> {
  if (!isObject(checkpoint) || checkpoint['kind'] !== 'model-loop') return undefined
  const file = checkpoint['file']
  const saved: unknown =
    typeof file === 'string' ? JSON.parse(Buffer.from(await link.readFile(file)).toString()) : checkpoint
  if (!isObject(saved) || !isObject(saved['loop']) || !Array.isArray(saved['loop']['messages'])) return undefined
  const calls = Calls.safeParse(saved['calls'])
  return { loop: saved['loop'] as unknown as LoopState, files: texts(saved['files']), calls: calls.data ?? [] }
}

/** What the model saved as its result; undefined when it saved none that can be used. */
async function readResult(link: TaskLink, subtaskId: string): Promise<JsonObject | undefined> {
  try {
    const file = `output/${subtaskId.replace(/[^\w.-]/g, '_')}/result.json`
    const value: unknown = JSON.parse(Buffer.from(await link.readFile(file)).toString())
    return isObject(value) && isObject(value['data']) ? value : undefined
  } catch (error) {
    if (error instanceof SkillError || error instanceof SyntaxError) return undefined
    throw error
  }
}

const plain = (html: string) =>
  html
    .replace(/<[^>]*>/g, ' ')
    .replace(/\s+/g, ' ')
    .trim()

function toOutput(text: string, saved: JsonObject | undefined, files: readonly string[]): SubTaskOutput {
  const summary =
    typeof saved?.['summary'] === 'string' && saved['summary'] ? saved['summary'] : plain(text).slice(0, 300) || 'Done'
  if (saved?.['success'] === false)
    throw new SkillError('MODEL_ERROR', `the model could not carry out the step: ${summary}`)
  const nextSteps = saved?.['next_steps']
  return {
    success: true,
    data: isObject(saved?.['data']) ? saved['data'] : {},
    summary,
    result: text || summary,
    files_created: [...new Set([...texts(saved?.['files_created']), ...files])],
    ...(nextSteps !== undefined && {
      next_steps: typeof nextSteps === 'string' ? nextSteps : JSON.stringify(nextSteps),
    }),
  }
}

/** A step carried out by a model with the tools of contract 3.11, saved after each tool call so that another agent can go on with it. */
export function createModelStep(options: ModelStepOptions): ModelStep {
  const { agentId, capabilities } = options
  return async ({ request, skillRequest, link, log, signal, modelCalls: calls }) => {
    const gateway = await options.gateway()
    const earlier = await load(link, request.task_context.checkpoint)
    const files = new Set(earlier?.files)
    // An attempt that was lost could not tell what it used: the one that goes on with it does.
    calls.push(...(earlier?.calls ?? []))
    const { model, model_budget: limits } = request.task_context
    const budget = gateway.newBudget(spentOf(calls), limits ?? {})
    const scope = { ...runScope.getStore(), onTurn: (turn: RecordedTurn) => void calls.push(reportOf(turn)) }
    const { runCommand } = await import('./run-command.ts')
    const tools = createModelTools({
      link,
      capabilities,
      shell: options.enableShell ? (command, until) => runCommand(link, command, until) : undefined,
      ...(options.others ? { others: options.others } : {}),
      onFile: (path) => void (path.endsWith('/result.json') || files.add(path)),
    })
    const prefix = `mcp__${agentId}_tools__`
    const prompt = executionPrompt(skillRequest, {
      id: agentId,
      capabilities,
      tools: tools.list().map(({ name }) => prefix + name),
    })
    if (earlier)
      log('INFO', `Goes on after ${earlier.loop.turns} turns of an earlier attempt`, { turns: earlier.loop.turns })
    let logged = earlier?.loop.messages.length ?? 0
    try {
      const loop = () =>
        runLoop({
          gateway,
          ...prompt,
          tools,
          profile: model ? { ...PROFILE, model } : PROFILE,
          maxTurns: options.maxTurns,
          helpers: true,
          signal,
          budget,
          nameForModel: (name) => prefix + name,
          contextOf: (call, until) => ({ callId: `${request.attempt}-${call.key}`, signal: until }),
          ...(earlier && { resume: earlier.loop }),
          onCheckpoint: async (loop) => {
            for (const message of loop.messages.slice(logged)) {
              if (message.role === 'assistant' && message.text)
                log('DEBUG', plain(message.text).slice(0, LOGGED_TEXT), { turn: loop.turns })
              if (message.role === 'tool')
                for (const { name, output, isError } of message.results.filter((result) => result.isError))
                  log(
                    'WARN',
                    `The model's call of ${name.replace(prefix, '')} gave no result: ${output.slice(0, LOGGED_TEXT)}`,
                    {
                      turn: loop.turns,
                      tool: name.replace(prefix, ''),
                      isError,
                    },
                  )
            }
            logged = loop.messages.length
            await save(link, skillRequest.subtaskId, { loop, files: [...files], calls })
          },
        })
      const { status, text } = await runScope.run(scope, loop)
      if (status !== 'answered')
        throw new SkillError(
          'MODEL_ERROR',
          `the model gave no answer within ${options.maxTurns} turns: retry, or raise SDK_MAX_TURNS`,
        )
      return toOutput(text, await readResult(link, skillRequest.subtaskId), [...files])
    } catch (error) {
      signal.throwIfAborted()
      if (error instanceof ModelError)
        throw new SkillError('MODEL_ERROR', `${error.message} ${error.suggestion}`.trim(), { cause: error })
      throw error
    }
  }
}
