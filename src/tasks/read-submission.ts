import { createHash, randomUUID } from 'node:crypto'
import { once } from 'node:events'
import fs from 'node:fs'
import path from 'node:path'
import type { FastifyRequest } from 'fastify'
import { AppError, ValidationError } from '../kernel/errors/app-error.ts'
import type { Kernel } from '../kernel/kernel.ts'
import { artifactsRoot } from './folders.ts'
import { checkUploadName, MAX_UPLOAD_BYTES } from './upload-rules.ts'

/** A file of a submission, in a temporary place until the submission is accepted. */
export type ReceivedFile = { originalName: string; tempPath: string; bytes: number; sha256: string }
export type Submission = { fields: Record<string, unknown>; files: ReceivedFile[] }

const MAX_FIELD = 1_048_576

/** Form, urlencoded, JSON or query; a value in the body wins over the query. Files go to temporary files while they arrive. */
export async function readSubmission(request: FastifyRequest, kernel: Kernel): Promise<Submission> {
  const query = request.query as Record<string, unknown>
  if (!request.isMultipart()) {
    const body = request.body
    if (body !== undefined && body !== null && (typeof body !== 'object' || Array.isArray(body)))
      throw new ValidationError('The body must be a JSON object', [{ field: 'body', message: 'must be a JSON object' }])
    return { fields: { ...query, ...(body as object | undefined) }, files: [] }
  }
  const fields: Record<string, unknown> = { ...query }
  const files: ReceivedFile[] = []
  try {
    let total = 0
    for await (const part of request.parts({
      limits: { fileSize: MAX_UPLOAD_BYTES + 1, fieldSize: MAX_FIELD, fields: 100, files: 10_000, parts: 10_100 },
    })) {
      if (part.type === 'field') {
        if (part.valueTruncated)
          throw new ValidationError(`${part.fieldname} is too long`, [
            { field: part.fieldname, message: 'must be at most 1 MB' },
          ])
        fields[part.fieldname] = part.value
        continue
      }
      if (!part.filename) {
        part.file.resume()
        continue
      }
      // The database keeps no NUL, and half of a surrogate pair is no character.
      const name = part.filename.replaceAll('\0', '\ufffd').toWellFormed()
      checkUploadName(name)
      const file = await receive(kernel, name, part.file)
      files.push(file)
      total += file.bytes
      const limit = kernel.config.tasks.maxUploadTotalBytes
      if (limit !== undefined && total > limit)
        throw new AppError(
          'FILE_TOO_LARGE',
          `The files are ${total} bytes in total; at most ${limit} are accepted in one submission`,
          { total, limit },
        )
    }
    return { fields, files }
  } catch (error) {
    await discard(files)
    throw error
  }
}

async function receive(kernel: Kernel, originalName: string, stream: NodeJS.ReadableStream): Promise<ReceivedFile> {
  const folder = path.join(artifactsRoot(kernel.config), 'temp')
  await fs.promises.mkdir(folder, { recursive: true })
  const tempPath = path.join(folder, `upload-${randomUUID()}`)
  const hash = createHash('sha256')
  let bytes = 0
  const out = fs.createWriteStream(tempPath, { flags: 'wx' })
  try {
    for await (const chunk of stream) {
      const data = chunk as Buffer
      bytes += data.length
      if (bytes > MAX_UPLOAD_BYTES)
        throw new AppError('FILE_TOO_LARGE', `${originalName} is larger than 50 MB: split it or shorten it`, {
          file: originalName,
        })
      hash.update(data)
      if (!out.write(data)) await once(out, 'drain')
    }
    out.end()
    await once(out, 'close')
    if (bytes === 0)
      throw new AppError('EMPTY_FILE', `${originalName} is empty: attach a file with content`, { file: originalName })
    return { originalName, tempPath, bytes, sha256: hash.digest('hex') }
  } catch (error) {
    out.destroy()
    await fs.promises.rm(tempPath, { force: true })
    throw error
  }
}

export async function discard(files: readonly ReceivedFile[]): Promise<void> {
  await Promise.all(files.map((file) => fs.promises.rm(file.tempPath, { force: true })))
}
