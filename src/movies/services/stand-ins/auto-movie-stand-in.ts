import { type Answer, HttpStandIn, type Request } from './http-stand-in.ts'

export type StandInProject = Record<string, unknown> & { id: string }
type Stored = { kind: string; record: Record<string, unknown> }
type Upload = { projectId: string; mediaType: string; bytes: number; name: string; description: string }

/** Auto-Movie as contract 2.6.1 has it, in memory: projects with their updates, records, media. */
export class AutoMovieStandIn extends HttpStandIn {
  readonly projects = new Map<string, StandInProject>()
  /** Every PUT in the order in which it arrived. */
  readonly updates: { id: string; body: any }[] = []
  readonly records: Stored[] = []
  readonly uploads: Upload[] = []
  /** Any project asked for exists, made on the spot. */
  readonly generous: boolean

  constructor(options: { key?: string; generous?: boolean } = {}) {
    super((request) => this.#answer(request), { key: options.key ?? null })
    this.generous = options.generous ?? false
  }

  add(project: StandInProject) {
    this.projects.set(project.id, project)
  }

  async #answer(request: Request): Promise<Answer> {
    const { method, path } = request
    const project = /^\/api\/v1\/projects\/([^/]+)$/.exec(path)?.[1]
    if (project) return this.#project(method, decodeURIComponent(project), request)
    if (method === 'GET' && path === '/api/v1/projects') return { body: { projects: [...this.projects.values()] } }
    if (method === 'GET' && path === '/api/v1/media')
      return { body: { media: [], pagination: { page: 1, totalPages: 0, totalDocs: 0 } } }
    if (method === 'POST' && path === '/api/v1/media/upload') return this.#upload(request)
    const kind = /^\/api\/(characters|episodes|scenes)$/.exec(path)?.[1]
    if (method === 'POST' && kind) {
      this.records.push({ kind, record: request.json() })
      return { status: 201, body: { id: `${kind}-${this.records.length}` } }
    }
    return { status: 404, body: { error: 'no such address' } }
  }

  #project(method: string, id: string, request: Request): Answer {
    if (!this.projects.has(id) && this.generous) this.add({ id, title: '', description: '', status: 'draft' })
    const found = this.projects.get(id)
    if (!found) return { status: 404, body: { error: 'project not found' } }
    if (method === 'GET') return { body: found }
    if (method !== 'PUT') return { status: 405, body: { error: 'not allowed' } }
    const body = request.json()
    if (typeof body.status !== 'string' || typeof body.progress?.overallProgress !== 'number')
      return { status: 400, body: { error: 'validation', details: ['status', 'progress.overallProgress'] } }
    this.updates.push({ id, body })
    this.projects.set(id, { ...found, ...body })
    return { body: this.projects.get(id) }
  }

  async #upload(request: Request): Promise<Answer> {
    const type = String(request.headers['content-type'] ?? '')
    if (!type.startsWith('multipart/form-data')) return { status: 400, body: { error: 'multipart expected' } }
    const form = await new Response(new Uint8Array(request.raw), { headers: { 'content-type': type } }).formData()
    const files = form.getAll('files').filter((one): one is File => one instanceof File)
    if (files.length === 0 || !form.get('projectId')) return { status: 400, body: { error: 'files and projectId' } }
    const media = files.map((file) => {
      this.uploads.push({
        projectId: String(form.get('projectId')),
        mediaType: String(form.get('mediaType')),
        description: String(form.get('description')),
        bytes: file.size,
        name: file.name,
      })
      return { id: `media-${this.uploads.length}`, url: `${this.url}/media/${this.uploads.length}` }
    })
    return { status: 201, body: { media } }
  }
}
