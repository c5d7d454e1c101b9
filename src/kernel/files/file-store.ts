import { createHash } from 'node:crypto'
import type { Readable } from 'node:stream'
import { AppError } from '../errors/app-error.ts'
import { normaliseRelative } from '../tools/sandbox-path.ts'

export type StoredFile = {
  key: string
  bytes: number
  /** Hex. */
  sha256: string
  contentType: string
  modifiedAt: Date
}
export type Content = Uint8Array | string | AsyncIterable<Uint8Array>
export type PutOptions = {
  contentType?: string
  /** Default: the store's limit. */
  maxBytes?: number
  signal?: AbortSignal
}
/** Both ends inclusive, as in HTTP. */
export type ByteRange = { start: number; end?: number }

/**
 * Files by key: relative paths with `/`. The conformance suite beside this file holds for every store.
 * F1 A put is whole or not at all: readers see the old file or the new one. F2 What was put is what is read: sha256 is of the content.
 * F3 Nothing outside the store can be named. F4 Deleting what is not there is no error.
 */
export type FileStore = {
  readonly name: string
  /** Throws FILE_TOO_LARGE (nothing stays), PATH_NOT_ALLOWED, STORE_UNAVAILABLE. */
  put(key: string, content: Content, options?: PutOptions): Promise<StoredFile>
  head(key: string): Promise<StoredFile | undefined>
  /** Throws FILE_NOT_FOUND, RANGE_NOT_SATISFIABLE. Whoever opens reads the stream to its end or destroys it. */
  open(key: string, range?: ByteRange): Promise<{ file: StoredFile; stream: Readable }>
  /** The whole file. Throws FILE_NOT_FOUND; FILE_TOO_LARGE above `maxBytes` (default 50 MB). */
  read(key: string, maxBytes?: number): Promise<Buffer>
  /** Keys that begin with `prefix`, in byte order. `next` continues as `after`. */
  list(
    prefix: string,
    options?: { limit?: number; after?: string },
  ): Promise<{ files: Omit<StoredFile, 'sha256' | 'contentType'>[]; next?: string }>
  /** True when it was there. */
  delete(key: string): Promise<boolean>
}

export const MAX_FILE_BYTES = 50 * 1024 * 1024

export const fileNotFound = (key: string) => new AppError('FILE_NOT_FOUND', `There is no file ${key}.`, { key })
export const fileTooLarge = (key: string, maxBytes: number) =>
  new AppError('FILE_TOO_LARGE', `${key} is larger than ${maxBytes} bytes, the most that is accepted.`, {
    key,
    maxBytes,
  })

/** A key in its one spelling. Throws PATH_NOT_ALLOWED. */
export function checkKey(key: string): string {
  const normal = normaliseRelative(key)
  if (normal === '.' || normal.split('/').some((part) => part.startsWith('.troupe-')))
    throw new AppError('PATH_NOT_ALLOWED', `${JSON.stringify(key)} is no usable file key.`, { key })
  return normal
}

/** The bytes a range means in a file of this size. Throws RANGE_NOT_SATISFIABLE. */
export function resolveRange(range: ByteRange, size: number, key: string): { start: number; end: number } {
  const end = Math.min(range.end ?? size - 1, size - 1)
  if (!Number.isInteger(range.start) || range.start < 0 || range.start > end)
    throw new AppError(
      'RANGE_NOT_SATISFIABLE',
      `${key} has ${size} bytes; the range ${range.start}-${range.end ?? ''} is outside.`,
      { key, size },
    )
  return { start: range.start, end }
}

/** The one range of a `Range` header; undefined when absent, of another unit, or several: then the whole file is sent. */
export function parseRangeHeader(header: string | undefined, size: number): ByteRange | undefined {
  const match = /^bytes=(\d*)-(\d*)$/.exec(header?.trim() ?? '')
  if (!match || (match[1] === '' && match[2] === '')) return undefined
  if (match[1] === '') return { start: Math.max(0, size - Number(match[2])) }
  const start = Number(match[1])
  if (match[2] === '') return { start }
  const end = Number(match[2])
  return end < start ? undefined : { start, end }
}

const TYPES: Record<string, string> = {
  csv: 'text/csv',
  css: 'text/css',
  gif: 'image/gif',
  htm: 'text/html',
  html: 'text/html',
  ics: 'text/calendar',
  jpeg: 'image/jpeg',
  jpg: 'image/jpeg',
  js: 'text/javascript',
  json: 'application/json',
  jsonl: 'application/x-ndjson',
  md: 'text/markdown',
  mov: 'video/quicktime',
  mp3: 'audio/mpeg',
  mp4: 'video/mp4',
  pdf: 'application/pdf',
  png: 'image/png',
  srt: 'application/x-subrip',
  svg: 'image/svg+xml',
  txt: 'text/plain',
  wav: 'audio/wav',
  webm: 'video/webm',
  webp: 'image/webp',
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  docx: 'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
  xml: 'application/xml',
  yaml: 'application/yaml',
  yml: 'application/yaml',
  zip: 'application/zip',
}

export const contentTypeOf = (key: string): string =>
  TYPES[/\.([a-z0-9]+)$/i.exec(key)?.[1]?.toLowerCase() ?? ''] ?? 'application/octet-stream'

/** Any content as chunks. */
export async function* chunksOf(content: Content): AsyncGenerator<Uint8Array> {
  if (typeof content === 'string') yield Buffer.from(content)
  else if (content instanceof Uint8Array) yield content
  else yield* content
}

export const sha256Of = (data: Uint8Array): string => createHash('sha256').update(data).digest('hex')
