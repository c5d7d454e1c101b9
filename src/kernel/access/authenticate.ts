import type { Config } from '../config/load-config.ts'
import type { Actor } from '../context.ts'
import type { Db } from '../db/database.ts'
import { AppError } from '../errors/app-error.ts'
import { createKeyChecker } from './keys.ts'
import { createOidcVerifier } from './oidc.ts'

export type AuthMode = 'dev' | 'keys' | 'oidc'

/** Which credentials count. A configured token or key switches `dev` to `keys`; production never defaults to `dev`. */
export function authMode({ core }: Config): AuthMode {
  if (core.authMode === 'dev' && core.environment === 'production')
    throw new AppError('CONFIG', 'AUTH_MODE=dev is refused when ENVIRONMENT=production: use keys or oidc')
  if (core.authMode) return core.authMode
  if (core.apiToken || core.apiKey) return 'keys'
  if (core.environment === 'production') return core.oidcIssuer ? 'oidc' : 'keys'
  return 'dev'
}

export const DEV_USER: Actor = {
  kind: 'user',
  id: 'dev-user',
  name: 'Local developer',
  email: 'dev-user@localhost',
  roles: ['Admin', 'Organizer', 'Approver', 'Finance', 'Auditor'],
  scopes: ['*'],
  projects: ['*'],
}

/** The supervisor's own agents, before they have a token of their own. */
export const OWN_AGENTS = 'own-agents'
const OWN_AGENT: Actor = { kind: 'key', id: OWN_AGENTS, roles: [], scopes: ['agents'] }

/** The parts of a request that name its caller. */
export type Credentials = { bearer?: string; apiKey?: string; remoteAddress: string; isOutbound?: boolean }

export type Authenticator = {
  readonly mode: AuthMode
  /** The caller; undefined when no valid credential was given. A wrong credential is refused in every mode. */
  authenticate(credentials: Credentials): Promise<Actor | undefined>
  /** A key was revoked somewhere: what is remembered of keys no longer counts. */
  forgetKeys(): void
}

export const isLoopback = (address: string): boolean => /^(127\.|::1$|::ffff:127\.)/.test(address)

const MAX_FAILURES = 20
const FAILURE_WINDOW_MS = 60_000

export function createAuthenticator(config: Config, db: Db, agentToken?: string): Authenticator {
  const mode = authMode(config)
  const { apiToken, apiKey, oidcIssuer, oidcAudience } = config.core
  if (mode === 'oidc' && !oidcIssuer) throw new AppError('CONFIG', 'AUTH_MODE=oidc needs OIDC_ISSUER')
  const keys = createKeyChecker(
    db,
    [apiToken, apiKey].filter((key): key is string => key !== undefined),
  )
  const checkToken = mode === 'oidc' && oidcIssuer ? createOidcVerifier(oidcIssuer, oidcAudience) : undefined
  const failures = new Map<string, { count: number; since: number }>()

  /** Guessing is slowed: after 20 wrong credentials in a minute an address is refused for the rest of it. */
  const guard = (address: string) => {
    const seen = failures.get(address)
    if (seen && Date.now() - seen.since < FAILURE_WINDOW_MS && seen.count >= MAX_FAILURES)
      throw new AppError('RATE_LIMITED', 'Too many wrong credentials from this address: wait a minute', {
        retry_after: 60,
      })
  }
  const failed = (address: string) => {
    const seen = failures.get(address)
    if (failures.size > 10_000) failures.clear()
    if (!seen || Date.now() - seen.since >= FAILURE_WINDOW_MS) failures.set(address, { count: 1, since: Date.now() })
    else seen.count++
  }

  return {
    mode,
    forgetKeys: () => keys.forget(),
    async authenticate({ bearer, apiKey: given, remoteAddress, isOutbound = false }) {
      const token = bearer ?? given
      if (token === undefined) return mode === 'dev' && !isOutbound && isLoopback(remoteAddress) ? DEV_USER : undefined
      guard(remoteAddress)
      // A token that is both gives all that either does.
      if (agentToken !== undefined && bearer === agentToken && bearer !== apiToken && bearer !== apiKey)
        return OWN_AGENT
      const actor = (await keys.check(token)) ?? (bearer && checkToken ? await checkToken(bearer) : undefined)
      if (!actor) failed(remoteAddress)
      return actor
    },
  }
}
