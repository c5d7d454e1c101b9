import { execFile } from 'node:child_process'
import fs from 'node:fs/promises'
import { promisify } from 'node:util'
import { childEnvironment } from '../config/child-environment.ts'
import type { Config } from '../config/load-config.ts'
import { AppError } from '../errors/app-error.ts'

type Token = { value: string; expiresAt: number }
export type EntraDeps = {
  now?: () => number
  fetch?: typeof fetch
  /** Runs the developer's command line; injected in tests. */
  runCli?: (args: string[]) => Promise<string>
  /** Where virtual machines ask for their identity; injected in tests. */
  metadataUrl?: string
}

const METADATA = 'http://169.254.169.254/metadata/identity/oauth2/token'
/** A token is fetched anew this long before it ends. */
const EARLY_MS = 5 * 60_000
const TIMEOUT_MS = 10_000
const METADATA_TIMEOUT_MS = 1_500

const runAz = async (args: string[]) => {
  const { stdout } = await promisify(execFile)('az', args, {
    timeout: 30_000,
    env: childEnvironment(['DATABASE_URL', 'LLM_API_KEY', 'ANTHROPIC_API_KEY']),
  })
  return stdout
}

/**
 * Entra ID tokens without a stored secret: workload identity, then managed identity, then the developer's command-line sign-in; the first that works is
 * kept. Tokens are cached per scope and fetched once for simultaneous callers. Throws ENTRA_TOKEN_UNAVAILABLE naming every way that was tried.
 */
export function createEntraTokens(settings: Config['entra'], deps: EntraDeps = {}): (scope: string) => Promise<string> {
  const { now = Date.now, runCli = runAz, metadataUrl = METADATA } = deps
  const send = deps.fetch ?? fetch
  const cached = new Map<string, Token>()
  const running = new Map<string, Promise<Token>>()

  async function request(url: string | URL, init: RequestInit, timeoutMs = TIMEOUT_MS): Promise<Token> {
    const answer = await send(url, { ...init, signal: AbortSignal.timeout(timeoutMs) })
    const body = (await answer.json()) as {
      access_token?: string
      expires_in?: number | string
      expires_on?: number | string
      error?: string
    }
    if (!answer.ok || !body.access_token) throw new Error(`${answer.status} ${body.error ?? ''}`.trim())
    const expiresAt =
      body.expires_in !== undefined ? now() + Number(body.expires_in) * 1000 : Number(body.expires_on) * 1000
    return { value: body.access_token, expiresAt: Number.isFinite(expiresAt) ? expiresAt : now() }
  }

  const identityQuery = (scope: string, apiVersion: string) => {
    const query = new URLSearchParams({ 'api-version': apiVersion, resource: scope.replace(/\/\.default$/, '') })
    if (settings.clientId) query.set('client_id', settings.clientId)
    return query
  }

  const ways: readonly (readonly [name: string, usable: boolean, get: (scope: string) => Promise<Token>])[] = [
    [
      'workload identity',
      Boolean(settings.federatedTokenFile && settings.clientId && settings.tenantId),
      async (scope) =>
        request(new URL(`${settings.tenantId}/oauth2/v2.0/token`, settings.authorityHost), {
          method: 'POST',
          body: new URLSearchParams({
            grant_type: 'client_credentials',
            client_id: settings.clientId!,
            scope,
            client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
            client_assertion: (await fs.readFile(settings.federatedTokenFile!, 'utf8')).trim(),
          }),
        }),
    ],
    [
      'managed identity of the app service',
      Boolean(settings.identityEndpoint && settings.identityHeader),
      (scope) =>
        request(`${settings.identityEndpoint}?${identityQuery(scope, '2019-08-01')}`, {
          headers: { 'x-identity-header': settings.identityHeader! },
        }),
    ],
    [
      'managed identity of the machine',
      true,
      (scope) =>
        request(
          `${metadataUrl}?${identityQuery(scope, '2018-02-01')}`,
          { headers: { metadata: 'true' } },
          METADATA_TIMEOUT_MS,
        ),
    ],
    [
      'command-line sign-in (az login)',
      true,
      async (scope) => {
        const output = JSON.parse(
          await runCli(['account', 'get-access-token', '--scope', scope, '--output', 'json']),
        ) as {
          accessToken: string
          expires_on?: number
          expiresOn?: string
        }
        const expiresAt = output.expires_on ? output.expires_on * 1000 : Date.parse(output.expiresOn ?? '')
        return { value: output.accessToken, expiresAt: Number.isFinite(expiresAt) ? expiresAt : now() }
      },
    ],
  ]
  let working: string | undefined

  async function fetchToken(scope: string): Promise<Token> {
    const failures: string[] = []
    const order = [...ways].sort((a, b) => Number(b[0] === working) - Number(a[0] === working))
    for (const [name, usable, get] of order) {
      if (!usable) continue
      try {
        const token = await get(scope)
        working = name
        return token
      } catch (error) {
        failures.push(`${name}: ${error instanceof Error ? error.message.split('\n')[0]!.slice(0, 120) : 'failed'}`)
      }
    }
    throw new AppError(
      'ENTRA_TOKEN_UNAVAILABLE',
      `No Entra ID token could be fetched (${failures.join('; ')}). Run where an identity is assigned, or sign in with az login.`,
      { transient: true },
    )
  }

  return async (scope) => {
    const known = cached.get(scope)
    if (known && known.expiresAt - EARLY_MS > now()) return known.value
    const work = running.get(scope) ?? fetchToken(scope).finally(() => running.delete(scope))
    running.set(scope, work)
    const token = await work
    cached.set(scope, token)
    return token.value
  }
}
