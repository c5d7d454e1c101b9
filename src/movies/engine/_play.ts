import { buildInput } from '../agents/build-input.ts'
import { checkResult } from '../agents/check-result.ts'
import { CRAFTS } from '../agents/craft/crafts.ts'
import { MEDIA_JOBS } from '../agents/media/media-jobs.ts'
import { normalise } from '../agents/normalise.ts'
import { CreateWorkflow } from '../schema.ts'
import { createWorkflowState, type NewWorkflow } from './create-workflow-state.ts'
import { type EngineEvent, type EngineState, type EngineTask, NO_PROJECT, type Transition } from './engine-state.ts'
import { readyTasks } from './task-graph.ts'
import { completeTask, failTask, startTask, type TaskError } from './task-inputs.ts'
import { transition } from './transition.ts'
import type { Work } from './work.ts'

/** Test help: plays whole workflows in memory, with the crafts as agents and made-up media. */

export const T0 = Date.parse('2026-01-01T00:00:00.000Z')
export const at = (seconds: number) => new Date(T0 + seconds * 1000).toISOString()

export const newWorkflow = (over: Partial<NewWorkflow> = {}): NewWorkflow => ({
  ...(CreateWorkflow.parse({
    project_id: 'p1',
    workflow_type: 'movie_creation',
    title: 'Signal at Dawn',
    description: 'A lone operator hears a voice from an empty station.',
    genre: 'science_fiction',
    target_duration: 24,
    style_preferences: { visual_style: 'cinematic', tone: 'dramatic' },
  }) as NewWorkflow),
  workflow_id: '00000000-0000-4000-8000-000000000001',
  project: NO_PROJECT,
  supplied: [],
  inherited: [],
  ...over,
})

export type Agent = (task: EngineTask, s: EngineState) => Record<string, unknown> | TaskError
export const isTaskError = (answer: Record<string, unknown> | TaskError): answer is TaskError =>
  typeof answer['category'] === 'string' && typeof answer['message'] === 'string'

/** Answers like the built-in agents do, with addresses instead of pictures. */
export const craftAgent: Agent = (task, s) => {
  const input = buildInput(s, task, at(0))
  const raw = MEDIA_JOBS[task.task_type] ? madeUpMedia(task, s) : CRAFTS[task.produces]!(input)
  const checked = checkResult(task.produces, normalise(task.produces, raw, input).content, input)
  if (!checked.valid) return { type: 'INVALID_OUTPUT', message: checked.violations.join('; '), category: 'recoverable' }
  return { ...checked.content, __score: checked.score }
}

const CHECKSUM = `sha256:${'0'.repeat(64)}`

function madeUpMedia(task: EngineTask, s: EngineState): Record<string, unknown> {
  const segments = s.artifacts.filter((a) => a.name === 'video_segments' && !a.dropped)
  const seconds = new Map(segments.map((a) => [a.index, Number(a.content['duration_seconds'])]))
  const total = [...seconds.values()].reduce((sum, n) => sum + n, 0)
  let t = 0
  const edit = {
    video_url: `/${task.task_type}.mp4`,
    duration_seconds: total || 1,
    edit_timeline: [...seconds]
      .sort(([a], [b]) => a! - b!)
      .map(([index, n]) => {
        const entry = {
          segment_id: `SEGMENT_${index! + 1}`,
          start_time: t,
          end_time: t + n,
          transition_out: 'hard_cut',
        }
        t += n
        return entry
      }),
    checksum: CHECKSUM,
  }
  const job = MEDIA_JOBS[task.task_type]!(buildInput(s, task, at(0))).job as Record<string, any>
  const answers: Record<string, () => Record<string, unknown>> = {
    frames: () => ({ frame_id: task.input['frame_id'], image_url: '/frame.svg', provider_metadata: {} }),
    segments: () => ({
      segment_id: task.input['segment_id'],
      associated_frames: task.input['frame_ids'],
      video_url: '/segment.mp4',
      duration_seconds: task.input['duration'],
      provider_metadata: {},
    }),
    dialogue_audio: () => ({
      line_id: task.input['line_id'],
      character: task.input['character'],
      audio_url: '/line.wav',
      duration: 2,
    }),
    audio_mix: () => ({ audio_url: '/mix.wav', duration: job['duration'], loudness_lufs: -23, peaks: [0] }),
    final_qc: () => ({
      status: 'pass',
      issues: [{ code: 'DRAFT_MEDIA', severity: 'low', description: 'draft' }],
      recommended_actions: [],
      preview_images: [],
      technical: { duration: total, codec: 'h264', resolution: '1280x720', fps: 24 },
    }),
    marketing: () => ({ trailer_url: '/trailer.mp4', clips: [], stills: [], captions: [] }),
    distribution: () => ({}),
  }
  const sound = () => ({
    items: (job['cues'] as Record<string, unknown>[]).map((c) => ({ ...c, audio_url: '/cue.wav' })),
  })
  const make = answers[task.task_type] ?? (job['cues'] ? sound : () => edit)
  return make()
}

