import type { FastifyRequest } from 'fastify'
import { isLoopback } from '../access/authenticate.ts'
import type { Config } from '../config/load-config.ts'
import { AppError } from '../errors/app-error.ts'

const LOOPBACK_HOSTS = new Set(['localhost', '127.0.0.1', '[::1]', '::1'])
const SAFE = new Set(['GET', 'HEAD', 'OPTIONS'])

const hostName = (host: string) => host.replace(/:\d+$/, '').toLowerCase()

/**
 * In dev mode anyone on this machine is the local developer, so a web page must not be able to act for them: the Host header
 * has to be loopback or configured (DNS rebinding), and unsafe methods and sockets from a foreign origin are refused.
 */
export function defendDevMode(config: Config, request: FastifyRequest): void {
  const host = hostName(request.headers.host ?? '')
  const { allowedHosts, publicUrl } = config.core
  const configured = [...allowedHosts, ...(publicUrl ? [new URL(publicUrl).hostname] : [])].map((name) =>
    name.toLowerCase(),
  )
  const known = (name: string) => LOOPBACK_HOSTS.has(name) || isLoopback(name) || configured.includes(name)
  if (!known(host))
    throw new AppError('FORBIDDEN', `Host "${host}" is not this server: use 127.0.0.1, or add it to ALLOWED_HOSTS`)
  const isSocket = request.headers.upgrade?.toLowerCase() === 'websocket'
  const { origin } = request.headers
  const crossSite = request.headers['sec-fetch-site'] === 'cross-site'
  if (SAFE.has(request.method) && !isSocket) return
  const foreign =
    origin !== undefined &&
    (origin === 'null' || !known(hostName(new URL(origin).host)) || new URL(origin).host !== request.headers.host)
  if (foreign || (crossSite && origin === undefined))
    throw new AppError(
      'FOREIGN_ORIGIN',
      `A page of ${origin ?? 'another site'} may not change anything here while AUTH_MODE=dev: use keys, or call from the same origin`,
    )
}
