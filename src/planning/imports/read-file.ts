import type { FastifyInstance, FastifyRequest } from 'fastify'
import { AppError, ValidationError } from '../../kernel/errors/app-error.ts'

const MAX_BYTES = 1024 * 1024
const XLSX = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet'
const EXTENSIONS: Readonly<Record<string, string>> = { 'text/csv': 'csv', 'text/plain': 'csv', [XLSX]: 'xlsx' }
const tooLarge = () => new AppError('PAYLOAD_TOO_LARGE', 'The file is larger than 1 MiB: split it or leave columns out')
const typeOf = (request: FastifyRequest) => (request.headers['content-type'] ?? '').split(';')[0]!.trim().toLowerCase()
const unsupported = (type: string) =>
  new AppError(
    'UNSUPPORTED_MEDIA_TYPE',
    `${type || 'No content type'} is not read here: send text/csv, XLSX or multipart`,
  )

/** Lets the import paths, and only them, take a table as the body itself. */
export function acceptTables(app: FastifyInstance): void {
  app.addContentTypeParser(['text/csv', XLSX], { parseAs: 'buffer', bodyLimit: MAX_BYTES }, (request, body, done) => {
    if (/\/imports\/[^/]+$/.test(request.url.split('?')[0]!)) done(null, body)
    else done(unsupported(typeOf(request)))
  })
}

export type TableFile = { name: string; bytes: Uint8Array }

/** The one file of an import, of a multipart field or the body itself, at most 1 MiB. */
export async function readTableFile(request: FastifyRequest): Promise<TableFile> {
  if (request.isMultipart()) {
    const part = await request.file({ limits: { fileSize: MAX_BYTES, files: 1 }, throwFileSizeLimit: false })
    if (!part) throw missing()
    const bytes = await part.toBuffer()
    if (part.file.truncated) throw tooLarge()
    return { name: part.filename, bytes: full(bytes) }
  }
  const extension = EXTENSIONS[typeOf(request)]
  if (!extension) throw unsupported(typeOf(request))
  const body = request.body as Buffer | string | undefined
  return { name: `upload.${extension}`, bytes: full(Buffer.from(body ?? '')) }
}

const missing = () =>
  new ValidationError('The import needs a file', [{ field: 'file', message: 'is missing or empty: send CSV or XLSX' }])
function full(bytes: Uint8Array): Uint8Array {
  if (bytes.length === 0) throw missing()
  if (bytes.length > MAX_BYTES) throw tooLarge()
  return bytes
}
