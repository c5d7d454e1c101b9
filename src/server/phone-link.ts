// A phone on the same network, for as long as somebody wants: a second listener that opens only when asked for, lets in whoever
// brings the one-time link, as a key of its own that ends with it, and closes by itself.
import { createHash, randomBytes } from 'node:crypto'
import http, { type IncomingMessage, type ServerResponse } from 'node:http'
import os from 'node:os'
import type { Duplex } from 'node:stream'
import type { FastifyInstance } from 'fastify'
import { createFailureWindow } from '../kernel/access/failure-window.ts'
import { createKey, revokeKey } from '../kernel/access/keys.ts'
import { ROLES, type Role } from '../kernel/access/scopes.ts'
import type { Ctx } from '../kernel/context.ts'
import { AppError } from '../kernel/errors/app-error.ts'
import { emit } from '../kernel/events/emit.ts'
import type { Kernel } from '../kernel/kernel.ts'

const LINK_MINUTES = 10
const COOKIE = 'troupe_phone'

type Session = { secret: string; keyId: string; expires: number }
type Pending = { hash: string; expires: number; ctx: Ctx; minutes: number }

export type PhoneLinkStatus = {
  open: boolean
  address: string | null
  /** Phones that came in and may still. */
  phones: number
  closes_at: string | null
}

export type PhoneLink = {
  status(): PhoneLinkStatus
  /** Opens the listener if need be and makes a link that works once. */
  create(ctx: Ctx, minutes: number): Promise<{ url: string; link_expires_at: string; session_minutes: number }>
  close(): Promise<void>
}

const hashOf = (token: string) => createHash('sha256').update(token).digest('hex')

/** This machine's address on the local network: a private IPv4 one. */
export function localAddress(interfaces = os.networkInterfaces()): string | undefined {
  const addresses = Object.values(interfaces)
    .flatMap((list) => list ?? [])
    .filter((one) => one.family === 'IPv4' && !one.internal)
    .map((one) => one.address)
  return addresses.find((one) => /^(192\.168|10\.|172\.(1[6-9]|2\d|3[01]))\.?/.test(one)) ?? addresses[0]
}

function page(response: ServerResponse, status: number, title: string, text: string): void {
  response.writeHead(status, {
    'content-type': 'text/html; charset=utf-8',
    'cache-control': 'no-store',
    'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'",
  })
  response.end(
    `<!doctype html><html lang="en"><meta name="viewport" content="width=device-width"><title>${title}</title><body style="font-family:sans-serif;max-width:24rem;margin:4rem auto;padding:0 1rem"><h1>${title}</h1><p>${text}</p></body></html>`,
  )
}

const cookieOf = (request: IncomingMessage): string | undefined =>
  /(?:^|;\s*)troupe_phone=([\w-]+)/.exec(request.headers.cookie ?? '')?.[1]

