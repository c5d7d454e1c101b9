import { createRemoteJWKSet, errors, jwtVerify } from 'jose'
import type { Actor } from '../context.ts'
import { AppError } from '../errors/app-error.ts'

type Discovery = { jwks_uri: string; issuer: string }

/**
 * Verifies bearer tokens of one OpenID provider (OpenID Connect Discovery 1.0): signature by its published keys, issuer,
 * audience, expiry. Roles come from `roles`, scopes from `scp` or `scope`. Undefined when the token is not valid.
 */
export function createOidcVerifier(
  issuer: string,
  audience: string | undefined,
): (token: string) => Promise<Actor | undefined> {
  let keys: ReturnType<typeof createRemoteJWKSet> | undefined
  let issued = issuer
  const away = (why: string) =>
    new AppError('SERVICE_UNAVAILABLE', `The OpenID provider ${why}: try again, or check OIDC_ISSUER`)
  const discover = async () => {
    const response = await fetch(`${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`, {
      signal: AbortSignal.timeout(5_000),
    }).catch((error: Error) => {
      throw away(`cannot be reached (${(error.cause as Error | undefined)?.message ?? error.message})`)
    })
    if (!response.ok) throw away(`answered ${response.status}`)
    const found = (await response.json()) as Discovery
    // Discovery 1.0, section 4.3: a document that names another issuer is not this provider's.
    if (found.issuer.replace(/\/$/, '') !== issuer.replace(/\/$/, '')) throw away(`names itself ${found.issuer}`)
    issued = found.issuer
    return createRemoteJWKSet(new URL(found.jwks_uri))
  }
  return async (token) => {
    keys ??= await discover()
    try {
      const { payload } = await jwtVerify(token, keys, { issuer: issued, ...(audience ? { audience } : {}) })
      const scopes = String(payload['scp'] ?? payload['scope'] ?? '')
        .split(' ')
        .filter(Boolean)
      const roles = Array.isArray(payload['roles']) ? payload['roles'].map(String) : []
      const name = payload['name'] ?? payload['preferred_username']
      const email = payload['email'] ?? payload['preferred_username']
      return {
        kind: 'user',
        id: String(payload['oid'] ?? payload.sub),
        ...(name ? { name: String(name) } : {}),
        ...(email ? { email: String(email) } : {}),
        roles,
        scopes,
        projects: ['*'],
      }
    } catch (error) {
      // The keys could not be fetched: nothing is known about the token.
      if (error instanceof errors.JWKSTimeout || (error as { code?: string }).code === 'ERR_JOSE_GENERIC')
        throw away('did not give its keys')
      if (error instanceof errors.JOSEError) return undefined
      throw error instanceof TypeError ? away('cannot be reached') : error
    }
  }
}
