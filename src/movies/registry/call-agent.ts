import { once } from 'node:events'
import type { Kernel } from '../../kernel/kernel.ts'
import { type GuardedResponse, guardedFetch } from '../../kernel/tools/guarded-fetch.ts'
import { pinnedLookup, resolveGuarded } from '../../kernel/tools/resolve-guarded.ts'

/** Private and loopback addresses of agents: allowed in development, otherwise only when the operator says so. */
export const allowsPrivate = (kernel: Kernel) =>
  kernel.config.movies.allowPrivateHosts ?? kernel.config.core.environment !== 'production'

const apiKeyOf = (configuration: Record<string, unknown>): Record<string, string> => {
  const key = configuration['api_key'] ?? configuration['X-API-Key']
  return typeof key === 'string' && key !== '' ? { 'x-api-key': key } : {}
}

export type AgentCall = {
  url: string
  method: 'GET' | 'POST' | 'DELETE'
  body?: unknown
  timeoutMs: number
  correlationId: string
  configuration: Record<string, unknown>
  headers?: Record<string, string>
  signal?: AbortSignal
}

/** One call to an address that was given at registration; never past the guarded door. */
export function callAgent(kernel: Kernel, call: AgentCall): Promise<GuardedResponse> {
  return guardedFetch(call.url, {
    method: call.method,
    headers: {
      accept: 'application/json',
      'x-correlation-id': call.correlationId,
      ...(call.body === undefined ? {} : { 'content-type': 'application/json' }),
      ...apiKeyOf(call.configuration),
      ...call.headers,
    },
    ...(call.body === undefined ? {} : { body: JSON.stringify(call.body) }),
    allowPrivate: allowsPrivate(kernel),
    timeoutMs: call.timeoutMs,
    ...(call.signal ? { signal: call.signal } : {}),
  })
}

/** A WebSocket to an agent, connected to the very addresses that were checked. The caller closes it. */
export async function openAgentSocket(
  kernel: Kernel,
  call: Pick<AgentCall, 'url' | 'timeoutMs' | 'configuration' | 'signal'>,
) {
  const { WebSocket } = await import('ws')
  const addresses = await resolveGuarded(new URL(asHttp(call.url)), { allowPrivate: allowsPrivate(kernel) })
  const socket = new WebSocket(call.url, {
    handshakeTimeout: call.timeoutMs,
    maxPayload: 10_000_000,
    headers: apiKeyOf(call.configuration),
    lookup: pinnedLookup(addresses),
  })
  await once(socket, 'open', call.signal ? { signal: call.signal } : {})
  return socket
}

/** ws and wss have no requests of their own: health is asked over http and https. */
export const asHttp = (url: string) => url.replace(/^ws(s?):/, 'http$1:')
