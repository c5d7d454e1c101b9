// A whole installation for a measurement: embedded PostgreSQL with durability on, the server in this process, agents as children.
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { type AgentChildren, startAgentChildren } from '../../src/cli/agent-children.ts'
import { loadConfig } from '../../src/kernel/config/load-config.ts'
import { silentLog } from '../../src/kernel/telemetry/logger.ts'
import { type RunningServer, startServer } from '../../src/server/start-server.ts'

export type Installation = {
  server: RunningServer
  agents: AgentChildren
  dir: string
  call(method: string, at: string, body?: unknown): Promise<any>
  stop(): Promise<void>
}

export async function startInstallation(agents: number, more: Record<string, string> = {}): Promise<Installation> {
  const dir = fs.mkdtempSync(path.join(os.tmpdir(), 'troupe-bench-'))
  fs.chmodSync(dir, 0o755)
  const env = {
    PATH: process.env['PATH']!,
    TROUPE_HOME: path.join(dir, 'home'),
    SHARED_FILES_PATH: path.join(dir, 'shared'),
    ARTIFACTS_PATH: path.join(dir, 'artifacts'),
    PORT: '0',
    RATE_LIMIT_PER_MINUTE: '0',
    ...more,
  }
  const server = await startServer({ config: loadConfig(env), env, log: silentLog, agentToken: 'bench' })
  const children = startAgentChildren({
    agents: Array.from({ length: agents }, (_, i) => ({ id: `agent_${i + 1}`, port: 0 })),
    serverUrl: server.url,
    token: 'bench',
    env,
    compileCache: path.join(dir, 'compile-cache'),
    log: silentLog,
  })
  const installation: Installation = {
    server,
    agents: children,
    dir,
    async call(method, at, body) {
      const response = await fetch(`${server.url}${at}`, {
        method,
        headers: body === undefined ? {} : { 'content-type': 'application/json' },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      })
      const reply = (await response.json()) as any
      if (!response.ok) throw new Error(`${method} ${at}: ${response.status} ${JSON.stringify(reply)}`)
      return reply
    },
    async stop() {
      await children.stop()
      await server.stop({ stopDatabase: true })
      fs.rmSync(dir, { recursive: true, force: true })
    },
  }
  while ((await installation.call('GET', '/agents')).agents.length < agents) await sleep(100)
  return installation
}

export async function ended(installation: Installation, id: string): Promise<any> {
  for (;;) {
    const { task } = await installation.call('GET', `/tasks/${id}`)
    if (['completed', 'failed', 'cancelled'].includes(task.status)) return task
    await sleep(100)
  }
}
