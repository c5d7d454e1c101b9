import { z } from 'zod'
import type { OutsideProject, ProjectService, ServiceCaller } from '../../services-port.ts'
import { CallError } from '../core/call-error.ts'
import { httpCall } from '../core/http-call.ts'
import type { OutboxEntry } from '../core/outbox.ts'
import type { ServiceLine } from '../core/service-line.ts'
import { ratingOf } from './phases.ts'

export type AutoMovieOptions = {
  url: string
  key?: string | undefined
  token?: string | undefined
  line: ServiceLine
  /** Bytes of a file of a workflow. */
  readFile(workflowId: string, path: string): Promise<Uint8Array>
}

/** A request waits for Auto-Movie no longer than this; the workflow then starts without it. */
const START_DEADLINE_SECONDS = 3

const Reference = z.looseObject({ id: z.coerce.string().default(''), url: z.string() })
const Project = z.looseObject({
  id: z.coerce.string(),
  title: z.string().nullish(),
  description: z.string().nullish(),
  genre: z.string().nullish(),
  targetAudience: z.unknown().optional(),
  styleReferences: z.array(z.unknown()).nullish(),
  projectSettings: z.looseObject({}).nullish(),
})
const MediaPage = z.looseObject({ media: z.array(z.unknown()) })

const references = (list: readonly unknown[] | null | undefined) =>
  (list ?? []).flatMap((one) => {
    const parsed = Reference.safeParse(typeof one === 'string' ? { id: one, url: one } : one)
    return parsed.success ? [{ id: parsed.data.id, url: parsed.data.url }] : []
  })
const positive = (value: unknown) => (typeof value === 'number' && value > 0 ? value : null)
const word = (value: unknown) => (typeof value === 'string' && value !== '' ? value : null)

/** Auto-Movie: owner of projects. Reads here; everything it is told goes through the outbox and arrives in `deliver`. */
export function createAutoMovie(options: AutoMovieOptions) {
  const { line, url } = options
  const headers: Record<string, string> = options.token
    ? { authorization: `Bearer ${options.token}` }
    : options.key
      ? { 'x-api-key': options.key }
      : {}
  const own = (caller: ServiceCaller) => ({ ...headers, 'x-correlation-id': caller.correlation_id })
  const get = (path: string, caller: ServiceCaller, signal: AbortSignal, accept: number[] = []) =>
    httpCall({ method: 'GET', url: `${url}${path}`, headers: own(caller), signal, accept })

  async function styleMedia(projectId: string, caller: ServiceCaller) {
    const query = new URLSearchParams({ projectId, mediaType: 'style_reference' })
    const body = await line.call(
      'list_media',
      caller,
      async (signal) => (await get(`/api/v1/media?${query}`, caller, signal)).body,
      { retries: 0, deadlineSeconds: START_DEADLINE_SECONDS },
    )
    const page = MediaPage.safeParse(body)
    return page.success ? references(page.data.media) : []
  }

  const service: ProjectService = {
    async getProject(projectId, caller) {
      const found = await line.call(
        'get_project',
        caller,
        async (signal) => {
          const { status, body } = await get(`/api/v1/projects/${encodeURIComponent(projectId)}`, caller, signal, [404])
          if (status === 404) return null
          const wrapped = (body as { project?: unknown } | null)?.project ?? body
          const parsed = Project.safeParse(wrapped)
          if (!parsed.success)
            throw new CallError('bad_answer', 'the project has no id: not an answer of Auto-Movie', { transient: true })
          return parsed.data
        },
        { deadlineSeconds: START_DEADLINE_SECONDS },
      )
      if (!found) return null
      const listed = references(found.styleReferences)
      // An addition: without it the film is made all the same.
      const media = listed.length > 0 ? listed : await styleMedia(projectId, caller).catch(() => [])
      return toProject(found, media)
    },
  }

  async function deliver(entry: OutboxEntry, caller: ServiceCaller): Promise<void> {
    const { payload, operation } = entry
    const send = (method: string, path: string, body: unknown) =>
      line.call(
        operation,
        caller,
        (signal) => httpCall({ method, url: `${url}${path}`, headers: own(caller), body, signal }),
        { retries: 0 },
      )
    if (operation === 'update_progress')
      await send('PUT', `/api/v1/projects/${encodeURIComponent(String(payload['project_id']))}`, payload['body'])
    else if (operation === 'upload_media')
      await send('POST', '/api/v1/media/upload', await mediaForm(payload, options.readFile))
    else await send('POST', `/api/${String(payload['kind'])}`, payload['record'])
  }

  const probe = (caller: ServiceCaller, timeoutSeconds: number) =>
    line.call('probe', caller, (signal) => get('/api/v1/projects?limit=1', caller, signal), {
      retries: 0,
      timeoutSeconds,
    })

  return { service, deliver, probe }
}

function toProject(found: z.infer<typeof Project>, media: { id: string; url: string }[]): OutsideProject {
  const settings = found.projectSettings ?? {}
  return {
    id: found.id,
    title: found.title ?? '',
    description: found.description ?? '',
    genre: word(found.genre),
    episode_duration: positive(settings['episodeDuration']),
    aspect_ratio: word(settings['aspectRatio']),
    quality_tier: word(settings['qualityTier']),
    content_rating: ratingOf(found.targetAudience),
    style_references: media,
    raw: found,
  }
}

async function mediaForm(payload: Record<string, unknown>, readFile: AutoMovieOptions['readFile']): Promise<FormData> {
  const path = String(payload['path'])
  const bytes = await readFile(String(payload['workflow_id']), path).catch((error: Error) => {
    throw new CallError('no_file', `${path} is gone: ${error.message}`, { transient: false })
  })
  const form = new FormData()
  form.set('projectId', String(payload['project_id']))
  form.set('mediaType', String(payload['media_type']))
  form.set('description', String(payload['description'] ?? ''))
  form.set('tags', ((payload['tags'] as string[] | undefined) ?? []).join(','))
  const blob = new Blob([new Uint8Array(bytes)], { type: String(payload['mime_type'] ?? 'application/octet-stream') })
  form.append('files', blob, path.split('/').at(-1)!)
  return form
}
