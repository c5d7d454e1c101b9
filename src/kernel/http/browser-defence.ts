import type { FastifyRequest } from 'fastify'
import { isLoopback } from '../access/authenticate.ts'
import type { Config } from '../config/load-config.ts'
import { AppError } from '../errors/app-error.ts'

const LOOPBACK_HOSTS = new Set(['localhost', '127.0.0.1', '[::1]', '::1'])
const SAFE = new Set(['GET', 'HEAD', 'OPTIONS'])

const hostName = (host: string) => host.replace(/:\d+$/, '').toLowerCase()

/**
 * In dev mode anyone on this machine is the local developer, so a web page must not be able to act for them: the Host header
 * has to be loopback or configured (DNS rebinding), unsafe methods and sockets from a foreign origin are refused, and a page of
 * another site reads nothing unless its origin is listed in CORS_ORIGINS by name.
 */
export function defendDevMode(config: Config, request: FastifyRequest): void {
  const host = hostName(request.headers.host ?? '')
  const { allowedHosts, publicUrl, corsOrigins } = config.core
  const configured = [...allowedHosts, ...(publicUrl ? [new URL(publicUrl).hostname] : [])].map((name) =>
    name.toLowerCase(),
  )
  const known = (name: string) => LOOPBACK_HOSTS.has(name) || isLoopback(name) || configured.includes(name)
  if (!known(host))
    throw new AppError('FORBIDDEN', `Host "${host}" is not this server: use 127.0.0.1, or add it to ALLOWED_HOSTS`)
  const isSocket = request.headers.upgrade?.toLowerCase() === 'websocket'
  const { origin } = request.headers
  const crossSite = request.headers['sec-fetch-site'] === 'cross-site'
  const from = origin === undefined ? undefined : URL.parse(origin)?.host
  if (SAFE.has(request.method) && !isSocket) {
    // Only browsers say where a request starts. A page asked by script (it has an origin) would read the answer.
    const isRead = crossSite && origin !== undefined && request.method !== 'OPTIONS'
    if (isRead && !corsOrigins.includes(origin) && !(from !== undefined && known(hostName(from))))
      throw new AppError(
        'FOREIGN_ORIGIN',
        `A page of ${origin} may not read anything here while AUTH_MODE=dev: list its origin in CORS_ORIGINS, or use keys`,
      )
    return
  }
  const foreign = origin !== undefined && (!from || !known(hostName(from)) || from !== request.headers.host)
  if (foreign || (crossSite && origin === undefined))
    throw new AppError(
      'FOREIGN_ORIGIN',
      `A page of ${origin ?? 'another site'} may not change anything here while AUTH_MODE=dev: use keys, or call from the same origin`,
    )
}
