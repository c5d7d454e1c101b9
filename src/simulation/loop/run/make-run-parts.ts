import { EventClock, type TimeSource } from '../core/clock.ts'
import { SeededRandom } from '../core/random.ts'
import { processIds } from '../core/ulid.ts'
import { createEventFactory, stampSource } from '../events/build-event.ts'
import { LifecycleManager } from '../lifecycle/lifecycle-manager.ts'
import type { LlmTransport } from '../llm/llm-transport.ts'
import { createLlmBooks } from '../llm/run-llm.ts'
import type { Logger } from '../logging/logger.ts'
import type { EventWriter } from '../writer/event-writer.ts'
import { makeEngine, makeSlot, makeValidator } from './make-components.ts'
import { breathe } from './make-writer.ts'
import type { Prepared } from './orchestrator-options.ts'
import { nullSink, RunEvents } from './run-events.ts'
import type { AgentSlot, RunParts } from './run-parts.ts'

export type PartsInput = {
  runId: string
  runDir: string
  log: Logger
  prepared: Prepared
  writer: EventWriter | undefined
  transport: LlmTransport
  time: TimeSource
}

/** Engine, validator, agents and what else a turn works with, new or as the checkpoint to go on from has them. */
export async function makeRunParts({
  runId,
  runDir,
  log,
  prepared: { loaded, resume },
  writer,
  transport,
  time,
}: PartsInput): Promise<{ parts: RunParts; lifecycle: LifecycleManager }> {
  const { config } = loaded
  const events = new RunEvents(
    runId,
    writer ?? nullSink,
    createEventFactory(stampSource(new EventClock(time), processIds)),
    log,
  )
  const llmFor = createLlmBooks({ loaded, events, log, transport, time })
  const [engineLlm, validatorLlm] = [llmFor('engine'), llmFor('validator')]
  const slots = new Map<string, AgentSlot>()
  const parts: RunParts = {
    runId,
    runDir,
    loaded,
    events,
    log,
    random: new SeededRandom(
      resume && !resume.reseeded ? resume.checkpoint.metadata.rng_state : config.simulation.seed,
    ),
    rules: {
      seed: config.simulation.seed,
      definitions: loaded.definitions,
      visibility: loaded.visibility,
      proximityRadius: config.spatial ? config.spatial['proximity_radius'] : null,
    },
    engine: makeEngine(loaded, log, engineLlm),
    engineLlm,
    validator: makeValidator(loaded, log, validatorLlm),
    validatorLlm,
    slots,
    actionRefs: new Map(),
    breathe: () => breathe(writer),
    now: () => new Date(time.wallMs()),
  }
  const load = async (name: string, type: string, own: Record<string, any>, isDynamic: boolean) =>
    makeSlot(await loaded.library.load('agent', type), { name, type, config: own, isDynamic }, log, llmFor)
  const dynamic = resume?.checkpoint.metadata.dynamic_agents ?? []
  const isThere = (name: string) => !resume || Object.hasOwn(resume.checkpoint.state.agents, name)
  for (const agent of config.agents)
    if (isThere(agent.name) && !dynamic.some(({ name }) => name === agent.name))
      slots.set(agent.name, await load(agent.name, agent.type, agent.config, false))
  for (const { name, type, config: own } of dynamic)
    if (isThere(name)) slots.set(name, await load(name, type, own, true))
  return { parts, lifecycle: new LifecycleManager(parts, (name, type, own) => load(name, type, own, true)) }
}
