// A whole server on a database of its own and a free port, in this process: what a user's `npm start` runs, without children.
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { loadConfig } from '../src/kernel/config/load-config.ts'
import type { Module } from '../src/kernel/module.ts'
import { type Log, silentLog } from '../src/kernel/telemetry/logger.ts'
import { type RunningServer, startServer } from '../src/server/start-server.ts'
import { createServerDatabase } from './_pg.ts'

export type TestServer = RunningServer & {
  dir: string
  databaseUrl: string
  /** JSON in, JSON out. */
  call(
    method: string,
    path: string,
    body?: unknown,
    headers?: Record<string, string>,
  ): Promise<{ status: number; body: any; headers: Headers }>
  [Symbol.asyncDispose](): Promise<void>
}

export async function testServer(
  options: {
    env?: Record<string, string>
    modules?: readonly Module[]
    agentToken?: string
    databaseUrl?: string
    log?: Log
    /** One engine per process: a second server of a test serves `api` only. */
    roles?: readonly ('api' | 'work')[]
  } = {},
): Promise<TestServer> {
  const dir = fs.mkdtempSync(path.join(os.tmpdir(), 'troupe-server-'))
  const databaseUrl = options.databaseUrl ?? (await createServerDatabase())
  const env = {
    DATABASE_URL: databaseUrl,
    TROUPE_HOME: path.join(dir, 'home'),
    SHARED_FILES_PATH: path.join(dir, 'shared_files'),
    ARTIFACTS_PATH: path.join(dir, 'artifacts'),
    DATA_PATH: path.join(dir, 'data'),
    DATABASE_POOL: '6',
    PORT: '0',
    ...options.env,
  }
  const config = loadConfig(env)
  const server = await startServer({
    config,
    env,
    log: options.log ?? silentLog,
    ...(options.roles ? { roles: options.roles } : {}),
    ...(options.modules ? { modules: options.modules } : {}),
    ...(options.agentToken ? { agentToken: options.agentToken } : {}),
  })
  return {
    ...server,
    dir,
    databaseUrl,
    async call(method, at, body, headers = {}) {
      const response = await fetch(`${server.url}${at}`, {
        method,
        headers: { ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      })
      const text = await response.text()
      const isJson = response.headers.get('content-type')?.includes('json')
      return { status: response.status, body: isJson && text ? JSON.parse(text) : text, headers: response.headers }
    },
    async [Symbol.asyncDispose]() {
      await server.stop()
      fs.rmSync(dir, { recursive: true, force: true })
    },
  }
}

export async function until<T>(
  look: () => Promise<T | undefined | false> | T | undefined | false,
  ms = 20,
): Promise<T> {
  for (;;) {
    const found = await look()
    if (found) return found
    await new Promise((resolve) => setTimeout(resolve, ms))
  }
}
