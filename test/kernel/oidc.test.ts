// AUTH_MODE=oidc against a provider on loopback that speaks OpenID Connect Discovery and signs with its own keys.
import http from 'node:http'
import type { AddressInfo } from 'node:net'
import { exportJWK, generateKeyPair, SignJWT } from 'jose'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type TestServer, testServer } from '../_server.ts'

type Key = Awaited<ReturnType<typeof generateKeyPair>>
let provider: http.Server
let issuer: string
let server: TestServer
let key: Key
let foreign: Key
let down = false

beforeAll(async () => {
  key = await generateKeyPair('RS256')
  foreign = await generateKeyPair('RS256')
  const published = { ...(await exportJWK(key.publicKey)), kid: 'k1', alg: 'RS256', use: 'sig' }
  provider = http.createServer((request, response) => {
    if (down) return request.socket.destroy()
    const answer =
      request.url === '/.well-known/openid-configuration'
        ? { issuer, jwks_uri: `${issuer}/keys` }
        : request.url === '/keys'
          ? { keys: [published] }
          : undefined
    response
      .writeHead(answer ? 200 : 404, { 'content-type': 'application/json' })
      .end(JSON.stringify(answer ?? { error: 'not found' }))
  })
  await new Promise<void>((listening) => provider.listen(0, '127.0.0.1', listening))
  issuer = `http://127.0.0.1:${(provider.address() as AddressInfo).port}`
  server = await testServer({ env: { AUTH_MODE: 'oidc', OIDC_ISSUER: issuer, OIDC_AUDIENCE: 'troupe' } })
}, 60_000)
afterAll(async () => {
  await server[Symbol.asyncDispose]()
  provider.closeAllConnections()
  provider.close()
})

type Claims = {
  roles?: string[]
  scp?: string
  iss?: string
  aud?: string
  exp?: string | number
  kid?: string
  key?: Key
}
const token = ({
  roles = ['Viewer'],
  scp,
  iss = issuer,
  aud = 'troupe',
  exp = '5m',
  kid = 'k1',
  key: by = key,
}: Claims) =>
  new SignJWT({ roles, ...(scp ? { scp } : {}), name: 'Ada', preferred_username: 'ada@example.org' })
    .setProtectedHeader({ alg: 'RS256', kid })
    .setSubject('user-1')
    .setIssuer(iss)
    .setAudience(aud)
    .setIssuedAt()
    .setExpirationTime(exp)
    .sign(by.privateKey)
const as = async (claims: Claims) => ({ authorization: `Bearer ${await token(claims)}` })
const get = (at: string, headers: Record<string, string>) => server.call('GET', at, undefined, headers)

describe('tokens of an OpenID provider', () => {
  it('say who calls, with which roles', async () => {
    const { status, body } = await get('/v1/me', await as({ roles: ['Organizer'] }))
    expect([status, body]).toEqual([
      200,
      { id: 'user-1', name: 'Ada', kind: 'user', roles: ['Organizer'], scopes: [], auth_mode: 'oidc' },
    ])
  })

  it('allow what the role allows and nothing else', async () => {
    expect((await get('/tasks', await as({ roles: ['Viewer'] }))).status).toBe(200)
    const job = { description: 'Calculate factorial of 5' }
    expect((await server.call('POST', '/tasks', job, await as({ roles: ['Viewer'] }))).status).toBe(403)
    expect((await server.call('POST', '/tasks', job, await as({ roles: ['Organizer'] }))).status).toBe(200)
    expect((await get('/v1/keys', await as({ roles: ['Organizer'] }))).status).toBe(403)
    expect((await get('/v1/keys', await as({ roles: ['Admin'] }))).status).toBe(200)
    expect((await get('/tasks', await as({ roles: [], scp: 'Events.Read' }))).status).toBe(200)
  })

  it.each<[string, Claims]>([
    ['expired', { exp: Math.floor(Date.now() / 1000) - 60 }],
    ['for another audience', { aud: 'somebody-else' }],
    ['of another issuer', { iss: 'https://example.org' }],
    ['of an unknown key', { kid: 'k2' }],
  ])('are refused when %s', async (_why, claims) => {
    expect((await get('/v1/me', await as(claims))).status).toBe(401)
  })

  it('are refused when signed by somebody else, unsigned, or cut', async () => {
    expect((await get('/v1/me', await as({ key: foreign }))).status).toBe(401)
    const [, payload] = (await token({ roles: ['Admin'] })).split('.')
    const none = `${Buffer.from('{"alg":"none"}').toString('base64url')}.${payload}.`
    const confused = `${Buffer.from('{"alg":"HS256","kid":"k1"}').toString('base64url')}.${payload}.c2lnbmF0dXJl`
    for (const forged of [none, confused, `${payload}`, 'a.b.c'])
      expect((await get('/v1/me', { authorization: `Bearer ${forged}` })).status, forged.slice(0, 20)).toBe(401)
    expect((await get('/v1/me', {})).status).toBe(401)
  })
})

describe('a provider that is away', () => {
  it('is told as such, not as a wrong token, and counts again once it is back', async () => {
    down = true
    const other = await testServer({
      env: { AUTH_MODE: 'oidc', OIDC_ISSUER: issuer, OIDC_AUDIENCE: 'troupe' },
      roles: ['api'],
    })
    const headers = await as({})
    const away = await other.call('GET', '/v1/me', undefined, headers)
    expect([away.status, JSON.stringify(away.body)]).toEqual([503, expect.stringContaining('OIDC_ISSUER')])
    down = false
    expect((await other.call('GET', '/v1/me', undefined, headers)).status).toBe(200)
    await other[Symbol.asyncDispose]()
  }, 60_000)
})
