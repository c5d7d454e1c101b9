import { systemCtx } from '../../kernel/context.ts'
import { watchSilence } from '../../kernel/db/watch-silence.ts'
import type { Kernel } from '../../kernel/kernel.ts'
import { startDispatcher } from '../dispatch/dispatcher.ts'
import { serviceBack } from '../engine/control-inputs.ts'
import { createWorker } from '../execute/worker.ts'
import { refreshProjects } from '../outside/refresh-projects.ts'
import { partsOf } from '../parts.ts'
import { checkAllAgents } from '../registry/check-health.ts'
import type { ServiceName } from '../services-port.ts'
import { changeIn } from '../workflow/change-workflow.ts'
import { admitQueued } from './admit-queued.ts'
import { checkConsistency } from './check-consistency.ts'
import { cleanUp } from './clean-up.ts'
import { beat, recoverTasks, sayGoodbye } from './executors.ts'
import { keepCheckpoints, watchClock } from './watch-clock.ts'

const SECOND = 1000
const DAY = 24 * 3600 * SECOND

/** Runs a job again and again, never twice at once, until it is stopped. What fails is logged and tried at the next turn. */
function every(kernel: Kernel, name: string, ms: number, job: () => Promise<unknown>): () => Promise<void> {
  let running: Promise<unknown> | undefined
  const turn = () => {
    running ??= job()
      .catch((error: Error) =>
        kernel.log.warn({ job: name, error: error.message }, 'movie upkeep failed, trying again'),
      )
      .finally(() => (running = undefined))
  }
  const timer = setInterval(turn, ms)
  return async () => {
    clearInterval(timer)
    await running
  }
}

/** Everything that runs beside requests: dispatch and work, liveness, health, queue, clock, daily work. */
export async function startUpkeep(kernel: Kernel): Promise<() => Promise<void>> {
  const worker = createWorker(kernel)
  await beat(kernel)
  const holds = (claim: string) => worker.has(claim) || dispatcher.isClaiming(claim)
  const dispatcher = startDispatcher(kernel, kernel.processId, worker.free, worker.run)
  const silence = watchSilence()
  await recoverTasks(kernel, holds, silence)
  const offRecovered = partsOf(kernel).services.onRecovered((service) => {
    onRecovered(kernel, service).catch((error: Error) =>
      kernel.log.warn({ service, error: error.message }, 'waiting workflows were not woken'),
    )
  })
  const offQueue = kernel.notifier.on('movies-stop', () => void admit())
  const admit = () =>
    admitQueued(kernel).catch((error: Error) =>
      kernel.log.warn({ error: error.message }, 'queued workflows were not admitted'),
    )
  const stops = [
    every(kernel, 'beat', SECOND, async () => {
      await beat(kernel)
      const silence = watchSilence()
      await recoverTasks(kernel, holds, silence)
    }),
    every(kernel, 'admission', SECOND, () => admitQueued(kernel)),
    every(kernel, 'clock', 5 * SECOND, () => watchClock(kernel)),
    every(kernel, 'checkpoints', 10 * SECOND, () => keepCheckpoints(kernel)),
    every(kernel, 'health', kernel.config.movies.healthSeconds * SECOND, () => checkAllAgents(kernel)),
    every(kernel, 'daily', DAY, async () => {
      await cleanUp(kernel)
      await checkConsistency(kernel)
    }),
  ]
  return async () => {
    offRecovered()
    offQueue()
    await dispatcher.stop()
    await Promise.all(stops.map((stop) => stop()))
    await worker.stop()
    await sayGoodbye(kernel)
  }
}

/** A service is back: what waited for it goes on. */
async function onRecovered(kernel: Kernel, service: ServiceName) {
  if (service === 'auto_movie') return refreshProjects(kernel)
  const { rows } = await kernel.db.query(
    `select workflow_id from movies.workflows where status in ('running', 'paused') and (view->'waiting_on' ? $1 or engine::jsonb->'paused'->>'service' = $1)`,
    [service],
  )
  for (const row of rows)
    await kernel.db.transaction((tx) =>
      changeIn(tx, systemCtx(kernel), row['workflow_id'], (w) => serviceBack(w, service)),
    )
}
