import { createHash } from 'node:crypto'
import {
  MediaError,
  type MediaFiles,
  type MediaKind,
  type MediaKinds,
  type MediaResult,
  type MediaWork,
} from '../../media-port.ts'
import type { ImageRenderer } from '../render/image-renderer.ts'
import type { Encoder } from '../video/ffmpeg.ts'

/** What every maker of the studio works with. */
export type StudioTools = { images: ImageRenderer; encoder: Encoder | null }
export type Maker<K extends MediaKind> = (
  job: MediaKinds[K]['job'],
  work: MediaWork,
  tools: StudioTools,
) => Promise<MediaResult<K>>

export const result = <K extends MediaKind>(
  content: MediaKinds[K]['content'],
  rest: Partial<Omit<MediaResult<K>, 'content'>> = {},
): MediaResult<K> => ({
  content,
  file: null,
  draft: true,
  generated_by: 'template',
  warnings: [],
  resource_usage: {},
  ...rest,
})

export function stopIfGivenUp(work: MediaWork): void {
  if (work.signal.aborted) throw new MediaError('permanent', 'CANCELLED', 'the job was given up')
}

export const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex')
export const ms = (seconds: number): number => Math.round(seconds * 1000) / 1000
export const dataUri = (mime: string, bytes: Uint8Array): string =>
  `data:${mime};base64,${Buffer.from(bytes).toString('base64')}`

/** Bytes behind an address; null when there is no such file any more. */
export async function readIfThere(files: MediaFiles, url: string): Promise<Uint8Array | null> {
  try {
    return await files.read(url)
  } catch {
    return null
  }
}
