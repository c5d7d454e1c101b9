import path from 'node:path'
import { z } from 'zod'
import { ValidationError } from '../../kernel/errors/app-error.ts'
import { HttpReply, type Router } from '../../kernel/http/route.ts'
import { exportWorkflow, listExports } from '../exports/export-workflow.ts'
import { importScreenplay } from '../exports/import-screenplay.ts'

const IMPORT_LIMIT = 6 * 1024 * 1024
const tag = 'exports'
const Id = z.object({ id: z.string() })

const ImportScreenplay = z.object({
  name: z.string().trim().min(1, 'is required: the name of the file').max(255),
  /** The text of the file; or its bytes in base64, which keeps encodings apart. */
  text: z.string().optional(),
  content_base64: z.string().optional(),
})

/** Screenplays in, everything else out. */
export function exportRoutes(router: Router) {
  router.add({
    method: 'POST',
    url: '/api/v1/screenplays/import',
    summary: 'Read a screenplay (Fountain or Final Draft) into artifacts a workflow can start from',
    tag,
    access: 'write',
    bodyLimit: IMPORT_LIMIT,
    body: ImportScreenplay,
    handler: async (_ctx, { body }) => {
      const { screenplay: _kept, ...read } = importScreenplay(bytesOf(body))
      return { name: body.name, ...read, title: read.title ?? titleOf(body.name) }
    },
  })
  router.add({
    method: 'GET',
    url: '/api/v1/workflows/:id/exports',
    summary: 'Formats the production can be handed out in, with size and what each cannot carry',
    tag,
    access: 'read',
    params: Id,
    handler: (ctx, { params }) => listExports(ctx, params.id),
  })
  router.add({
    method: 'GET',
    url: '/api/v1/workflows/:id/exports/:format',
    summary: 'The production in one format',
    tag,
    access: 'read',
    params: Id.extend({ format: z.string() }),
    handler: async (ctx, { params }) => {
      const file = await exportWorkflow(ctx, params.id, params.format)
      return new HttpReply(200, Buffer.from(file.bytes), {
        'content-type': file.mime,
        'content-disposition': `attachment; filename="${asciiName(file.name)}"; filename*=UTF-8''${encodeURIComponent(file.name)}`,
        'x-export-loss-count': String(file.loss.length),
        'x-content-type-options': 'nosniff',
        'cache-control': 'private, no-cache',
      })
    },
  })
}

function bytesOf({ text, content_base64 }: z.output<typeof ImportScreenplay>): Uint8Array {
  if (content_base64 !== undefined) {
    if (!/^[A-Za-z0-9+/\s]*={0,2}\s*$/.test(content_base64)) refuse('content_base64', 'is not base64')
    return Buffer.from(content_base64, 'base64')
  }
  if (text === undefined) return refuse('text', 'is required: the text of the screenplay')
  // A browser that read bytes as text has put this character for all it could not read.
  if (text.includes('\ufffd')) refuse('text', 'is not UTF-8 text: save the screenplay as .fountain or .fdx')
  return Buffer.from(text, 'utf8')
}

const refuse = (field: string, message: string): never => {
  throw new ValidationError(`${field}: ${message}`, [{ field, message }])
}

const titleOf = (name: string) =>
  path.parse(name.replaceAll('\\', '/')).name.replace(/[_-]+/g, ' ').trim().slice(0, 200) || null
const asciiName = (name: string) => name.normalize('NFKD').replace(/[^A-Za-z0-9._-]+/g, '') || 'export'
