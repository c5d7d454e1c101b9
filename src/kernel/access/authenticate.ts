import type { Config } from '../config/load-config.ts'
import type { Actor } from '../context.ts'
import type { Db } from '../db/database.ts'
import { AppError } from '../errors/app-error.ts'
import { createFailureWindow } from './failure-window.ts'
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

/** An address, not a name: `127.0.0.1.example.org` leads anywhere. */
export const isLoopback = (address: string): boolean => /^(?:(?:::ffff:)?127(?:\.\d{1,3}){3}|::1)$/i.test(address)

export function createAuthenticator(config: Config, db: Db, agentToken?: string): Authenticator {
  const mode = authMode(config)
  const { apiToken, apiKey, oidcIssuer, oidcAudience } = config.core
  if (mode === 'oidc' && !oidcIssuer) throw new AppError('CONFIG', 'AUTH_MODE=oidc needs OIDC_ISSUER')
  const keys = createKeyChecker(
    db,
    [apiToken, apiKey].filter((key): key is string => key !== undefined),
  )
  const checkToken = mode === 'oidc' && oidcIssuer ? createOidcVerifier(oidcIssuer, oidcAudience) : undefined
  const failures = createFailureWindow()

  return {
    mode,
    forgetKeys: () => keys.forget(),
    async authenticate({ bearer, apiKey: given, remoteAddress, isOutbound = false }) {
      const token = bearer ?? given
      if (token === undefined) return mode === 'dev' && !isOutbound && isLoopback(remoteAddress) ? DEV_USER : undefined
      if (failures.isShut(remoteAddress))
        throw new AppError('RATE_LIMITED', 'Too many wrong credentials from this address: wait a minute', {
          retry_after: 60,
        })
      // A token that is both gives all that either does.
      if (agentToken !== undefined && bearer === agentToken && bearer !== apiToken && bearer !== apiKey)
        return OWN_AGENT
      const actor = (await keys.check(token)) ?? (bearer && checkToken ? await checkToken(bearer) : undefined)
      if (!actor) failures.failed(remoteAddress)
      return actor
    },
  }
}
