import { lookup as systemLookup } from 'node:dns/promises'
import { isIP, type LookupFunction } from 'node:net'
import { classifyAddress, isAddressAllowed } from './address-class.ts'
import { GuardedFetchError } from './guarded-fetch-error.ts'

export type ResolvedAddress = { address: string; family: 4 | 6 }
/** Whether inner addresses may be reached: everywhere, nowhere, or on these origins only (what an operator configured). */
export type PrivateRule = boolean | readonly string[]
export type Resolver = (hostname: string) => Promise<ResolvedAddress[]>

export const systemResolver: Resolver = async (hostname) => {
  const found = await systemLookup(hostname, { all: true, verbatim: true })
  return found.map(({ address, family }) => ({ address, family: family === 6 ? 6 : 4 }))
}

/** The address or name of a URL as the socket wants it: IPv6 without brackets, no trailing dot. */
export const bareHost = (url: URL): string => url.hostname.replace(/^\[|\]$/g, '').replace(/\.$/, '')

/**
 * Resolves a host once and returns the addresses a connection may use. One forbidden address among them refuses the host: an
 * honest name does not mix public and inner addresses. Throws ADDRESS_NOT_ALLOWED or DNS_FAILED.
 */
export async function resolveGuarded(
  url: URL,
  options: { allowPrivate?: PrivateRule; resolver?: Resolver } = {},
): Promise<ResolvedAddress[]> {
  const host = bareHost(url)
  const { allowPrivate = false } = options
  const isAllowed = typeof allowPrivate === 'boolean' ? allowPrivate : allowPrivate.includes(url.origin)
  const family = isIP(host)
  const addresses: ResolvedAddress[] =
    family === 0 ? await resolveName(host, options.resolver) : [{ address: host, family: family === 6 ? 6 : 4 }]
  const refused = addresses.find(({ address }) => !isAddressAllowed(address, isAllowed))
  if (refused)
    throw new GuardedFetchError(
      'ADDRESS_NOT_ALLOWED',
      `${host} leads to a ${classifyAddress(refused.address)} address (${refused.address}), which is not allowed here. Use a public address, or let the operator allow private hosts.`,
      { host, address: refused.address },
    )
  return addresses
}

async function resolveName(host: string, resolver: Resolver = systemResolver): Promise<ResolvedAddress[]> {
  const failed = (cause?: unknown) =>
    new GuardedFetchError(
      'DNS_FAILED',
      `The name ${host} could not be resolved: check its spelling.`,
      { host },
      { cause },
    )
  const found = await resolver(host).catch((cause: unknown) => {
    throw failed(cause)
  })
  if (found.length === 0) throw failed()
  return found
}

/** A `lookup` for sockets that knows only the addresses already checked, so a second DNS answer has no effect. */
export const pinnedLookup =
  (addresses: ResolvedAddress[]): LookupFunction =>
  (_hostname, options, callback) => {
    const wanted = options.family === 4 || options.family === 6 ? options.family : 0
    const usable = wanted === 0 ? addresses : addresses.filter(({ family }) => family === wanted)
    const first = usable[0]
    if (!first) callback(Object.assign(new Error('no pinned address'), { code: 'ENOTFOUND' }), '', 4)
    else if (options.all) callback(null, usable)
    else callback(null, first.address, first.family)
  }
