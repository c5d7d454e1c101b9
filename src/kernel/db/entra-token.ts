import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import type { Log } from '../kernel.ts'

const RESOURCE = 'https://ossrdbms-aad.database.windows.net'
const IDENTITY_TIMEOUT_MS = 2_000
const RENEW_BEFORE_MS = 5 * 60_000

type Token = { token: string; expiresAt: number }

/** Managed identity: App Service and container hosts name an endpoint; virtual machines have the link-local one. */
async function fromManagedIdentity(identity: IdentityEndpoint | undefined): Promise<Token | undefined> {
  const url = identity
    ? `${identity.endpoint}?resource=${encodeURIComponent(RESOURCE)}&api-version=2019-08-01`
    : `http://169.254.169.254/metadata/identity/oauth2/token?api-version=2018-02-01&resource=${encodeURIComponent(RESOURCE)}`
  const headers: Record<string, string> = identity ? { 'x-identity-header': identity.header } : { metadata: 'true' }
  try {
    const response = await fetch(url, { headers, signal: AbortSignal.timeout(IDENTITY_TIMEOUT_MS) })
    if (!response.ok) return undefined
    const body = (await response.json()) as { access_token: string; expires_on: string }
    return { token: body.access_token, expiresAt: Number(body.expires_on) * 1000 }
  } catch {
    return undefined // no identity on this machine: the command line login is next
  }
}

async function fromCommandLine(): Promise<Token> {
  try {
    const { stdout } = await promisify(execFile)(
      'az',
      ['account', 'get-access-token', '--resource', RESOURCE, '--output', 'json'],
      { timeout: 20_000 },
    )
    const body = JSON.parse(stdout) as { accessToken: string; expires_on?: number; expiresOn: string }
    return { token: body.accessToken, expiresAt: body.expires_on ? body.expires_on * 1000 : Date.parse(body.expiresOn) }
  } catch (cause) {
    throw new Error(
      'DATABASE_AUTH=entra found neither a managed identity nor an Azure CLI login: run "az login", or use DATABASE_AUTH=password',
      { cause },
    )
  }
}

export type IdentityEndpoint = { endpoint: string; header: string }

/** Gives an Entra ID token as the password of each new connection: managed identity in the cloud, CLI login locally. */
export function entraToken(log: Log, identity?: IdentityEndpoint): () => Promise<string> {
  let current: Token | undefined
  return async () => {
    if (current && current.expiresAt - Date.now() > RENEW_BEFORE_MS) return current.token
    current = (await fromManagedIdentity(identity)) ?? (await fromCommandLine())
    log.debug({ expires: new Date(current.expiresAt).toISOString() }, 'database token renewed')
    return current.token
  }
}