const distribution = (s: EngineState) => ({
  storage_location: '/final.mp4',
  public_url: 'http://127.0.0.1/final.mp4',
  expires_at: at(72 * 3600),
  metadata: { title: s.title, duration_seconds: 24, checksum: CHECKSUM, tags: [] },
  audit_log_id: 'a1',
})

export class Play {
  state: EngineState
  events: EngineEvent[] = []
  clock = 0
  agent: Agent
  started: EngineTask[] = []
  constructor(input: Partial<NewWorkflow> = {}, agent: Agent = craftAgent) {
    this.agent = agent
    this.state = this.take(createWorkflowState(newWorkflow(input), at(0)))
  }
  private take(t: Transition): EngineState {
    this.events.push(...t.events)
    this.state = t.state
    return t.state
  }
  do(input: (w: Work) => void) {
    this.clock += 1
    this.take(transition(this.state, at(this.clock), input))
    return this
  }
  ready() {
    return readyTasks(this.state, at(this.clock))
  }
  /** Works on one ready task. False when nothing is ready. */
  step(choose: (ready: EngineTask[]) => EngineTask | undefined = (ready) => ready[0]): boolean {
    const task = choose(this.ready())
    if (!task) return this.skipToRetry()
    this.started.push(task)
    this.do((w) => void startTask(w, task.task_id, `builtin:${task.capability}`))
    const live = this.state.tasks.find((t) => t.task_id === task.task_id)!
    const answer = task.task_type === 'distribution' ? distribution(this.state) : this.agent(live, this.state)
    this.do((w) => {
      if (isTaskError(answer)) failTask(w, task.task_id, answer, { delaySeconds: 0.1, random: 0.5, agentRetries: 2 })
      else {
        const { __score, __also, ...content } = answer as Record<string, any>
        const also = task.produces === 'episode_outline' ? [{ name: 'scene_list', content: content['scene_list'] }] : []
        completeTask(w, task.task_id, {
          content,
          also,
          file: null,
          draft: true,
          generated_by: 'template',
          quality_score: __score ?? 100,
          resource_usage: {},
          warnings: [],
        })
      }
    })
    return true
  }
  private skipToRetry(): boolean {
    const next = this.state.tasks
      .filter((t) => t.status === 'pending' && !t.superseded && t.next_retry_at)
      .map((t) => (Date.parse(t.next_retry_at!) - T0) / 1000)
      .sort((a, b) => a - b)[0]
    if (next === undefined || next <= this.clock || this.state.status !== 'running') return false
    this.clock = Math.ceil(next)
    return true
  }
  run(limit = 5000) {
    for (let i = 0; i < limit && this.step(); i++);
    return this
  }
  content(name: string, index: number | null = null): any {
    return this.state.artifacts.findLast((a) => a.name === name && a.index === index && !a.dropped)?.content
  }
  tasks(type: string) {
    return this.state.tasks.filter((t) => t.task_type === type)
  }
}
