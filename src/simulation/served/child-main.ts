// The child process of a served run: runs one simulation, or checks one configuration, for the process that forked it. It holds
// no credentials; model calls go back to the parent. When the parent is gone it ends at once: another process continues the run.
import { loadConfigObject, loadConfigText } from '../loop/config/load-config.ts'
import type { Problem } from '../loop/config/problem.ts'
import { CheckpointLoadError, ConfigurationError, messageOf, ResumeError } from '../loop/core/errors.ts'
import { AnswerError } from '../loop/llm/answer-schema.ts'
import { type LlmRequest, LlmStatusError, type LlmTransport } from '../loop/llm/llm-transport.ts'
import { configureLogging } from '../loop/logging/logger.ts'
import { Orchestrator } from '../loop/run/orchestrator.ts'
import type { OrchestratorOptions } from '../loop/run/orchestrator-options.ts'
import { drainActiveWriters } from '../loop/writer/active-writers.ts'
import {
  type ChildSpec,
  type FromChild,
  type LlmReply,
  type Refusal,
  SERVED_LIMITS,
  type ToChild,
} from './child-protocol.ts'

const HISTORY_LIMIT = 1000

const send = (message: FromChild): Promise<void> =>
  new Promise((resolve) => {
    if (process.connected) process.send!(message, undefined, undefined, () => resolve())
    else resolve()
  })

/** Model calls over the channel: the parent knows the platform's model and guards addresses. */
class ParentTransport implements LlmTransport {
  readonly #open = new Map<number, (reply: LlmReply) => void>()
  #next = 1

  async send({ config, prompt, schema }: LlmRequest): Promise<string> {
    const id = this.#next++
    const reply = await new Promise<LlmReply>((resolve) => {
      this.#open.set(id, resolve)
      void send({ type: 'llm', id, question: { config, prompt, schema } })
    })
    if ('text' in reply) return reply.text
    const { error } = reply
    if (error.kind === 'status') throw new LlmStatusError(error.status, error.message)
    if (error.kind === 'answer') throw new AnswerError(error.message)
    throw Object.assign(new Error(error.message), error.kind === 'connection' ? { code: 'ECONNREFUSED' } : {})
  }

  answer(id: number, reply: LlmReply): void {
    this.#open.get(id)?.(reply)
    this.#open.delete(id)
  }
}

const transport = new ParentTransport()

function optionsOf({ outputRoot, implementationsRoot, overrides, env }: ChildSpec): OrchestratorOptions {
  return {
    outputRoot,
    implementationsRoot,
    overrides,
    env,
    baseDir: implementationsRoot,
    filesWithin: implementationsRoot,
    limits: SERVED_LIMITS,
    llmTransport: transport,
    historyLimit: HISTORY_LIMIT,
    makeLogger: ({ level }) => configureLogging({ level: level === 'ERROR' ? 'ERROR' : 'WARNING', format: 'json' }),
  }
}

async function prepare(spec: ChildSpec, options: OrchestratorOptions): Promise<Orchestrator> {
  const { source } = spec
  if (source.kind === 'resume') {
    const { runId, turn, changes } = source
    return Orchestrator.fromCheckpoint(
      { runId, turn, outputRoot: spec.outputRoot, ...(changes ? { changes } : {}) },
      options,
    )
  }
  const load = { ...options, env: spec.env }
  const loaded =
    typeof source.config === 'string'
      ? await loadConfigText(source.config, load)
      : await loadConfigObject(source.config, load)
  return new Orchestrator(undefined, options, { loaded, resume: undefined })
}

/** Why the run cannot be: problems of the configuration, or something that is not there. */
function refusalOf(error: unknown): Refusal | undefined {
  if (error instanceof ConfigurationError) return { reason: 'config', message: error.message, problems: error.problems }
  const details = (error as { details?: { missing?: boolean } } | null)?.details
  if ((error instanceof ResumeError || error instanceof CheckpointLoadError) && details?.missing)
    return { reason: 'missing', message: error.message, problems: [] }
  if (!(error instanceof Error) || !/Error$/.test(error.name)) return undefined
  const problem: Problem = {
    path: '',
    line: null,
    expected: 'a usable checkpoint',
    actual: error.name,
    remedy: 'See the message.',
    message: error.message,
  }
  return { reason: 'config', message: error.message, problems: [problem] }
}

