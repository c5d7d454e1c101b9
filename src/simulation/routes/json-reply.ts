import { createHash } from 'node:crypto'
import { promisify } from 'node:util'
import { brotliCompress, constants, gzip } from 'node:zlib'
import type { FastifyRequest } from 'fastify'
import { HttpReply } from '../../kernel/http/route.ts'

const brotli = promisify(brotliCompress)
const gzipped = promisify(gzip)

/** Smaller answers do not get smaller by compression that is worth its time. */
const MIN_COMPRESSED = 2048

const accepts = (request: FastifyRequest, coding: string): boolean =>
  new RegExp(`(^|,)\\s*${coding}\\s*(;\\s*q=(?!0(\\.0*)?\\s*(,|$))|,|$)`, 'i').test(
    String(request.headers['accept-encoding'] ?? ''),
  )

/** The coding to use: brotli at a fast level, else gzip, else none. */
export function codingOf(request: FastifyRequest): 'br' | 'gzip' | undefined {
  if (accepts(request, 'br')) return 'br'
  return accepts(request, 'gzip') ? 'gzip' : undefined
}

const etagOf = (version: string, url: string): string =>
  `W/"${createHash('sha1').update(`${version}\n${url}`).digest('base64url')}"`

/**
 * JSON with the caching rules of the contract: `version` undefined means the run is still running (no-store), else it becomes the
 * ETag, and a client that has it gets 304.
 */
export async function jsonReply(
  request: FastifyRequest,
  text: string,
  version: string | undefined,
): Promise<HttpReply> {
  const headers: Record<string, string> = { 'content-type': 'application/json; charset=utf-8' }
  if (version === undefined) headers['cache-control'] = 'no-store'
  else {
    headers['cache-control'] = 'no-cache'
    headers['etag'] = etagOf(version, request.url)
    const known = String(request.headers['if-none-match'] ?? '')
    if (known.split(',').some((tag) => tag.trim() === headers['etag'])) return new HttpReply(304, undefined, headers)
  }
  headers['vary'] = 'Accept-Encoding'
  const coding = text.length < MIN_COMPRESSED ? undefined : codingOf(request)
  if (!coding) return new HttpReply(200, text, headers)
  const body =
    coding === 'br'
      ? await brotli(text, { params: { [constants.BROTLI_PARAM_QUALITY]: 3 } })
      : await gzipped(text, { level: 3 })
  return new HttpReply(200, body, { ...headers, 'content-encoding': coding })
}
