import type { LoadedConfig } from '../config/load-config.ts'
import type { Logger } from '../logging/logger.ts'
import { EventWriter } from '../writer/event-writer.ts'
import type { OrchestratorOptions } from './orchestrator-options.ts'

/** Extra macrotasks given to a writer whose queue is more than half full. */
const MAX_BREATHS = 20

type Run = { runId: string; runDir: string; log: Logger; stream: LoadedConfig['config']['event_stream'] }

/** The writer of a run's events as its configuration says; undefined when none are wanted. */
export function makeWriter(
  { runId, runDir, log, stream }: Run,
  { fs, clock }: Pick<OrchestratorOptions, 'fs' | 'clock'>,
): EventWriter | undefined {
  if (!stream.enabled) return undefined
  return new EventWriter({
    outputDir: runDir,
    simulationId: runId,
    verbosity: stream.verbosity,
    mode: stream.mode,
    maxQueueSize: stream.max_queue_size,
    maxFileSize: stream.max_file_size,
    batchMaxEvents: stream.batch_max_events,
    batchMaxBytes: stream.batch_max_bytes,
    maxEventBytes: stream.max_event_bytes,
    fsync: stream.fsync,
    systemEvents: stream.system_events,
    logger: log.bind({ component: 'event_writer' }),
    ...(fs ? { fs } : {}),
    ...(clock ? { clock } : {}),
  })
}

/** One macrotask; more while the queue of the writer is more than half full, so that a fast loop does not starve it. */
export async function breathe(writer: EventWriter | undefined): Promise<void> {
  let breaths = 0
  do await new Promise<void>((resolve) => setImmediate(resolve))
  while (writer && writer.queueDepth * 2 > writer.maxQueueSize && ++breaths < MAX_BREATHS)
}
