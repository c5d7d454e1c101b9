import type { Kernel } from '../../kernel/kernel.ts'
import type { AgentInput } from '../agents/craft/craft.ts'
import { designJobs, MEDIA_JOBS } from '../agents/media/media-jobs.ts'
import type { EngineState, EngineTask } from '../engine/engine-state.ts'
import { mediaFiles } from '../files/media-files.ts'
import {
  MediaError,
  type MediaKind,
  type MediaKinds,
  type MediaResult,
  type MediaService,
  type MediaWork,
} from '../media-port.ts'
import { partsOf } from '../parts.ts'
import type { FileRef } from '../schema.ts'
import { ServiceOutageError } from '../services-port.ts'
import type { Produced } from './run-text.ts'
import { TaskFailure } from './task-failure.ts'

export type MediaHooks = {
  correlationId: string
  agentId: string
  signal: AbortSignal
  onSubmitted(externalJobId: string): Promise<void>
  onProgress(progress: number, step?: string): void
}

export type ProducedFile = Produced & { file: FileRef | null }

export const isMediaTask = (task: EngineTask) => MEDIA_JOBS[task.task_type] !== undefined

/** The Task Service makes what it can make; everything else, and placeholders, the local studio. */
function serviceFor(kernel: Kernel, kind: MediaKind, placeholder: boolean): MediaService {
  const { services, studio } = partsOf(kernel)
  return !placeholder && services.jobs?.makes(kind) ? services.jobs : studio
}

/** A picture, a sound or a cut. */
export async function runMedia(
  kernel: Kernel,
  s: EngineState,
  task: EngineTask,
  input: AgentInput,
  hooks: MediaHooks,
): Promise<ProducedFile> {
  const { kind, job } = MEDIA_JOBS[task.task_type]!(input)
  const service = serviceFor(kernel, kind, task.input['placeholder'] === true)
  const result = await make(service, kind, job, workOf(kernel, s, task, hooks))
  return {
    content: { ...result.content },
    file: result.file,
    draft: result.draft,
    generated_by: result.generated_by,
    quality_score: 100,
    warnings: result.warnings,
    resource_usage: result.resource_usage,
  }
}

function workOf(kernel: Kernel, s: EngineState, task: EngineTask, hooks: MediaHooks): MediaWork {
  const number = task.index === null ? '' : `/${String(task.index).padStart(4, '0')}`
  const scene = task.input['scene_number']
  return {
    workflow_id: s.workflow_id,
    project_id: s.project_id,
    task_id: task.task_id,
    agent_id: hooks.agentId,
    scene_id: typeof scene === 'number' ? `SCENE_${scene}` : null,
    correlation_id: hooks.correlationId,
    priority: s.priority,
    // The run makes it unique: a later version never overwrites the bytes of an earlier one.
    path: `${task.produces}${number}.v${task.run}`,
    files: mediaFiles(kernel, s.workflow_id),
    signal: hooks.signal,
    external_job_id: task.external_job_id,
    onSubmitted: hooks.onSubmitted,
    onProgress: hooks.onProgress,
  }
}

async function make<K extends MediaKind>(
  service: MediaService,
  kind: K,
  job: MediaKinds[K]['job'],
  work: MediaWork,
): Promise<MediaResult<K>> {
  try {
    return await service.make(kind, job, work)
  } catch (error) {
    if (error instanceof MediaError) throw new TaskFailure(error.type, error.category, error.message, { cause: error })
    if (error instanceof ServiceOutageError)
      throw new TaskFailure('SERVICE_UNAVAILABLE', 'outage', error.message, { cause: error })
    throw error
  }
}

/** Pictures for a design made in words. They are an addition: what fails is told and left out. */
export async function addDesignImages(
  kernel: Kernel,
  s: EngineState,
  task: EngineTask,
  input: AgentInput,
  produced: Produced,
  hooks: MediaHooks,
): Promise<ProducedFile> {
  let content = produced.content
  let file: FileRef | null = null
  const warnings = [...produced.warnings]
  let draft = produced.draft
  for (const { index, job } of designJobs(input, content)) {
    const service = serviceFor(kernel, 'design', false)
    if (!service.makes('design')) continue
    const work = workOf(kernel, s, task, hooks)
    try {
      const result = await make(service, 'design', job, {
        ...work,
        path: index === null ? work.path : `${work.path}.${index}`,
      })
      const { image_url } = result.content
      if (index === null) {
        content = { ...content, image_url }
        file = result.file
      } else
        content = {
          ...content,
          items: (content['items'] as object[]).map((d, i) => (i === index ? { ...d, image_url } : d)),
        }
      draft ||= result.draft
    } catch (error) {
      if (hooks.signal.aborted) throw error
      if (error instanceof TaskFailure && error.category === 'outage') throw error
      warnings.push(`no picture of ${job.name}: ${(error as Error).message}`)
    }
  }
  return { ...produced, content, warnings, file, draft }
}
