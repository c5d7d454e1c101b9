import nodeFs from 'node:fs'
import path from 'node:path'
import type { CheckpointType } from '../checkpoints/checkpoint-store.ts'
import { setEngineState } from '../components/base-engine.ts'
import { loadConfigFile, loadConfigObject } from '../config/load-config.ts'
import { systemTime } from '../core/clock.ts'
import { LifecycleError, messageOf, SimulationError, typeOf } from '../core/errors.ts'
import type { EventRef, RunOutcome } from '../events/event.ts'
import type {
  AddAgentInput,
  AddResult,
  LifecycleManager,
  Operation,
  OperationResult,
  Outcome,
} from '../lifecycle/lifecycle-manager.ts'
import { configureLogging, type Logger } from '../logging/logger.ts'
import { schemaHash } from '../state/definitions.ts'
import { checkedState, initialState } from '../state/initial-state.ts'
import type { SimulationState } from '../state/state.ts'
import type { EventWriter } from '../writer/event-writer.ts'
import { emptyStats } from '../writer/writer-stats.ts'
import { writeAtomically } from './atomic-file.ts'
import { AgentFailure } from './decide.ts'
import { EngineRunContext } from './engine-context.ts'
import { makeRunParts } from './make-run-parts.ts'
import { makeWriter } from './make-writer.ts'
import { loadOptions, type OrchestratorOptions, type Prepared } from './orchestrator-options.ts'
import { prepareResume, type ResumeSource } from './resume.ts'
import type { RunEvents } from './run-events.ts'
import { reserveGivenId, reserveRunId } from './run-id.ts'
import type { RunParts } from './run-parts.ts'
import { RunRecord } from './run-record.ts'
import { type RunError, type RunResult, writeResult } from './run-result.ts'
import { saveRunCheckpoint } from './save-run-checkpoint.ts'
import { summariseRun } from './summarise-run.ts'
import { type TerminationReason, terminationReason } from './termination.ts'
import { type QueuedOperation, runTurn } from './turn.ts'

/**
 * Owns one run: its id and folder, the loop, checkpoints and the event writer. `run()` does everything once; `initialize`,
 * `step` and `finish` are the same in pieces. A run that fails is closed like any other before the error is thrown.
 */
export class Orchestrator {
  readonly #source: () => Promise<Prepared>
  readonly #options: OrchestratorOptions
  readonly #outputRoot: string
  readonly #record: RunRecord
  #prepared: Prepared | undefined
  #parts: RunParts | undefined
  #writer: EventWriter | undefined
  #lifecycle: LifecycleManager | undefined
  #state: SimulationState | undefined
  #history: SimulationState[] = []
  #schemaHash = ''
  #startedAt = new Date(0)
  #startedMs = 0
  #startTurn = 0
  #lastEnd: EventRef = { id: null, causeIds: [] }
  #reason: { reason: TerminationReason; detail?: string } | undefined
  #stopReason: 'stopped' | 'interrupted' | undefined
  #inTurn = false
  #queued: QueuedOperation[] = []
  #outside: Promise<void> = Promise.resolve()
  #result: RunResult | undefined

  constructor(config: unknown, options: OrchestratorOptions = {}, prepared?: Prepared) {
    this.#options = options
    this.#outputRoot = path.resolve(options.outputRoot ?? 'output')
    this.#record = new RunRecord(options.fs ?? nodeFs, () => this.#need())
    this.#prepared = prepared
    this.#source = async () => ({ loaded: await loadConfigObject(config, loadOptions(options)), resume: undefined })
  }

  /** Reads and checks a YAML file. Throws ConfigurationError with every problem; nothing is created yet. */
  static async fromYaml(file: string, options: OrchestratorOptions = {}): Promise<Orchestrator> {
    const loaded = await loadConfigFile(file, loadOptions(options))
    return new Orchestrator(undefined, options, { loaded, resume: undefined })
  }

  /** Continues an earlier run under a new id. Throws ResumeError, CheckpointLoadError or SchemaCompatibilityError. */
  static async fromCheckpoint(source: ResumeSource, options: OrchestratorOptions = {}): Promise<Orchestrator> {
    const root = source.outputRoot ?? options.outputRoot ?? 'output'
    const prepared = await prepareResume({ ...source, outputRoot: root }, loadOptions(options))
    return new Orchestrator(undefined, { ...options, outputRoot: options.outputRoot ?? root }, prepared)
  }

