import { createHash } from 'node:crypto'
import fs from 'node:fs/promises'
import path from 'node:path'
import { AppError } from '../../kernel/errors/app-error.ts'
import { writeWhole } from '../../kernel/files/write-whole.ts'
import type { Kernel } from '../../kernel/kernel.ts'
import type { MediaFiles } from '../media-port.ts'
import type { FileRef } from '../schema.ts'
import { artifactsRoot } from '../store/load-state.ts'

const FOLDER = 'media'

export const fileUrl = (workflowId: string, file: string) =>
  `/api/v1/workflows/${workflowId}/files/${file.split('/').map(encodeURIComponent).join('/')}`

/** Path of a file of a workflow on this host. A path that leaves the folder, or is no plain path, is refused. */
export function localPath(kernel: Kernel, workflowId: string, file: string): string {
  const root = path.join(artifactsRoot(kernel), workflowId, FOLDER)
  const clean = file.replaceAll('\\', '/')
  const full = path.resolve(root, clean)
  const inside = full.startsWith(root + path.sep) && !clean.split('/').includes('..') && !clean.includes('\0')
  if (!inside) throw new AppError('VALIDATION_ERROR', `path ${file} is not a file of this workflow`, { path: file })
  return full
}

/** The media folder of one workflow, as the studio and the services see it. */
export function mediaFiles(kernel: Kernel, workflowId: string): MediaFiles {
  const prefix = fileUrl(workflowId, '')
  const relative = (pathOrUrl: string) =>
    pathOrUrl.startsWith(prefix)
      ? pathOrUrl.slice(prefix.length).split('/').map(decodeURIComponent).join('/')
      : pathOrUrl
  const at = (pathOrUrl: string) => localPath(kernel, workflowId, relative(pathOrUrl))
  const refOf = async (file: string, mimeType: string): Promise<FileRef> => {
    const bytes = await fs.readFile(at(file))
    return {
      path: file,
      url: fileUrl(workflowId, file),
      bytes: bytes.byteLength,
      sha256: createHash('sha256').update(bytes).digest('hex'),
      mime_type: mimeType,
    }
  }
  return {
    async write(file, bytes, mimeType) {
      const full = at(file)
      await writeWhole(full, bytes)
      return {
        path: file,
        url: fileUrl(workflowId, file),
        bytes: bytes.byteLength,
        sha256: createHash('sha256').update(bytes).digest('hex'),
        mime_type: mimeType,
      }
    },
    adopt: refOf,
    read: async (pathOrUrl) => fs.readFile(at(pathOrUrl)),
    localPath: at,
    url: (file) => fileUrl(workflowId, file),
  }
}

/** Removes the files of a workflow that is gone. */
export const removeFiles = (kernel: Kernel, workflowId: string) =>
  fs.rm(path.join(artifactsRoot(kernel), workflowId), { recursive: true, force: true })
