// The HTTP app of given modules on a database of its own, without a listening port: `await using t = await testApp([planningModule])`.
import { randomBytes } from 'node:crypto'
import type { FastifyInstance, InjectOptions } from 'fastify'
import { createAuthenticator } from '../src/kernel/access/authenticate.ts'
import type { Config } from '../src/kernel/config/load-config.ts'
import { type Environment, loadConfig } from '../src/kernel/config/load-config.ts'
import type { Actor } from '../src/kernel/context.ts'
import { createKernel } from '../src/kernel/create-kernel.ts'
import { openDb } from '../src/kernel/db/database.ts'
import { createApp } from '../src/kernel/http/app.ts'
import { platformPresenter } from '../src/kernel/http/presenter.ts'
import { type RouteRegistry, Router } from '../src/kernel/http/route.ts'
import type { Clock, Kernel } from '../src/kernel/kernel.ts'
import type { Module } from '../src/kernel/module.ts'
import { createServerDatabase, silentLog } from './_pg.ts'

export type Answer = { status: number; body: any; headers: Record<string, unknown> }
export type TestApp = {
  app: FastifyInstance
  kernel: Kernel
  registry: RouteRegistry
  /** Who calls; null is nobody. Set it between calls to change roles. */
  actor: Actor | null
  call(method: InjectOptions['method'], url: string, body?: unknown, headers?: Record<string, string>): Promise<Answer>
  [Symbol.asyncDispose](): Promise<void>
}

export const testActor = (roles: readonly string[], id = 'ada', scopes: readonly string[] = []): Actor => ({
  kind: 'user',
  id,
  name: id,
  email: `${id}@example.org`,
  roles,
  scopes,
  projects: ['*'],
})

/** Tests leave no key behind in the folder they run in. */
const DATA_KEYS = randomBytes(32).toString('base64')

type Options = { env?: Environment; clock?: Clock; parts?: Record<string, unknown> }

/** Routes, presenters and hooks of the modules over a migrated database; loops are not started. */
export async function testApp(build: readonly ((config: Config) => Module)[], options: Options = {}): Promise<TestApp> {
  const config = loadConfig({ DATA_KEYS, ...options.env })
  const modules = build.map((module) => module(config))
  const url = await createServerDatabase()
  const db = openDb({ url, max: 6, applicationName: 'troupe-test' })
  const kernel = createKernel({
    config,
    db,
    log: silentLog,
    hooks: new Map(modules.flatMap(({ name, hooks }) => (hooks ? [[name, hooks] as const] : []))),
    ...(options.clock ? { clock: options.clock } : {}),
    ...(options.parts ? { parts: options.parts } : {}),
  })
  await kernel.notifier.start()
  const registry: RouteRegistry = []
  const test: Omit<TestApp, 'app' | 'call' | typeof Symbol.asyncDispose> = {
    kernel,
    registry,
    actor: testActor(['Admin']),
  }
  const authenticator = { ...createAuthenticator(config, db), authenticate: async () => test.actor ?? undefined }
  const app = await createApp({
    kernel,
    authenticator,
    registry,
    presenterOf: (path) =>
      modules.find(({ prefixes }) => prefixes?.some((prefix) => path.startsWith(prefix)))?.presenter ??
      platformPresenter,
    screenOf: () => undefined,
  })
  for (const module of modules) await module.routes?.(new Router(app, kernel, module.name, registry), kernel, app)
  await app.ready()
  return Object.assign(test, {
    app,
    async call(method: InjectOptions['method'], path: string, body?: unknown, headers: Record<string, string> = {}) {
      const reply = await app.inject({
        method: method ?? 'GET',
        url: path,
        remoteAddress: '127.0.0.1',
        headers: { host: '127.0.0.1', ...headers },
        ...(body === undefined ? {} : { payload: body as object }),
      })
      const json = String(reply.headers['content-type'] ?? '').startsWith('application/json')
      return { status: reply.statusCode, body: json ? reply.json() : reply.body, headers: reply.headers }
    },
    async [Symbol.asyncDispose]() {
      await app.close()
      await kernel.notifier.close()
      await db.close()
    },
  }) as TestApp
}
