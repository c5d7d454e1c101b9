import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import { DEV_USER } from '../../src/kernel/access/authenticate.ts'
import { systemCtx } from '../../src/kernel/context.ts'
import { createPhoneLink, localAddress, type PhoneLink } from '../../src/server/phone-link.ts'
import { type TestServer, testServer } from '../_server.ts'

let server: TestServer
let phones: PhoneLink
beforeAll(async () => {
  server = await testServer({ modules: [] })
  phones = createPhoneLink(server.app, server.kernel, { address: () => '127.0.0.1', host: '127.0.0.1' })
})
afterAll(async () => {
  await phones.close()
  await server[Symbol.asyncDispose]()
})

const make = () => phones.create(systemCtx(server.kernel, { actor: DEV_USER }), 30)

describe('a phone', () => {
  it('comes in by its link once, acts as a key of its own, and is sent away', async () => {
    const { url } = await make()
    const base = new URL(url).origin
    expect((await fetch(`${base}/v1/me`)).status).toBe(401)
    const first = await fetch(url, { redirect: 'manual' })
    expect(first.status).toBe(303)
    expect(first.headers.get('location')).toBe('/app')
    const set = first.headers.get('set-cookie')!
    expect(set).toMatch(/HttpOnly; SameSite=Strict/)
    const cookie = set.split(';')[0]!
    expect((await fetch(url, { redirect: 'manual' })).status).toBe(410)
    const me = await (await fetch(`${base}/v1/me`, { headers: { cookie } })).json()
    expect(me).toMatchObject({ kind: 'key', name: 'Phone of Local developer' })
    const foreign = await fetch(`${base}/v1/keys`, {
      method: 'POST',
      headers: { cookie, origin: 'http://evil.example' },
    })
    expect(foreign.status).toBe(401)
    const own = await fetch(`${base}/v1/keys`, {
      method: 'POST',
      headers: { cookie, origin: base, 'content-type': 'application/json' },
      body: JSON.stringify({ name: 'from the phone', roles: [] }),
    })
    expect(own.status).toBe(201)
    const socket = new WebSocket(`${base.replace('http', 'ws')}/v1/live`, { headers: { cookie } })
    await new Promise((resolve, reject) => {
      socket.once('open', resolve)
      socket.once('error', reject)
    })
    socket.close()
    expect(phones.status()).toMatchObject({ open: true, phones: 1 })
    await phones.close()
    expect(phones.status()).toMatchObject({ open: false, phones: 0 })
    await expect(fetch(`${base}/v1/me`, { headers: { cookie } })).rejects.toThrow()
    const { keys } = (await server.call('GET', '/v1/keys')).body
    expect(keys.find((key: any) => key.name === 'Phone of Local developer').revoked_at).not.toBeNull()
  })

  it('cannot guess: after twenty wrong links its address waits, also with the right one', async () => {
    const { url } = await make()
    const base = new URL(url).origin
    const answers: number[] = []
    for (let n = 0; n < 21; n++)
      answers.push((await fetch(`${base}/phone/${'x'.repeat(31)}${n % 10}`, { redirect: 'manual' })).status)
    expect([answers[0], answers.at(-1)]).toEqual([410, 429])
    expect((await fetch(url, { redirect: 'manual' })).status).toBe(429)
    await phones.close()
  })

  it('is told the address of the local network', () => {
    const of = (address: string, internal = false) => ({ address, internal, family: 'IPv4' }) as never
    expect(localAddress({ lo: [of('127.0.0.1', true)], docker: [of('8.8.4.4')], wlan: [of('192.168.1.7')] })).toBe(
      '192.168.1.7',
    )
    expect(localAddress({ lo: [of('127.0.0.1', true)] })).toBeUndefined()
  })
})