async function validate(spec: ChildSpec, others: readonly unknown[]): Promise<void> {
  try {
    const { about } = await prepare(spec, optionsOf(spec))
    for (const config of others) await prepare({ ...spec, source: { kind: 'config', config } }, optionsOf(spec))
    await send({ type: 'validated', about })
  } catch (error) {
    const refusal = refusalOf(error)
    if (!refusal) throw error
    await send({ type: 'refused', refusal })
  }
  process.exit(0)
}

/** Lets the loop through, or holds it before the next turn. */
class Gate {
  #open: Promise<void> = Promise.resolve()
  #release: () => void = () => undefined

  close(): void {
    this.open()
    this.#open = new Promise((resolve) => {
      this.#release = resolve
    })
  }
  open(): void {
    this.#release()
    this.#open = Promise.resolve()
  }
  async pass(): Promise<void> {
    for (let waited: Promise<void> | undefined; waited !== this.#open; ) {
      waited = this.#open
      await waited
    }
  }
}

const gate = new Gate()
let run: Orchestrator | undefined
let parked = false
let stopping = false

async function runTurns(orchestrator: Orchestrator): Promise<void> {
  for (;;) {
    await gate.pass()
    if (parked) {
      await orchestrator.eventWriter?.flush()
      process.exit(0)
    }
    if (!(await orchestrator.step())) break
    void send({ type: 'turn', turn: orchestrator.state.turn })
  }
  await orchestrator.finish()
}

async function simulate(spec: ChildSpec, runId: string, startPaused: boolean): Promise<void> {
  if (startPaused) gate.close()
  let orchestrator: Orchestrator
  try {
    orchestrator = await prepare(spec, { ...optionsOf(spec), runId, isReserved: true })
  } catch (error) {
    const refusal = refusalOf(error)
    await send({ type: 'refused', refusal: refusal ?? { reason: 'config', message: messageOf(error), problems: [] } })
    process.exit(0)
  }
  try {
    await orchestrator.initialize()
    run = orchestrator
    if (stopping) run.requestStop()
    await send({ type: 'started', turn: orchestrator.state.turn, maxTurns: orchestrator.maxTurns })
    await runTurns(orchestrator)
  } catch (error) {
    if (!orchestrator.result) throw error
  }
  const { status, stats, error } = orchestrator.result!
  await send({
    type: 'ended',
    status,
    turn: stats.final_turn,
    terminationReason: stats.termination_reason,
    ...(error ? { error } : {}),
  })
  process.exit(0)
}

async function operate(id: string, operation: Parameters<Orchestrator['operate']>[0]): Promise<void> {
  const outcome = await (run ? run.operate(operation) : Promise.reject(new Error('the run has not started'))).catch(
    (error: unknown) => ({
      ok: false,
      name: '',
      reason: messageOf(error),
    }),
  )
  await send({ type: 'operated', id, outcome })
}

process.on('message', (message: ToChild) => {
  switch (message.type) {
    case 'validate':
      return void validate(message.spec, message.others ?? [])
    case 'run':
      return void simulate(message.spec, message.runId, message.startPaused)
    case 'pause':
      return gate.close()
    case 'resume':
      return gate.open()
    case 'stop':
      stopping = true
      run?.requestStop()
      return gate.open()
    case 'park':
      parked = true
      return gate.open()
    case 'operate':
      return void operate(message.id, message.operation)
    case 'llm-reply':
      return transport.answer(message.id, message.reply)
  }
})

process.on('disconnect', () => {
  drainActiveWriters()
  process.exit(1)
})
// A terminal's Ctrl-C reaches the whole process group: what happens to a served run is the parent's to say.
for (const signal of ['SIGINT', 'SIGHUP'] as const) process.on(signal, () => undefined)
