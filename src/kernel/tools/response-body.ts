import type http from 'node:http'
import { PassThrough, pipeline, type Transform } from 'node:stream'
import zlib from 'node:zlib'
import { GuardedFetchError } from './guarded-fetch-error.ts'

const DECODERS: Record<string, () => Transform> = {
  gzip: () => zlib.createGunzip(),
  'x-gzip': () => zlib.createGunzip(),
  deflate: () => zlib.createInflate(),
  br: () => zlib.createBrotliDecompress(),
}

/** The decoded body. The limit counts decoded bytes, so a small compressed answer cannot grow without end. */
export async function collectBody(
  answer: http.IncomingMessage,
  options: { maxBytes: number; signal: AbortSignal; head: boolean },
): Promise<Buffer> {
  const tooLarge = () =>
    new GuardedFetchError('RESPONSE_TOO_LARGE', `The answer is larger than ${options.maxBytes} bytes.`, {
      maxBytes: options.maxBytes,
    })
  if (options.head) {
    answer.resume()
    return Buffer.alloc(0)
  }
  const encoding = (answer.headers['content-encoding'] ?? 'identity').trim().toLowerCase()
  const decoder = DECODERS[encoding]
  if (!decoder && Number(answer.headers['content-length'] ?? 0) > options.maxBytes) {
    answer.destroy()
    throw tooLarge()
  }
  const decoded = decoder?.() ?? new PassThrough()
  const chunks: Buffer[] = []
  let size = 0
  const { promise, resolve, reject } = Promise.withResolvers<Buffer>()
  decoded.on('data', (chunk: Buffer) => {
    size += chunk.length
    if (size > options.maxBytes) decoded.destroy(tooLarge())
    else chunks.push(chunk)
  })
  pipeline(answer, decoded, (error) => {
    if (!error) return resolve(Buffer.concat(chunks))
    if (error instanceof GuardedFetchError) return reject(error)
    reject(
      new GuardedFetchError(
        'PROTOCOL_ERROR',
        'The answer broke off or is damaged.',
        { reason: error.message },
        { cause: error },
      ),
    )
  })
  return promise
}
