import { guardedFetch } from '../../../kernel/tools/guarded-fetch.ts'
import type { MediaWork } from '../../media-port.ts'
import type { FileRef } from '../../schema.ts'
import type { JobResult } from './task-service-client.ts'

const MAX_BYTES = 300 * 1024 * 1024
const SECONDS = 120

const TYPES: readonly (readonly [mime: RegExp, ending: string])[] = [
  [/^image\/png/, '.png'],
  [/^image\/jpe?g/, '.jpg'],
  [/^image\/webp/, '.webp'],
  [/^image\/svg\+xml/, '.svg'],
  [/^video\/mp4/, '.mp4'],
  [/^video\/webm/, '.webm'],
  [/^audio\/(mpeg|mp3)/, '.mp3'],
  [/^audio\/(x-)?wav|^audio\/wave/, '.wav'],
  [/^audio\/ogg/, '.ogg'],
  [/^text\/html/, '.html'],
]
const MIMES: Readonly<Record<string, string>> = {
  '.png': 'image/png',
  '.jpg': 'image/jpeg',
  '.jpeg': 'image/jpeg',
  '.webp': 'image/webp',
  '.svg': 'image/svg+xml',
  '.mp4': 'video/mp4',
  '.webm': 'video/webm',
  '.mp3': 'audio/mpeg',
  '.wav': 'audio/wav',
  '.ogg': 'audio/ogg',
  '.html': 'text/html',
}

export type Copied = { url: string; source: string; file: FileRef | null; bytes: Uint8Array | null; warning?: string }
export type CopyOptions = { base: string; key?: string | undefined; allowPrivate: boolean }

/**
 * Takes the bytes of a result over, since they expire at the service. Where they cannot be had the address stays as it
 * is, with a warning: the work that was paid for is not thrown away.
 */
export async function copyMedia(result: JobResult, work: MediaWork, options: CopyOptions): Promise<Copied> {
  const source = URL.parse(String(result.media_url), `${options.base}/`)?.href ?? String(result.media_url)
  const own = source.startsWith(`${options.base}/`)
  try {
    const answer = await guardedFetch(source, {
      headers: own && options.key ? { 'x-api-key': options.key } : {},
      // The operator named the service; what it names elsewhere is held to the rule for agents.
      allowPrivate: own || options.allowPrivate,
      maxBytes: MAX_BYTES,
      timeoutMs: SECONDS * 1000,
      signal: work.signal,
    })
    if (answer.status !== 200) throw new Error(`answered ${answer.status}`)
    if (answer.body.byteLength === 0) throw new Error('answered nothing')
    const ending = endingOf(answer.headers['content-type'] ?? '', source)
    const file = await work.files.write(
      `${work.path}${ending}`,
      answer.body,
      MIMES[ending] ?? 'application/octet-stream',
    )
    await work.files.write(sourceNote(file.path ?? ''), Buffer.from(JSON.stringify({ source })), 'application/json')
    return { url: file.url, source, file, bytes: answer.body }
  } catch (error) {
    if (work.signal.aborted) throw work.signal.reason
    const warning = `the bytes of ${source} could not be copied (${(error as Error).message}): the address may expire`
    return { url: source, source, file: null, bytes: null, warning }
  }
}

function endingOf(mime: string, source: string): string {
  const known = TYPES.find(([rule]) => rule.test(mime))?.[1]
  if (known) return known
  const ending = /\.[a-z0-9]{2,4}$/i.exec(new URL(source).pathname)?.[0]?.toLowerCase() ?? ''
  return ending in MIMES ? ending : '.bin'
}

const sourceNote = (path: string) => `sources/${path}.json`

/** The address under which the Task Service itself knows a file we copied from it; null for one of our own. */
export async function sourceOf(url: string, work: MediaWork): Promise<string | null> {
  const prefix = work.files.url('')
  if (!url.startsWith(prefix)) return /^https?:/.test(url) ? url : null
  const path = url.slice(prefix.length).split('/').map(decodeURIComponent).join('/')
  const note = await work.files.read(sourceNote(path)).catch((error: { code?: string }) => {
    if (error.code === 'ENOENT') return null
    throw error
  })
  return note ? String((JSON.parse(Buffer.from(note).toString('utf8')) as { source: string }).source) : null
}
