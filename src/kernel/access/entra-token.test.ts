import fs from 'node:fs/promises'
import http from 'node:http'
import type { AddressInfo } from 'node:net'
import os from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { loadConfig } from '../config/load-config.ts'
import { createEntraTokens, type EntraDeps } from './entra-token.ts'

type Seen = { method: string; url: URL; headers: http.IncomingHttpHeaders; body: string }
let server: http.Server
let base: string
let seen: Seen[]
let answer: (request: Seen) => [status: number, body: unknown]
beforeEach(async () => {
  seen = []
  answer = () => [400, { error: 'identity not found' }]
  server = http.createServer(async (req, res) => {
    let body = ''
    for await (const chunk of req) body += chunk
    const request = { method: req.method!, url: new URL(req.url!, 'http://x'), headers: req.headers, body }
    seen.push(request)
    const [status, json] = answer(request)
    res.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(json))
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
})
afterEach(() => {
  server.closeAllConnections()
  server.close()
})

const noCli = async () => Promise.reject(new Error('az is not installed'))
const tokens = (env: Record<string, string>, deps: EntraDeps = {}) =>
  createEntraTokens(loadConfig(env).entra, { metadataUrl: `${base}/metadata`, runCli: noCli, ...deps })
const SCOPE = 'https://ossrdbms-aad.database.windows.net/.default'

describe('Entra ID tokens', () => {
  it('uses a workload identity first', async () => {
    const file = path.join(await fs.mkdtemp(path.join(os.tmpdir(), 'entra-')), 'token')
    await fs.writeFile(file, 'signed-assertion\n')
    answer = () => [200, { access_token: 't1', expires_in: 3600 }]
    const token = tokens({
      AZURE_TENANT_ID: 'ten',
      AZURE_CLIENT_ID: 'cli',
      AZURE_FEDERATED_TOKEN_FILE: file,
      AZURE_AUTHORITY_HOST: `${base}/`,
    })
    expect(await token(SCOPE)).toBe('t1')
    expect([seen[0]!.method, seen[0]!.url.pathname]).toEqual(['POST', '/ten/oauth2/v2.0/token'])
    expect(Object.fromEntries(new URLSearchParams(seen[0]!.body))).toMatchObject({
      client_id: 'cli',
      scope: SCOPE,
      client_assertion: 'signed-assertion',
    })
    await fs.rm(path.dirname(file), { recursive: true })
  })

  it('uses the managed identity of an app service, then of the machine', async () => {
    answer = ({ url }) =>
      url.pathname === '/identity'
        ? [200, { access_token: 'app', expires_on: '4102444800' }]
        : [200, { access_token: 'vm', expires_in: '3600' }]
    expect(
      await tokens({ IDENTITY_ENDPOINT: `${base}/identity`, IDENTITY_HEADER: 'h', AZURE_CLIENT_ID: 'cli' })(SCOPE),
    ).toBe('app')
    expect(seen[0]!.headers['x-identity-header']).toBe('h')
    expect(seen[0]!.url.searchParams.get('resource')).toBe('https://ossrdbms-aad.database.windows.net')
    expect(seen[0]!.url.searchParams.get('client_id')).toBe('cli')
    expect(await tokens({})(SCOPE)).toBe('vm')
    expect(seen[1]!.headers['metadata']).toBe('true')
  })

  it('falls back to the sign-in of the developer', async () => {
    const asked: string[][] = []
    const runCli = async (args: string[]) => {
      asked.push(args)
      return JSON.stringify({ accessToken: 'dev', expires_on: 4102444800 })
    }
    const token = tokens({}, { runCli })
    expect([await token(SCOPE), await token('other')]).toEqual(['dev', 'dev'])
    expect(asked[0]).toContain(SCOPE)
    expect(seen).toHaveLength(1) // the way that worked is tried first next time
  })

  it('keeps a token until shortly before its end, and fetches once for many callers', async () => {
    let now = 0
    let count = 0
    answer = () => [200, { access_token: `t${++count}`, expires_in: 3600 }]
    const token = tokens({}, { now: () => now })
    expect(await Promise.all([token(SCOPE), token(SCOPE), token(SCOPE)])).toEqual(['t1', 't1', 't1'])
    now = 54 * 60_000
    expect(await token(SCOPE)).toBe('t1')
    now = 56 * 60_000
    expect(await token(SCOPE)).toBe('t2')
  })

  it('names every way it tried', async () => {
    await expect(tokens({})(SCOPE)).rejects.toThrow(
      /managed identity of the machine: 400 identity not found; command-line sign-in.*az is not installed.*az login/,
    )
  })
})
