import type { AddressInfo } from 'node:net'
import { setTimeout as wait } from 'node:timers/promises'
import type { Config } from '../../kernel/config/load-config.ts'
import { SKILLS } from '../skills/registry.ts'
import { type AgentLog, createAgentLog } from './agent-log.ts'
import { createMemoryReturn } from './give-back-memory.ts'
import { createLoadMeter } from './host-load.ts'
import { readIdentity, SDK_VERSION } from './identity.ts'
import { Membership } from './membership.ts'
import type { ModelStep } from './run-step.ts'
import { createService } from './service.ts'
import { Worker } from './worker.ts'

export type AgentOptions = {
  config: Config
  log?: AgentLog
  model?: ModelStep | undefined
  /** Values a step may use as `${NAME}`. */
  secrets?: Readonly<Record<string, string>>
  /** The process should end: replaced, or refused by the server. */
  onEnd?: (why: string) => void
}
export type RunningAgent = {
  agentId: string
  port: number
  url: string
  /** Drains (at most `drainMs`), deregisters and closes. */
  stop(drainMs?: number): Promise<void>
}

/** What is finished within this after SIGTERM is finished; the rest goes back to the queue with its checkpoint. */
const DRAIN_MS = 30_000
const PORT_RETRY_MS = 500
const PORT_PATIENCE_MS = 15_000

/** Waits a while for a port that a process just ended still holds. */
async function listen(server: ReturnType<typeof createService>, port: number, host: string): Promise<number> {
  for (const until = Date.now() + PORT_PATIENCE_MS; ; ) {
    const { promise, resolve, reject } = Promise.withResolvers<void>()
    server.once('error', reject)
    server.listen(port, host, () => resolve())
    try {
      await promise
      server.removeListener('error', reject)
      return (server.address() as AddressInfo).port
    } catch (error) {
      server.removeListener('error', reject)
      if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE' || Date.now() > until) throw error
      await wait(PORT_RETRY_MS)
    }
  }
}

/** One agent: its HTTP service, its place in the registry, its slot. Returns when it listens; registering goes on beside it. */
export async function startAgent(options: AgentOptions): Promise<RunningAgent> {
  const { config, model } = options
  const log = options.log ?? createAgentLog(config.core.logLevel)
  const identity = readIdentity(config)
  const { agentId, capabilities } = identity
  const load = createLoadMeter()
  const memory = createMemoryReturn()
  let membership: Membership | undefined

  const worker = new Worker({
    agentId,
    capabilities,
    model,
    dataPath: config.tasks.dataPath,
    allowPrivateHosts: config.tasks.allowPrivateHosts,
    outboundHosts: config.tasks.outboundHosts,
    skillsFirst: config.tasks.skillsFirst,
    secrets: options.secrets ?? {},
    resultsCall: () => membership?.resultsCall(),
    onBusy: () => {
      memory.busy()
      membership?.busy()
    },
    onChange: () => {
      if (worker.currentTask === null) memory.free()
      void membership?.changed()
    },
    log,
  })
  const availability = () => ({
    is_available: worker.currentTask === null && !worker.isDraining,
    current_task: worker.currentTask,
  })
  const skills = SKILLS.filter((skill) => skill.capabilities.some((name) => capabilities.includes(name)))
  const server = createService({
    agentId,
    worker,
    token: config.core.apiToken,
    allowedHosts: [...config.core.allowedHosts, ...hostNames(config.tasks.agentBaseUrl)],
    health: () => ({
      status: 'healthy',
      agent_id: agentId,
      ...availability(),
      sdk_version: SDK_VERSION,
      model_configured: model !== undefined,
      skills: skills.map(({ name }) => name),
    }),
    status: () => ({
      agent_id: agentId,
      port,
      base_url: url,
      is_available: worker.currentTask === null,
      current_task: worker.currentTask,
      ...(worker.isDraining && { draining: true }),
      capabilities,
      ...load(),
      tasks_completed: worker.completed,
      last_heartbeat: (membership?.lastHeartbeat ?? new Date()).toISOString(),
      sdk_enabled: true,
    }),
  })
  const port = await listen(server, identity.port, identity.host)
  const reachable = ['0.0.0.0', '::'].includes(identity.host) ? '127.0.0.1' : identity.host
  const url = (
    config.tasks.agentBaseUrl ?? `http://${reachable === '127.0.0.1' ? 'localhost' : reachable}:${port}`
  ).replace(/\/$/, '')

  membership = new Membership({
    serverUrl: identity.serverUrl,
    agentId,
    endpoint: url,
    capabilities,
    instance: identity.instance,
    sdkVersion: SDK_VERSION,
    token: config.tasks.agentToken ?? config.core.apiToken,
    pulse: () => ({
      ...availability(),
      ...load(),
      running: worker.running,
      ...(worker.isDraining && { draining: true }),
    }),
    onStop: ({ assignment_id, attempt }) => worker.stop(assignment_id, attempt),
    onEnd: options.onEnd ?? (() => undefined),
    log,
  })
  void membership.join()

  return {
    agentId,
    port,
    url,
    async stop(drainMs = DRAIN_MS) {
      await worker.drain(drainMs)
      await membership.leave(true)
      server.closeAllConnections()
      await new Promise<void>((resolve) => server.close(() => resolve()))
    },
  }
}

const hostNames = (url: string | undefined): string[] => {
  const name = url === undefined ? undefined : URL.parse(url)?.hostname
  return name ? [name.toLowerCase()] : []
}
