import { setTimeout as wait } from 'node:timers/promises'
import type { Ctx } from '../../kernel/context.ts'
import { AppError, ValidationError } from '../../kernel/errors/app-error.ts'
import { models } from '../../kernel/models/part.ts'
import { createModelStep } from '../../tasks/agent/model-step.ts'
import { runStep, type StepLog } from '../../tasks/agent/run-step.ts'
import { createSkillPorts } from '../../tasks/agent/skill-ports.ts'
import { createDetachedLink, type TaskLink } from '../../tasks/agent/task-link.ts'
import { CAPABILITIES, type Capability, TaskExecutionRequest } from '../../tasks/schema.ts'
import { SkillError } from '../../tasks/skills/skill-error.ts'
import { noSuchAgent } from './no-such-agent.ts'
import type { Made, TriedFile, TriedTool, TryInput } from './tried.ts'

const MOST_TEXT = 200_000
const TEXTS = /\.(txt|md|csv|tsv|json|ya?ml|html?|svg|xml|py|[jt]sx?|sql|log)$/i

/** What our task agent of one capability would make of a job. Files live in a folder that is gone afterwards; what needs a person is refused. */
export async function tryTaskAgent(
  { kernel }: Ctx,
  { agent, input, files }: TryInput,
  signal: AbortSignal,
): Promise<Made> {
  if (!(CAPABILITIES as readonly string[]).includes(agent)) throw noSuchAgent(agent, CAPABILITIES)
  if ((input?.trim().length ?? 0) < 10)
    throw new ValidationError('input must say the job in 10 characters or more', [
      { field: 'input', message: 'must say the job in 10 characters or more' },
    ])
  const capability = agent as Capability
  const link = closedLink()
  const seen: { tools: TriedTool[]; notes: string[] } = { tools: [], notes: [] }
  try {
    for (const { name, text } of files) await link.writeFile(`uploads/${name}`, Buffer.from(text))
    const request = TaskExecutionRequest.parse({
      task_id: 'try',
      subtask: { id: 'try', description: input, required_capabilities: [capability] },
      task_context: { attachments: files.map(({ name }) => ({ filename: name, original_filename: name })) },
    })
    const output = await runStep({
      agentId: 'trial',
      capabilities: [capability],
      request,
      link,
      ports: createSkillPorts({
        link,
        signal,
        dataPath: kernel.config.tasks.dataPath,
        allowPrivateHosts: kernel.config.tasks.allowPrivateHosts,
        outboundHosts: kernel.config.tasks.outboundHosts,
        secrets: {},
        log: logInto(seen),
        now: () => new Date(kernel.clock.now()),
      }),
      model: modelOf(kernel, capability),
      skillsFirst: kernel.config.tasks.skillsFirst,
      log: logInto(seen),
      signal,
      modelCalls: [],
    }).catch((error: unknown) => {
      if (error instanceof SkillError) throw new AppError('INVALID_STATE', `${error.code}: ${error.message}`)
      throw error
    })
    const byModel = kernel.use(models).status().configured && !output.made_without_model && !seen.notes.some(isSkill)
    return { made_by: byModel ? 'model' : 'craft', output, ...seen, files: await readFiles(link) }
  } finally {
    await wait(0)
    await link.close()
  }
}

/** A link that ends with the trial: nobody is asked, and whatever would need a person is refused. */
function closedLink(): TaskLink {
  const link = createDetachedLink({ taskId: 'try', subtaskId: 'try', attempt: 1, resultsCall: () => undefined })
  const reads = new Set(['read_file', 'list_files', 'write_file'])
  return {
    ...link,
    approve: async (tool, args) =>
      reads.has(tool) || (tool === 'http_request' && /^(GET|HEAD)$/.test(String(args['method'])))
        ? { decision: 'approved', approval_id: null }
        : { decision: 'denied', approval_id: null, reason: 'an agent that is tried alone changes nothing' },
  }
}

const isSkill = (note: string) => note.startsWith('Built-in skill')

const logInto =
  (seen: { tools: TriedTool[]; notes: string[] }): StepLog =>
  (level, message, metadata = {}) => {
    const { tool, duration_ms: took, isError, ...about } = metadata
    if (typeof tool === 'string')
      seen.tools.push({ name: tool, about, duration_ms: Number(took ?? 0), ok: isError !== true })
    else if (level !== 'DEBUG' || isSkill(message)) seen.notes.push(message)
  }

function modelOf(kernel: Ctx['kernel'], capability: Capability) {
  const gateway = kernel.use(models)
  if (!gateway.status().configured) return undefined
  return createModelStep({
    gateway: async () => gateway,
    agentId: 'trial',
    capabilities: [capability],
    maxTurns: kernel.config.tasks.maxTurns,
    enableShell: false,
  })
}

async function readFiles(link: TaskLink): Promise<TriedFile[]> {
  const made = (await link.listFiles('.')).filter(({ path }) => !path.startsWith('uploads/'))
  return Promise.all(
    made.map(async ({ path, size }) => ({
      path,
      bytes: size,
      text: TEXTS.test(path) && size <= MOST_TEXT ? Buffer.from(await link.readFile(path)).toString() : null,
    })),
  )
}
