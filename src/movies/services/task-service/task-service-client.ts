import { z } from 'zod'
import type { ServiceCaller } from '../../services-port.ts'
import { Bulkhead } from '../core/bulkhead.ts'
import { CallError } from '../core/call-error.ts'
import { httpCall } from '../core/http-call.ts'
import type { ServiceLine } from '../core/service-line.ts'

const SUBMISSIONS = 8

const id = z.union([z.string().min(1), z.number()]).transform(String)
const Submitted = z.looseObject({ task_id: id, estimated_duration: z.number().nullish() })
const Result = z.looseObject({
  media_url: z.string().nullish(),
  payload_media_id: z.union([z.string(), z.number()]).nullish(),
  metadata: z.record(z.string(), z.unknown()).nullish(),
})
export type JobResult = z.infer<typeof Result>
const Status = z.looseObject({
  task_id: id.optional(),
  status: z.string().min(1),
  progress: z.number().nullish(),
  current_step: z.string().nullish(),
  result: Result.nullish(),
  error: z.unknown().optional(),
})
const Retried = z.looseObject({ task_id: id.optional(), new_task_id: id.optional() })
const Listed = z.looseObject({
  task_id: id,
  status: z.string(),
  metadata: z.record(z.string(), z.unknown()).nullish(),
})
export type ListedJob = z.infer<typeof Listed>

export type JobState =
  | { kind: 'working'; progress: number; step: string | undefined }
  | { kind: 'completed'; result: JobResult }
  | { kind: 'failed'; error: string }
  | { kind: 'cancelled' }
  | { kind: 'lost' }

/** What a status answer or a callback says; a completed job without a media address is one that failed. */
export function jobState(raw: unknown): JobState {
  const parsed = Status.safeParse(raw)
  if (!parsed.success) throw new CallError('bad_answer', 'the status of a job has no status', { transient: true })
  const { status, progress, current_step, result, error } = parsed.data
  const word = status.toLowerCase()
  if (word === 'completed' || word === 'succeeded') {
    if (result?.media_url) return { kind: 'completed', result }
    return { kind: 'failed', error: 'the job completed without a media address' }
  }
  if (word === 'failed' || word === 'error')
    return { kind: 'failed', error: typeof error === 'string' ? error : JSON.stringify(error ?? 'no reason given') }
  if (word === 'cancelled' || word === 'canceled') return { kind: 'cancelled' }
  return { kind: 'working', progress: Math.min(1, Math.max(0, progress ?? 0)), step: current_step ?? undefined }
}

export type SubmitBody = {
  project_id: string
  task_type: string
  task_data: Record<string, unknown>
  priority: 1 | 2 | 3
  callback_url: string
  metadata: Record<string, unknown>
}

/** The Task Service over HTTP (contract 2.6.3), call by call; what a job means is not known here. */
export function createTaskServiceClient(options: { url: string; key?: string | undefined; line: ServiceLine }) {
  const { url, line } = options
  const submissions = new Bulkhead(SUBMISSIONS)
  const headers = (caller: ServiceCaller): Record<string, string> => ({
    ...(options.key ? { 'x-api-key': options.key } : {}),
    'x-correlation-id': caller.correlation_id,
  })
  const at = (job: string, rest = '') => `${url}/api/v1/tasks/${encodeURIComponent(job)}${rest}`

  return {
    /** One try: whoever calls must look whether an earlier one has arrived after all before trying again. */
    submit: (body: SubmitBody, caller: ServiceCaller, idempotencyKey: string) =>
      submissions.run(caller.priority, undefined, () =>
        line.call(
          'submit',
          caller,
          async (signal) => {
            const answer = await httpCall({
              method: 'POST',
              url: `${url}/api/v1/tasks/submit`,
              headers: { ...headers(caller), 'idempotency-key': idempotencyKey },
              body,
              signal,
            })
            const parsed = Submitted.safeParse(answer.body)
            if (!parsed.success)
              throw new CallError('bad_answer', 'a submission was answered without a task_id', { transient: true })
            return { job: parsed.data.task_id, estimated: parsed.data.estimated_duration ?? null }
          },
          { retries: 0 },
        ),
      ),

    status: (job: string, caller: ServiceCaller, signal: AbortSignal): Promise<JobState> =>
      line.call(
        'status',
        caller,
        async (limit) => {
          const answer = await httpCall({
            method: 'GET',
            url: at(job, '/status'),
            headers: headers(caller),
            signal: limit,
            accept: [404],
          })
          return answer.status === 404 ? { kind: 'lost' as const } : jobState(answer.body)
        },
        { signal },
      ),

    /** The id of the job that now does the work; null when the service does not try this one again. */
    retry: (job: string, caller: ServiceCaller): Promise<string | null> =>
      line.call('retry', caller, async (signal) => {
        const answer = await httpCall({
          method: 'POST',
          url: at(job, '/retry'),
          headers: headers(caller),
          signal,
          accept: [400, 404, 405, 409],
        })
        const parsed = Retried.safeParse(answer.body)
        if (answer.status >= 400 || !parsed.success) return null
        return parsed.data.new_task_id ?? parsed.data.task_id ?? null
      }),

    /** One that has finished, or that nobody knows any more, counts as stopped. */
    cancel: (job: string, caller: ServiceCaller, retries?: number): Promise<void> =>
      line.call(
        'cancel',
        caller,
        async (signal) => {
          const own = headers(caller)
          const { status } = await httpCall({
            method: 'DELETE',
            url: at(job),
            headers: own,
            signal,
            accept: [400, 404, 405, 409],
          })
          if (status !== 404 && status !== 405) return
          await httpCall({
            method: 'DELETE',
            url: at(job, '/cancel'),
            headers: own,
            signal,
            accept: [400, 404, 405, 409],
          })
        },
        retries === undefined ? {} : { retries },
      ),

    /** Jobs of a project, newest first as the service lists them; null when it does not tell. */
    jobsOf: (projectId: string, taskType: string, caller: ServiceCaller): Promise<ListedJob[] | null> =>
      line.call('project_jobs', caller, async (signal) => {
        const query = new URLSearchParams({ task_type: taskType, page: '1', limit: '100' })
        const { status, body } = await httpCall({
          method: 'GET',
          url: `${url}/api/v1/projects/${encodeURIComponent(projectId)}/tasks?${query}`,
          headers: headers(caller),
          signal,
          accept: [404, 405],
        })
        if (status >= 400) return null
        const record = body as Record<string, unknown> | null
        const list = Array.isArray(body) ? body : (record?.['tasks'] ?? record?.['items'] ?? record?.['data'])
        if (!Array.isArray(list)) return null
        return list.flatMap((one) => {
          const parsed = Listed.safeParse(one)
          return parsed.success ? [parsed.data] : []
        })
      }),

    probe: (caller: ServiceCaller, timeoutSeconds: number) =>
      line.call('probe', caller, (signal) => httpCall({ method: 'GET', url: `${url}/api/v1/health`, signal }), {
        retries: 0,
        timeoutSeconds,
      }),
  }
}
export type TaskServiceClient = ReturnType<typeof createTaskServiceClient>
