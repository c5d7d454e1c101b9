import type { MediaKind, MediaKinds, MediaResult, MediaService, MediaWork } from '../media-port.ts'
import { makeDesign } from './make/make-design.ts'
import { makeEdit } from './make/make-edit.ts'
import { makeFrame } from './make/make-frame.ts'
import { makeInspect } from './make/make-inspect.ts'
import { makeMix } from './make/make-mix.ts'
import { makePromote } from './make/make-promote.ts'
import { makeSegment } from './make/make-segment.ts'
import { makeLine, makeSound } from './make/make-sound.ts'
import type { Maker, StudioTools } from './make/studio-work.ts'
import { ImageRenderer } from './render/image-renderer.ts'
import { type Encoder, findEncoder } from './video/ffmpeg.ts'

const MAKERS: { [K in MediaKind]: Maker<K> } = {
  frame: makeFrame,
  design: makeDesign,
  segment: makeSegment,
  line: makeLine,
  sound: makeSound,
  mix: makeMix,
  edit: makeEdit,
  inspect: makeInspect,
  promote: makePromote,
}

export type LocalStudioOptions = {
  /** The machine's video encoder; `undefined` looks for ffmpeg, `null` does without. */
  encoder?: Encoder | null
  /** Pictures rendered at the same time. */
  renderers?: number
}

/**
 * Makes every kind of media on this machine, without any outside service: drawn storyboard frames, silent tracks with a
 * guide, a film that plays. The same job gives the same bytes. `close` ends its helper processes.
 */
export class LocalStudio implements MediaService {
  readonly name = 'local_studio' as const
  readonly #images: ImageRenderer
  readonly #encoder: Promise<Encoder | null>

  constructor(options: LocalStudioOptions = {}) {
    this.#images = new ImageRenderer(options.renderers ?? 2)
    this.#encoder = options.encoder === undefined ? findEncoder() : Promise.resolve(options.encoder)
  }

  makes(_kind: MediaKind): boolean {
    return true
  }

  async make<K extends MediaKind>(kind: K, job: MediaKinds[K]['job'], work: MediaWork): Promise<MediaResult<K>> {
    const tools: StudioTools = { images: this.#images, encoder: await this.#encoder }
    const result = await MAKERS[kind](job, work, tools)
    work.onProgress(1)
    return result
  }

  /** The video encoder in use; null when films are HTML animatics. */
  encoder(): Promise<Encoder | null> {
    return this.#encoder
  }

  close(): void {
    this.#images.close()
  }
}