export function createPhoneLink(
  app: FastifyInstance,
  kernel: Kernel,
  options: { address?: () => string | undefined; host?: string } = {},
): PhoneLink {
  const addressOf = options.address ?? localAddress
  const sessions = new Map<string, Session>()
  let pending: Pending[] = []
  const failures = createFailureWindow(() => kernel.clock.now())
  let server: http.Server | undefined
  let base = ''
  let timer: NodeJS.Timeout | undefined

  const now = () => kernel.clock.now()
  const live = () => {
    for (const [id, session] of sessions) if (session.expires <= now()) sessions.delete(id)
    pending = pending.filter((link) => link.expires > now())
  }

  /** Takes the session's key into the request and makes it one of this machine; false when it has no session. */
  function admit(request: IncomingMessage): boolean {
    live()
    const session = sessions.get(hashOf(cookieOf(request) ?? ''))
    if (!session) return false
    const { origin, host } = request.headers
    if (origin !== undefined && origin !== `http://${host}`) return false // a page of another site
    request.headers.authorization = `Bearer ${session.secret}`
    delete request.headers['x-api-key']
    delete request.headers.cookie
    request.headers.host = '127.0.0.1'
    if (origin !== undefined) request.headers.origin = 'http://127.0.0.1'
    return true
  }

  async function redeem(token: string, addressOfCaller: string, response: ServerResponse): Promise<void> {
    live()
    const link = pending.find((one) => one.hash === hashOf(token))
    if (!link) {
      failures.failed(addressOfCaller)
      return page(response, 410, 'This link has been used or is too old', 'Make a new one in Settings → Phone.')
    }
    pending = pending.filter((one) => one !== link)
    const expires = now() + link.minutes * 60_000
    const roles = link.ctx.actor.roles.filter((role): role is Role => (ROLES as readonly string[]).includes(role))
    const { key, secret } = await createKey(link.ctx, {
      name: `Phone of ${link.ctx.actor.name ?? link.ctx.actor.id}`,
      roles,
      expiresInDays: link.minutes / 1440,
    })
    const id = randomBytes(32).toString('base64url')
    sessions.set(hashOf(id), { secret, keyId: key.id, expires })
    response.writeHead(303, {
      location: '/app',
      'cache-control': 'no-store',
      'set-cookie': `${COOKIE}=${id}; Path=/; HttpOnly; SameSite=Strict; Max-Age=${link.minutes * 60}`,
    })
    response.end()
  }

  function onRequest(request: IncomingMessage, response: ServerResponse): void {
    const caller = request.socket.remoteAddress ?? ''
    if (failures.isShut(caller)) {
      page(response, 429, 'Too many wrong links', 'Wait a minute, then try again.')
      return
    }
    const [, token] = /^\/phone\/([\w-]{20,200})$/.exec(request.url ?? '') ?? []
    if (token && request.method === 'GET') {
      redeem(token, caller, response).catch((error: Error) => {
        kernel.log.error({ error: error.message }, 'a phone could not be let in')
        page(response, 500, 'That did not work', 'Make a new link in Settings → Phone.')
      })
      return
    }
    if (admit(request)) app.routing(request, response)
    else page(response, 401, 'Not let in', 'Open this with a link from Settings → Phone on your computer.')
  }

  function onUpgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    if (admit(request)) app.server.emit('upgrade', request, socket, head)
    else socket.destroy()
  }

  async function open(): Promise<void> {
    if (server) return
    const address = addressOf()
    if (!address)
      throw new AppError('INVALID_STATE', 'This machine has no address on a local network: connect it, then try again')
    const made = http.createServer(onRequest)
    made.on('upgrade', onUpgrade)
    await new Promise<void>((resolve, reject) => {
      made.once('error', reject)
      made.listen(0, options.host ?? address, resolve)
    })
    server = made
    base = `http://${address}:${(made.address() as { port: number }).port}`
    timer = setInterval(() => {
      live()
      if (sessions.size === 0 && pending.length === 0) void close()
    }, 30_000)
    timer.unref()
    kernel.log.info({ address: base }, 'phones may come in')
  }

  async function close(): Promise<void> {
    clearInterval(timer)
    const was = server
    server = undefined
    pending = []
    const keys = [...sessions.values()].map((session) => session.keyId)
    sessions.clear()
    const ctx: Ctx = {
      kernel,
      actor: { kind: 'system', id: 'system', roles: ['Admin'], scopes: ['*'] },
      correlationId: kernel.newId('corr'),
      causes: [],
    }
    for (const id of keys) await revokeKey(ctx, id)
    if (!was) return
    was.closeAllConnections()
    await new Promise<void>((resolve) => was.close(() => resolve()))
  }

  return {
    status() {
      live()
      const last = Math.max(0, ...[...sessions.values(), ...pending].map((one) => one.expires))
      return {
        open: server !== undefined,
        address: server ? base : null,
        phones: sessions.size,
        closes_at: server && last > 0 ? new Date(last).toISOString() : null,
      }
    },
    async create(ctx, minutes) {
      await open()
      const token = randomBytes(24).toString('base64url')
      const expires = now() + LINK_MINUTES * 60_000
      pending.push({ hash: hashOf(token), expires, ctx, minutes })
      await kernel.db.transaction((tx) =>
        emit(tx, ctx, {
          domain: 'platform',
          type: 'phone.link_created',
          stream: 'phone',
          summary: `A link for a phone was made by ${ctx.actor.name ?? ctx.actor.id}`,
          data: { session_minutes: minutes },
        }),
      )
      return {
        url: `${base}/phone/${token}`,
        link_expires_at: new Date(expires).toISOString(),
        session_minutes: minutes,
      }
    },
    close,
  }
}
