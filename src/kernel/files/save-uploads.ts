import { AppError } from '../errors/app-error.ts'
import { type FileStore, MAX_FILE_BYTES, type StoredFile } from './file-store.ts'
import { extensionOf, freeName, uploadName } from './upload-name.ts'

/** One file of a multipart request, as the HTTP layer reads it. */
export type Upload = { filename: string; mimetype?: string; content: AsyncIterable<Uint8Array> }
export type UploadRules = {
  /** Lower case, without dot. Absent: any. */
  extensions?: readonly string[]
  maxFileBytes?: number
  /** Of all files of one submission. */
  maxTotalBytes?: number
  maxFiles?: number
}
export type SavedUpload = StoredFile & { filename: string; originalName: string; mimetype: string | undefined }

/**
 * Stores the files of one submission below `folder`: all of them or none. Throws FILE_TYPE_NOT_ALLOWED (listing what is allowed), FILE_TOO_LARGE,
 * FILE_EMPTY, TOO_MANY_FILES; then nothing stays.
 */
export async function saveUploads(
  store: FileStore,
  folder: string,
  uploads: AsyncIterable<Upload> | Iterable<Upload>,
  rules: UploadRules = {},
): Promise<SavedUpload[]> {
  const { extensions, maxFileBytes = MAX_FILE_BYTES, maxTotalBytes, maxFiles } = rules
  const saved: SavedUpload[] = []
  const taken = new Set<string>()
  let total = 0
  try {
    for await (const { filename: originalName, mimetype, content } of uploads) {
      if (maxFiles !== undefined && saved.length >= maxFiles)
        throw new AppError('TOO_MANY_FILES', `At most ${maxFiles} files are accepted at once.`, { maxFiles })
      const name = uploadName(originalName)
      const extension = extensionOf(name)
      if (extensions && !extensions.includes(extension))
        throw new AppError(
          'FILE_TYPE_NOT_ALLOWED',
          `${name}: files of type ${extension ? `.${extension}` : 'without extension'} are not accepted. Accepted: ${extensions.join(', ')}.`,
          { filename: name, allowed: extensions },
        )
      const filename = freeName(name, taken)
      const left = maxTotalBytes === undefined ? maxFileBytes : Math.min(maxFileBytes, maxTotalBytes - total)
      const file = await store
        .put(`${folder}/${filename}`, content, { maxBytes: Math.max(0, left) })
        .catch((error: unknown) => {
          if (!(error instanceof AppError) || error.code !== 'FILE_TOO_LARGE') throw error
          throw left < maxFileBytes
            ? new AppError(
                'FILE_TOO_LARGE',
                `The files together are larger than ${maxTotalBytes} bytes, the most accepted at once.`,
                { maxTotalBytes },
              )
            : new AppError(
                'FILE_TOO_LARGE',
                `${name} is larger than ${maxFileBytes} bytes, the most accepted per file.`,
                { filename: name, maxBytes: maxFileBytes },
              )
        })
      saved.push({ ...file, filename, originalName, mimetype })
      if (file.bytes === 0) throw new AppError('FILE_EMPTY', `${name} is empty.`, { filename: name })
      total += file.bytes
    }
    return saved
  } catch (error) {
    await Promise.allSettled(saved.map(({ key }) => store.delete(key)))
    throw error
  }
}
