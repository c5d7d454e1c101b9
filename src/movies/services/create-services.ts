import fs from 'node:fs/promises'
import type { Kernel } from '../../kernel/kernel.ts'
import { localPath } from '../files/media-files.ts'
import { noServices } from '../parts.ts'
import { sign } from '../secret-key.ts'
import type { OutsideServices, ServiceCaller, ServiceName } from '../services-port.ts'
import { createAutoMovie } from './auto-movie/auto-movie.ts'
import { createBrain, socketUrl } from './brain/brain.ts'
import { createCallLog } from './core/call-log.ts'
import { type Deliver, startOutbox } from './core/outbox.ts'
import { pruneRecords } from './core/prune-records.ts'
import { ServiceLine } from './core/service-line.ts'
import { createJobCallbacks } from './task-service/job-callbacks.ts'
import { createJobService } from './task-service/job-service.ts'
import { createTaskServiceClient } from './task-service/task-service-client.ts'

/** Calls in flight per service (contract 2.6); submissions to the Task Service have a limit of their own. */
const LIMITS: Record<ServiceName, number> = { auto_movie: 10, brain: 20, task_service: 64 }
const BRAIN_CONNECTIONS = 4
const BRAIN_PING_MS = 20_000
const DAY_MS = 24 * 3600 * 1000
const CLAIM_MARGIN_SECONDS = 10

type Running = {
  line: ServiceLine
  deliver: Deliver
  probe(caller: ServiceCaller, timeoutSeconds: number): Promise<unknown>
  close?(): void
}

/** The outside services this installation has been given addresses of; without any, those of stand-alone operation. */
export function createServices(kernel: Kernel): OutsideServices {
  const { movies } = kernel.config
  if (!movies.autoMovieUrl && !movies.brainUrl && !movies.brainWsUrl && !movies.taskServiceUrl) return noServices
  const log = createCallLog(kernel)
  const now = () => performance.timeOrigin + performance.now()
  const lineTo = (service: ServiceName) =>
    new ServiceLine({
      service,
      limit: LIMITS[service],
      timeoutSeconds: movies.serviceTimeoutSeconds,
      retries: movies.serviceRetries,
      backOffBase: movies.serviceBackOffSeconds,
      openSeconds: movies.serviceCircuitSeconds,
      now,
      random: Math.random,
      record: (call) => log.record(call),
    })
  const running: Partial<Record<ServiceName, Running>> = {}
  const services: OutsideServices = { ...noServices }

  if (movies.autoMovieUrl) {
    const line = lineTo('auto_movie')
    const { service, deliver, probe } = createAutoMovie({
      url: movies.autoMovieUrl,
      key: movies.autoMovieKey,
      token: movies.autoMovieToken,
      line,
      readFile: (workflowId, file) => fs.readFile(localPath(kernel, workflowId, file)),
    })
    services.projects = service
    running.auto_movie = { line, deliver, probe }
  }
  const brainUrl = movies.brainWsUrl ?? (movies.brainUrl ? socketUrl(movies.brainUrl) : undefined)
  if (brainUrl) {
    const line = lineTo('brain')
    const brain = createBrain({
      line,
      pool: {
        url: brainUrl,
        headers: movies.brainKey ? { 'x-api-key': movies.brainKey } : {},
        size: BRAIN_CONNECTIONS,
        pingMs: BRAIN_PING_MS,
        openMs: movies.serviceTimeoutSeconds * 1000,
        reconnectSeconds: movies.serviceBackOffSeconds,
        now,
        random: Math.random,
      },
      warn: (fields, message) => kernel.log.warn(fields, message),
    })
    services.knowledge = brain.service
    running.brain = { line, deliver: brain.deliver, probe: brain.probe, close: brain.close }
  }
  if (movies.taskServiceUrl) {
    const line = lineTo('task_service')
    const client = createTaskServiceClient({ url: movies.taskServiceUrl, key: movies.taskServiceKey, line })
    const callbacks = createJobCallbacks(kernel)
    services.jobs = createJobService({
      client,
      callbacks,
      callbackUrl: (taskId) =>
        `${publicUrl(kernel)}/api/v1/callbacks/task-service?token=${sign(kernel, 'callback', taskId)}`,
      random: Math.random,
      pollSeconds: movies.servicePollSeconds,
      copy: {
        base: movies.taskServiceUrl,
        key: movies.taskServiceKey,
        allowPrivate: movies.allowPrivateHosts ?? kernel.config.core.environment !== 'production',
      },
    })
    running.task_service = {
      line,
      deliver: (entry, caller) => client.cancel(String(entry.payload['job']), caller, 0),
      probe: client.probe,
      close: callbacks.close,
    }
  }

  const stops: (() => Promise<void> | void)[] = []
  services.state = (name) => running[name]?.line.state() ?? 'not_configured'
  services.circuit = (name) => running[name]?.line.circuit() ?? 'closed'
  services.onRecovered = (listener) => {
    const offs = entries(running).map(([name, { line }]) => line.onRecovered(() => listener(name)))
    return () => {
      for (const off of offs) off()
    }
  }
  services.start = () => {
    for (const [, own] of entries(running)) stops.push(...startOne(kernel, own))
    const timer = setInterval(() => prune(kernel), DAY_MS)
    prune(kernel)
    stops.push(() => clearInterval(timer))
  }
  services.close = async () => {
    await Promise.all(stops.splice(0).map((stop) => stop()))
    for (const [, own] of entries(running)) own.close?.()
    await log.close()
  }
  return services
}

const prune = (kernel: Kernel) =>
  void pruneRecords(kernel).catch((error: Error) =>
    kernel.log.warn({ error: error.message }, 'old records of outside calls were not removed'),
  )

const entries = (running: Partial<Record<ServiceName, Running>>) => Object.entries(running) as [ServiceName, Running][]

/** Looks at a service now and then, also to notice that it is back, and delivers what waits for it. */
function startOne(kernel: Kernel, { line, deliver, probe }: Running): (() => Promise<void> | void)[] {
  const { movies } = kernel.config
  const outbox = startOutbox(kernel, {
    line,
    deliver,
    backOffBase: movies.serviceBackOffSeconds,
    claimSeconds: movies.serviceTimeoutSeconds + CLAIM_MARGIN_SECONDS,
  })
  const look = () => {
    const caller = { workflow_id: null, project_id: 'health', priority: 10, correlation_id: `probe-${line.service}` }
    probe(caller, movies.healthTimeoutSeconds).catch((error: Error) =>
      kernel.log.debug({ service: line.service, error: error.message }, 'an outside movie service does not answer'),
    )
  }
  look()
  // While it is away it is looked at as soon as its circuit lets a call through, else at the usual interval.
  let last = Date.now()
  const timer = setInterval(
    () => {
      const due = Date.now() - last >= movies.healthSeconds * 1000
      if (!due && (line.state() === 'connected' || line.circuit() === 'open')) return
      last = Date.now()
      look()
    },
    Math.min(1000, movies.healthSeconds * 1000),
  )
  return [() => clearInterval(timer), () => outbox.stop()]
}

function publicUrl(kernel: Kernel): string {
  const { core, movies } = kernel.config
  return (movies.publicBaseUrl ?? core.publicUrl ?? `http://localhost:${core.port}`).replace(/\/+$/, '')
}