  get runId(): string {
    return this.#need().runId
  }
  get runDir(): string {
    return this.#need().runDir
  }
  get state(): SimulationState {
    if (!this.#state) throw new SimulationError('The run has no state yet: initialize it first')
    return this.#state
  }
  get eventWriter(): EventWriter | undefined {
    return this.#writer
  }
  get events(): RunEvents {
    return this.#need().events
  }
  get result(): RunResult | undefined {
    return this.#result
  }
  get maxTurns(): number {
    return this.#need().loaded.config.simulation.max_turns
  }
  /** What a prepared run is about, before it starts. */
  get about(): { name: string; agents: number; maxTurns: number; turn: number } {
    const { loaded, resume } = this.#prepared!
    const { name, max_turns: maxTurns } = loaded.config.simulation
    return { name, agents: loaded.config.agents.length, maxTurns, turn: resume?.turn ?? 0 }
  }
  get resumedFrom(): { run_id: string; turn: number } | undefined {
    const resume = this.#prepared?.resume
    return resume && { run_id: resume.runId, turn: resume.turn }
  }

  #need(): RunParts {
    if (!this.#parts) throw new SimulationError('The run has not started: initialize it first')
    return this.#parts
  }

  /** Runs to the end. May be called once. Throws what made the run fail, after closing it. */
  async run(): Promise<RunResult> {
    if (this.#parts) throw new SimulationError('run() may be called once')
    await this.initialize()
    while (await this.step());
    return this.finish()
  }

  /** Everything up to the first test of the loop: folder, config.json, writer, initial state, first checkpoint. */
  async initialize(): Promise<void> {
    if (this.#parts) throw new SimulationError('The run is initialised already')
    this.#prepared ??= await this.#source()
    const { loaded } = this.#prepared
    const { config } = loaded
    if (this.#options.eventVerbosity) config.event_stream.verbosity = this.#options.eventVerbosity
    const time = this.#options.clock ?? systemTime
    this.#startedAt = new Date(time.wallMs())
    this.#startedMs = time.monotonicMs()
    const runId = this.#reserve()
    const runDir = path.join(this.#outputRoot, runId)
    const log = this.#logger(runId)
    for (const { code, path: at, line, message } of loaded.warnings) log.warning(code, { path: at, line, message })
    this.#schemaHash = schemaHash(loaded.definitions)
    this.#writer = makeWriter({ runId, runDir, log, stream: config.event_stream }, this.#options)
    const made = await makeRunParts({
      runId,
      runDir,
      log,
      prepared: this.#prepared,
      writer: this.#writer,
      transport: this.#record.transport(this.#options.llmTransport),
      time,
    })
    this.#parts = made.parts
    this.#lifecycle = made.lifecycle
    try {
      this.#saveConfig()
      await this.#startWriter()
      await this.#begin()
    } catch (error) {
      await this.#fail(error)
    }
  }

  #reserve(): string {
    const { loaded } = this.#prepared!
    const { runId, isReserved } = this.#options
    if (runId !== undefined) return isReserved ? runId : reserveGivenId(this.#outputRoot, runId)
    return reserveRunId(this.#outputRoot, loaded.config.simulation.name, loaded.config.agents.length, this.#startedAt)
  }

  #logger(runId: string): Logger {
    const { config } = this.#prepared!.loaded
    const { logger, makeLogger = configureLogging } = this.#options
    const base = logger ?? makeLogger({ ...config.logging })
    const own = { run_id: runId, simulation_name: config.simulation.name, component: 'orchestrator' }
    return base.bind({ ...this.#options.logContext, ...own })
  }

  async #startWriter(): Promise<void> {
    await this.#writer?.start()
  }

  get #fs() {
    return this.#options.fs ?? nodeFs
  }

  #saveConfig(): void {
    const { runDir, loaded } = this.#need()
    this.#fs.mkdirSync(runDir, { recursive: true })
    writeAtomically(this.#fs, path.join(runDir, 'config.json'), `${JSON.stringify(loaded.stored, null, 2)}\n`)
    const startTurn = this.#prepared!.resume?.turn ?? 0
    this.#record.save({ resumedFrom: this.resumedFrom, startTurn, schemaHash: this.#schemaHash })
  }

  /** Emits simulation_start and makes, or takes over, the first state. */
  async #begin(): Promise<void> {
    const parts = this.#need()
    const { loaded, events } = parts
    const { config } = loaded
    const resume = this.#prepared!.resume
    this.#startTurn = resume?.turn ?? 0
    events.turn = this.#startTurn
    events.phase = events.milestone({
      milestoneType: 'simulation_start',
      description: `${config.simulation.name} started`,
      causedBy: [],
      extra: {
        simulation_name: config.simulation.name,
        num_agents: parts.slots.size,
        max_turns: config.simulation.max_turns,
        verbosity: config.event_stream.verbosity,
        seed: config.simulation.seed,
        agents: [...parts.slots.keys()],
        ...(resume ? { resumed_from: this.resumedFrom } : {}),
      },
    })
    this.#lastEnd = events.phase
    parts.log.info('simulation_started', { max_turns: config.simulation.max_turns, agents: parts.slots.size })
    const state = resume ? resume.checkpoint.state : await this.#firstState()
    this.#setState(state)
    this.#history = [state]
    this.#save(this.#startTurn, 'initial')
  }

  async #firstState(): Promise<SimulationState> {
    const parts = this.#need()
    const ctx = new EngineRunContext(parts, () => this.#configuredState())
    ctx.lookAt(parts.loaded.world)
    const made = await parts.engine.initializeState(ctx)
    const { world } = parts.loaded
    return checkedState(
      {
        ...made,
        turn: 0,
        reasoningChains: [],
        pausedAgents: [],
        autoResume: {},
        spatialState: made.spatialState ?? world,
      },
      parts.loaded.definitions,
    )
  }

  #configuredState(): SimulationState {
    const { config, definitions, world } = this.#need().loaded
    return initialState(config.agents, config.global_state, definitions, world)
  }

  #setState(state: SimulationState): void {
    this.#state = state
    setEngineState(this.#need().engine, state)
  }

  /** One turn. False when the run has to end: call `finish`. Throws what made the run fail, after closing it. */
  async step(): Promise<boolean> {
    const parts = this.#need()
    if (this.#result) return false
    await this.#outside
    this.#inTurn = true
    try {
      if (this.#stopReason) this.#reason = { reason: this.#stopReason }
      else this.#reason = await terminationReason(parts.loaded.config, parts.engine, this.state)
      if (this.#reason) return false
      const { state, end } = await runTurn(parts, {
        state: this.state,
        previous: this.#lastEnd,
        lifecycle: this.#lifecycle!,
        takeQueued: () => this.#takeQueued(),
        initialState: () => this.#configuredState(),
      })
      this.#lastEnd = end
      this.#setState(state)
      this.#remember(state)
      this.#saveTurn(state.turn)
    } catch (error) {
      await this.#fail(error)
    } finally {
      this.#inTurn = false
    }
    for (const { operation, done } of this.#queued.splice(0)) this.#applyNow(operation).then(done)
    await parts.breathe()
    return true
  }

  #remember(state: SimulationState): void {
    const limit = this.#options.historyLimit ?? Number.POSITIVE_INFINITY
    this.#history.push(state)
    // Cut in slices: shifting one by one would cost the length of the history each turn.
    if (this.#history.length > limit * 1.5 + 16) this.#history = this.#history.slice(-limit)
  }

  #saveTurn(turn: number): void {
    const interval = this.#need().loaded.config.simulation.checkpoint_interval
    if (interval !== null && turn % interval === 0) this.#save(turn, 'interval')
    else this.#save('last', 'last')
  }

  /** Saves `turn_N.json` and, always, `last.json`. A folder that has gone is made again, with config.json. */
  #save(target: number | 'last', type: CheckpointType): void {
    const parts = this.#need()
    const state = this.state
    if (!this.#fs.existsSync(path.join(parts.runDir, 'config.json'))) this.#saveConfig()
    saveRunCheckpoint(parts, state, this.#schemaHash, target, type, this.#fs)
  }

  /** Ends the run: final checkpoint, simulation_end, the writer's last line, result.json. Repeating it gives the same result. */
  async finish(): Promise<RunResult> {
    if (this.#result) return this.#result
    await this.#outside
    const reason = this.#reason ?? { reason: this.#stopReason ?? 'stopped' }
    const isAborted = reason.reason === 'stopped' || reason.reason === 'interrupted'
    try {
      this.#save(this.state.turn, 'final')
    } catch (error) {
      await this.#fail(error)
    }
    return this.#close(isAborted ? 'aborted' : 'completed', reason)
  }

  /** Closes a run that cannot go on and throws what stopped it. */
  async #fail(error: unknown): Promise<never> {
    const parts = this.#need()
    const cause = error instanceof AgentFailure ? error.cause : error
    const told: RunError = { type: typeOf(cause), message: messageOf(cause) }
    parts.log.error('simulation_failed', { error_type: told.type, message: told.message, turn: parts.events.turn })
    const ref = (error as { ref?: EventRef } | null)?.ref ?? parts.events.phase
    this.#lastEnd = parts.events.system({
      status: 'failure',
      systemEventType: 'run_error',
      errorType: told.type,
      description: `The run failed: ${told.message}`,
      causedBy: [ref],
      extra: { message: told.message },
    })
    try {
      if (this.#state) this.#save('last', 'last')
    } catch (second) {
      parts.log.error('checkpoint_save_failed', { message: messageOf(second) })
    }
    await this.#close('failed', { reason: 'error' }, told)
    throw cause
  }

  async #close(
    status: RunOutcome,
    reason: { reason: TerminationReason; detail?: string },
    error?: RunError,
  ): Promise<RunResult> {
    const parts = this.#need()
    const { config, stored } = parts.loaded
    const state = this.#state
    const totalTurns = (state?.turn ?? this.#startTurn) - this.#startTurn
    parts.events.milestone({
      milestoneType: 'simulation_end',
      description: `${config.simulation.name} ${status}`,
      causedBy: [this.#lastEnd],
      extra: {
        outcome: status,
        termination_reason: reason.reason,
        total_turns: totalTurns,
        ...(reason.detail === undefined ? {} : { engine_reason: reason.detail }),
        ...(error ? { error } : {}),
        events_dropped: this.#writer?.stats.dropped ?? 0,
      },
    })
    const eventStats = this.#writer
      ? await this.#writer.stop({ timeoutMs: config.event_stream.close_timeout_ms })
      : emptyStats()
    const time = this.#options.clock ?? systemTime
    this.#result = summariseRun({
      parts,
      status,
      reason: reason.reason,
      state,
      startTurn: this.#startTurn,
      history: this.#history,
      historyLimit: this.#options.historyLimit,
      elapsedMs: time.monotonicMs() - this.#startedMs,
      eventStats,
      error,
    })
    writeResult(
      parts.runDir,
      this.#result,
      {
        simulationName: config.simulation.name,
        numAgents: config.agents.length,
        startTime: this.#startedAt.toISOString(),
        endTime: parts.now().toISOString(),
        checkpointInterval: config.simulation.checkpoint_interval,
        configSnapshot: stored,
      },
      this.#fs,
    )
    this.#record.end(this.#result)
    for (const { done } of this.#queued.splice(0))
      done({ state: this.#state!, ok: false, name: '', reason: 'the run has ended' })
    parts.log.info('simulation_completed', { status, termination_reason: reason.reason, total_turns: totalTurns })
    return this.#result
  }

  /** Ends the run after the current turn: outcome aborted. */
  requestStop(reason: 'stopped' | 'interrupted' = 'stopped'): void {
    this.#stopReason ??= reason
  }

  /** Adds an agent, during a turn in its lifecycle phase, between turns at once. Never throws for a refusal. */
  async addAgent({ name, type, initial_state, config, location }: AddAgentInput): Promise<AddResult> {
    const outcome = await this.#operate({
      operation: 'add_agent',
      target: name,
      type,
      initial_state,
      ...(config === undefined ? {} : { config }),
      ...(location === undefined || location === null ? {} : { location }),
    })
    const result = { added: outcome.ok, name: outcome.name }
    return outcome.reason === undefined ? result : { ...result, reason: outcome.reason }
  }
  async removeAgent(name: string): Promise<boolean> {
    return (await this.#operate({ operation: 'remove_agent', target: name })).ok
  }
  async pauseAgent(name: string, autoResumeTurns: number | null = null): Promise<boolean> {
    return (await this.#operate({ operation: 'pause_agent', target: name, turns: autoResumeTurns })).ok
  }
  async resumeAgent(name: string): Promise<boolean> {
    return (await this.#operate({ operation: 'resume_agent', target: name })).ok
  }

  /** Any of the four with the reason of a refusal. */
  async operate(operation: Operation): Promise<OperationResult & { name: string }> {
    const { ok, name, reason } = await this.#operate(operation)
    return reason === undefined ? { ok, name } : { ok, name, reason }
  }

  /** Operations for the lifecycle phase of the coming turn, as a repetition needs them. */
  queueOperations(operations: readonly Operation[]): void {
    for (const operation of operations) this.#queued.push({ operation, done: () => undefined })
  }

  #operate(operation: Operation): Promise<Outcome> {
    if (!this.#state || this.#result)
      throw new LifecycleError(
        `${operation.operation} needs a run in progress: the run has ${this.#result ? 'ended' : 'not started'}`,
      )
    if (this.#inTurn) return new Promise((done) => this.#queued.push({ operation, done }))
    return this.#applyNow(operation)
  }

  #takeQueued(): QueuedOperation[] {
    const queued = this.#queued.splice(0)
    for (const { operation } of queued) this.#record.operation({ turn: this.state.turn + 1, when: 'in', operation })
    return queued
  }

  #applyNow(operation: Operation): Promise<Outcome> {
    const applied = this.#outside.then(async () => {
      const parts = this.#need()
      this.#record.operation({ turn: this.state.turn, when: 'after', operation })
      const outcome = await this.#lifecycle!.apply(this.state, operation, undefined, () => [parts.events.phase])
      if (outcome.ok) {
        this.#setState(outcome.state)
        this.#save('last', 'last')
      }
      return outcome
    })
    this.#outside = applied.then(
      () => undefined,
      () => undefined,
    )
    return applied
  }
}
