import { createReadStream } from 'node:fs'
import fs from 'node:fs/promises'
import os from 'node:os'
import { Readable } from 'node:stream'
import { AwsClient } from 'aws4fetch'
import { AppError } from '../errors/app-error.ts'
import {
  checkKey,
  contentTypeOf,
  type FileStore,
  fileNotFound,
  fileTooLarge,
  MAX_FILE_BYTES,
  resolveRange,
  type StoredFile,
  sha256Of,
} from './file-store.ts'
import { readList, readUploadId } from './s3-xml.ts'
import { type Spooled, spool } from './spool.ts'

export type S3Options = {
  /** Address of the service, for example https://s3.eu-central-1.amazonaws.com or http://127.0.0.1:9000. */
  endpoint: string
  bucket: string
  region: string
  accessKeyId: string
  secretAccessKey: string
  sessionToken?: string
  /** Keys get this in front, so that several installations can share a bucket. */
  prefix?: string
  maxBytes?: number
  /** Larger content goes up in parts of this size; S3 wants at least 5 MB. */
  partBytes?: number
  retries?: number
  timeoutMs?: number
}

const SHA = 'x-amz-meta-sha256'
const encodeKey = (key: string) =>
  key
    .split('/')
    .map((part) =>
      encodeURIComponent(part).replace(/[!'()*]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`),
    )
    .join('/')

/**
 * A bucket of an S3-compatible service as a file store (path-style addresses, signature version 4). The checksum of the content travels as metadata and is
 * signed with small bodies. Content is spooled to disk first, so a broken source leaves nothing behind.
 */
export function createS3Store(options: S3Options): FileStore {
  const { bucket, partBytes = 16 * 1024 * 1024, timeoutMs = 60_000 } = options
  const limit = options.maxBytes ?? MAX_FILE_BYTES
  const prefix = options.prefix ? `${options.prefix.replace(/\/+$/, '')}/` : ''
  const base = `${options.endpoint.replace(/\/+$/, '')}/${encodeURIComponent(bucket)}`
  const client = new AwsClient({
    accessKeyId: options.accessKeyId,
    secretAccessKey: options.secretAccessKey,
    ...(options.sessionToken && { sessionToken: options.sessionToken }),
    region: options.region,
    service: 's3',
    retries: options.retries ?? 3,
  })

  type Sent = {
    method: string
    query?: Record<string, string>
    headers?: Record<string, string>
    body?: Uint8Array | string
    signal?: AbortSignal | undefined
  }
  async function send(key: string, { query, signal, ...init }: Sent): Promise<Response> {
    const search = query ? `?${new URLSearchParams(query)}` : ''
    const limitOfTime = AbortSignal.timeout(timeoutMs)
    try {
      return await client.fetch(`${base}${key ? `/${encodeKey(prefix + key)}` : ''}${search}`, {
        ...init,
        signal: signal ? AbortSignal.any([signal, limitOfTime]) : limitOfTime,
      } as RequestInit)
    } catch (cause) {
      signal?.throwIfAborted()
      const why = limitOfTime.aborted ? `did not answer within ${timeoutMs} ms` : 'cannot be reached'
      throw new AppError(
        'STORE_UNAVAILABLE',
        `The file store ${new URL(base).host} ${why}.`,
        { transient: true },
        { cause },
      )
    }
  }

  async function expectOk(answer: Response, doing: string): Promise<Response> {
    if (answer.ok) return answer
    const text = await answer.text()
    const code = /<Code>([^<]+)<\/Code>/.exec(text)?.[1] ?? String(answer.status)
    const remedy =
      answer.status === 403 ? ' Check S3_ACCESS_KEY_ID, S3_SECRET_ACCESS_KEY and the rights on the bucket.' : ''
    throw new AppError('STORE_UNAVAILABLE', `The file store refused ${doing} (${code}).${remedy}`, {
      status: answer.status,
      code,
    })
  }

  const describe = (key: string, headers: Headers): StoredFile => ({
    key,
    bytes: Number(/\/(\d+)$/.exec(headers.get('content-range') ?? '')?.[1] ?? headers.get('content-length') ?? 0),
    sha256: headers.get(SHA) ?? '',
    contentType: headers.get('content-type') ?? contentTypeOf(key),
    modifiedAt: new Date(headers.get('last-modified') ?? 0),
  })

  async function head(key: string): Promise<StoredFile | undefined> {
    const answer = await send(key, { method: 'HEAD' })
    if (answer.status === 404) return undefined
    return describe(key, (await expectOk(answer, `to look at ${key}`)).headers)
  }

  async function putWhole(
    key: string,
    spooled: Spooled,
    headers: Record<string, string>,
    signal: AbortSignal | undefined,
  ): Promise<void> {
    const body = await fs.readFile(spooled.path)
    const signed = { ...headers, 'x-amz-content-sha256': spooled.sha256 }
    const answer = await expectOk(await send(key, { method: 'PUT', headers: signed, body, signal }), `to store ${key}`)
    await answer.arrayBuffer()
  }

  async function putInParts(
    key: string,
    spooled: Spooled,
    headers: Record<string, string>,
    signal: AbortSignal | undefined,
  ): Promise<void> {
    const begun = await expectOk(
      await send(key, { method: 'POST', query: { uploads: '' }, headers, signal }),
      `to store ${key}`,
    )
    const uploadId = readUploadId(await begun.text())
    try {
      const tags: string[] = []
      for (let start = 0; start < spooled.bytes; start += partBytes) {
        const end = Math.min(start + partBytes, spooled.bytes) - 1
        const body = Buffer.concat((await createReadStream(spooled.path, { start, end }).toArray()) as Buffer[])
        const query = { partNumber: String(tags.length + 1), uploadId }
        const part = await send(key, {
          method: 'PUT',
          query,
          headers: { 'x-amz-content-sha256': sha256Of(body) },
          body,
          signal,
        })
        await (await expectOk(part, `a part of ${key}`)).arrayBuffer()
        tags.push(part.headers.get('etag') ?? '')
      }
      const list = tags.map(
        (tag, index) =>
          `<Part><PartNumber>${index + 1}</PartNumber><ETag>${tag.replaceAll('"', '&quot;')}</ETag></Part>`,
      )
      const body = `<CompleteMultipartUpload>${list.join('')}</CompleteMultipartUpload>`
      const ended = await expectOk(
        await send(key, { method: 'POST', query: { uploadId }, body, signal }),
        `to store ${key}`,
      )
      // The service may answer 200 and fail afterwards, in the body.
      if ((await ended.text()).includes('<Error>'))
        throw new AppError('STORE_UNAVAILABLE', `The file store could not put ${key} together.`, { key })
    } catch (error) {
      await send(key, { method: 'DELETE', query: { uploadId } }).catch(() => undefined) // the first failure is the one to report
      throw error
    }
  }

  return {
    name: 's3',
    head: async (given) => head(checkKey(given)),

    async put(given, content, put = {}) {
      const key = checkKey(given)
      const maxBytes = put.maxBytes ?? limit
      const spooled = await spool(os.tmpdir(), key, content, { maxBytes, signal: put.signal, prefix: 'troupe-upload-' })
      try {
        const contentType = put.contentType ?? contentTypeOf(key)
        const headers = { 'content-type': contentType, [SHA]: spooled.sha256 }
        await (spooled.bytes > partBytes ? putInParts : putWhole)(key, spooled, headers, put.signal)
        const stored = await head(key)
        return stored ?? { key, bytes: spooled.bytes, sha256: spooled.sha256, contentType, modifiedAt: new Date() }
      } finally {
        await fs.rm(spooled.path, { force: true })
      }
    },

    async open(given, range) {
      const key = checkKey(given)
      const known = await head(key)
      if (!known) throw fileNotFound(key)
      const bounds = range && resolveRange(range, known.bytes, key)
      const answer = await send(key, {
        method: 'GET',
        ...(bounds && { headers: { range: `bytes=${bounds.start}-${bounds.end}` } }),
      })
      if (answer.status === 404) throw fileNotFound(key)
      await expectOk(answer, `to read ${key}`)
      const stream = answer.body
        ? Readable.fromWeb(answer.body as Parameters<typeof Readable.fromWeb>[0])
        : Readable.from([])
      return { file: known, stream }
    },

    async read(given, maxBytes = MAX_FILE_BYTES) {
      const key = checkKey(given)
      const answer = await send(key, { method: 'GET' })
      if (answer.status === 404) throw fileNotFound(key)
      await expectOk(answer, `to read ${key}`)
      const tooLarge = Number(answer.headers.get('content-length') ?? 0) > maxBytes
      if (tooLarge) await answer.body?.cancel()
      if (tooLarge) throw fileTooLarge(key, maxBytes)
      return Buffer.from(await answer.arrayBuffer())
    },

    async list(wanted, { limit: most = 1000, after } = {}) {
      const files: { key: string; bytes: number; modifiedAt: Date }[] = []
      let token: string | undefined
      do {
        const query = {
          'list-type': '2',
          prefix: prefix + wanted,
          'max-keys': String(Math.min(1000, most + 1 - files.length)),
          ...(after !== undefined && { 'start-after': prefix + after }),
          ...(token !== undefined && { 'continuation-token': token }),
        }
        const page = readList(await (await expectOk(await send('', { method: 'GET', query }), 'to list files')).text())
        for (const file of page.files) files.push({ ...file, key: file.key.slice(prefix.length) })
        token = page.token
      } while (token !== undefined && files.length <= most)
      const shown = files.slice(0, most)
      return { files: shown, ...(files.length > most && { next: shown.at(-1)!.key }) }
    },

    async delete(given) {
      const key = checkKey(given)
      const existed = (await head(key)) !== undefined
      await expectOk(await send(key, { method: 'DELETE' }), `to delete ${key}`)
      return existed
    },
  }
}
