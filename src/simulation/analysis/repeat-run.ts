import fs from 'node:fs'
import path from 'node:path'
import { checkpointFile, listCheckpoints } from '../loop/checkpoints/checkpoint-store.ts'
import type { ComponentKind } from '../loop/components/component-class.ts'
import { ComponentLibrary } from '../loop/components/discover.ts'
import { loadConfigObject } from '../loop/config/load-config.ts'
import { messageOf, UsageError } from '../loop/core/errors.ts'
import { canonicalJson, isMap } from '../loop/core/json.ts'
import { replayTransport } from '../loop/llm/recorded-answers.ts'
import type { Logger } from '../loop/logging/logger.ts'
import {
  ANSWERS_FILE,
  configHash,
  describeComponent,
  MANIFEST_FILE,
  type Manifest,
  mapFiles,
  OPERATIONS_FILE,
  runtimeNow,
  stateHash,
} from '../loop/run/manifest.ts'
import { Orchestrator } from '../loop/run/orchestrator.ts'
import type { OrchestratorOptions } from '../loop/run/orchestrator-options.ts'
import type { RecordedOperation } from '../loop/run/run-record.ts'
import type { Comparison } from '../schema.ts'
import { EventService } from '../service/event-service.ts'
import { compareRuns } from './compare-runs.ts'

export type RepeatCheck = { name: string; ok: boolean; detail: string }
export type RepeatReport = {
  run_id: string
  repeated_as: string
  run_dir: string
  /** Final state, checkpoints and events are the same. */
  same: boolean
  checks: RepeatCheck[]
  divergence: Comparison['divergence']
}
export type RepeatOptions = {
  outputRoot: string
  /** Where components are now, when not where the manifest says. */
  implementationsRoot?: string | undefined
  env?: OrchestratorOptions['env']
  logger?: Logger
  /** Keep the folder of the repetition also when it is the same. */
  keep?: boolean
}

/** A run id, its folder or its manifest file -> the manifest. Throws UsageError. */
export function readManifest(given: string, outputRoot: string): { manifest: Manifest; runDir: string } {
  const places = [given, path.join(given, MANIFEST_FILE), path.join(outputRoot, given, MANIFEST_FILE)]
  const file = places.find((place) => place.endsWith('.json') && fs.existsSync(place))
  if (!file) throw new UsageError(`There is no manifest of ${given}: expected ${places.at(-1)}`)
  let manifest: unknown
  try {
    manifest = JSON.parse(fs.readFileSync(file, 'utf8'))
  } catch (error) {
    throw new UsageError(`${file} is not JSON: ${messageOf(error)}`)
  }
  if (!isMap(manifest) || manifest['format'] !== 1 || !isMap(manifest['config']))
    throw new UsageError(`${file} is no manifest of a run`)
  return { manifest: manifest as Manifest, runDir: path.dirname(path.resolve(file)) }
}

function readLines<T>(file: string): T[] {
  if (!fs.existsSync(file)) return []
  const lines = fs.readFileSync(file, 'utf8').split('\n')
  return lines.filter(Boolean).map((line) => JSON.parse(line) as T)
}

const kindOf = (key: string): ComponentKind =>
  key === 'engine' || key === 'validator' ? (key as ComponentKind) : 'agent'

/** What of the manifest does not hold here and now. */
function inspect(manifest: Manifest, implementationsRoot: string): RepeatCheck[] {
  const checks: RepeatCheck[] = []
  const add = (name: string, expected: unknown, actual: unknown, detail: string) =>
    checks.push({ name, ok: canonicalJson(expected) === canonicalJson(actual), detail })
  add('configuration', manifest.config_hash, configHash(manifest.config), `hash ${manifest.config_hash.slice(0, 12)}`)
  const library = new ComponentLibrary(implementationsRoot)
  const hashes = ({ sha256, imports }: Manifest['components'][string]) => [sha256, Object.values(imports ?? {})]
  for (const [key, component] of Object.entries(manifest.components)) {
    const now = describeComponent(library, kindOf(key), component.type)
    add(key, hashes(component), hashes(now), `${component.type} from ${now.source}`)
  }
  for (const [file, sha256] of Object.entries(manifest.files)) {
    const now = mapFiles(manifest.config)[file] ?? null
    add(file, sha256, now, now === null ? 'missing' : `hash ${sha256.slice(0, 12)}`)
  }
  const runtime = runtimeNow()
  add(
    'runtime',
    manifest.runtime,
    runtime,
    `troupe ${manifest.runtime.troupe}, node ${manifest.runtime.node}, ${manifest.runtime.platform} ${manifest.runtime.arch}`,
  )
  return checks
}

/** The run with its recorded operations, up to the turn the original reached. */
async function replay(run: Orchestrator, operations: readonly RecordedOperation[], lastTurn: number): Promise<void> {
  const due = [...operations]
  const take = (turn: number, when: RecordedOperation['when']) => {
    const found: RecordedOperation[] = []
    while (due[0] && due[0].turn === turn && due[0].when === when) found.push(due.shift()!)
    return found
  }
  await run.initialize()
  for (;;) {
    for (const { operation } of take(run.state.turn, 'after')) await run.operate(operation)
    if (run.state.turn >= lastTurn) run.requestStop()
    run.queueOperations(take(run.state.turn + 1, 'in').map(({ operation }) => operation))
    if (!(await run.step())) break
  }
  await run.finish()
}

/**
 * Runs a run again from its manifest and compares everything it left: final state, checkpoints, events. Model answers and
 * operations from outside are replayed as recorded. Throws UsageError, ConfigurationError.
 */
export async function repeatRun(given: string, options: RepeatOptions): Promise<RepeatReport> {
  const { manifest, runDir } = readManifest(given, options.outputRoot)
  const outputRoot = path.dirname(runDir)
  const implementationsRoot = options.implementationsRoot ?? manifest.implementations_root
  const checks = inspect(manifest, implementationsRoot)
  const answers = readLines<{ request_sha256: string; text: string }>(path.join(runDir, ANSWERS_FILE))
  const runOptions: OrchestratorOptions = {
    outputRoot,
    implementationsRoot,
    historyLimit: 1,
    ...(options.env ? { env: options.env } : {}),
    ...(options.logger ? { logger: options.logger } : {}),
    llmTransport: replayTransport(answers),
    runId: freeId(outputRoot, `${path.basename(runDir)}.repeat`),
  }
  const lastTurn = manifest.outcome?.final_turn ?? lastTurnOf(runDir)
  const run = await prepare(manifest, runDir, runOptions)
  try {
    await replay(run, readLines(path.join(runDir, OPERATIONS_FILE)), lastTurn)
  } catch (error) {
    if (!run.result) throw error // A run that failed is repeated by failing again.
  }
  const wasFailed = manifest.outcome?.status === 'failed'
  if (wasFailed || run.result?.status === 'failed')
    checks.push({
      name: 'failure',
      ok: wasFailed === (run.result?.status === 'failed'),
      detail: run.result?.error?.message ?? 'the repetition did not fail',
    })
  checks.push(finalCheck(manifest, runDir, run), checkpointCheck(runDir, run.runDir))
  const comparison = await compareRuns(new EventService({ outputRoot }), path.basename(runDir), run.runId)
  const { compared, divergence } = comparison
  const end = divergence ? `differ first in turn ${divergence.turn}` : `are the same up to turn ${compared.to_turn}`
  checks.push({ name: 'events', ok: divergence === null, detail: `compared at ${compared.level}, they ${end}` })
  const results = ['failure', 'final state', 'checkpoints', 'events']
  const same = checks.every(({ name, ok }) => ok || !results.includes(name))
  if (same && !options.keep) fs.rmSync(run.runDir, { recursive: true, force: true })
  return { run_id: manifest.run_id, repeated_as: run.runId, run_dir: run.runDir, same, checks, divergence }
}

async function prepare(manifest: Manifest, runDir: string, options: OrchestratorOptions): Promise<Orchestrator> {
  if (manifest.start_turn > 0 || manifest.resumed_from)
    return Orchestrator.fromCheckpoint(
      { runId: path.basename(runDir), turn: manifest.start_turn, outputRoot: path.dirname(runDir), replays: true },
      options,
    )
  const { llm } = manifest.config as { llm?: Record<string, unknown> | null }
  // Answers come from the record: no secret is needed.
  const config = llm ? { ...manifest.config, llm: { ...llm, api_key: null } } : manifest.config
  const loaded = await loadConfigObject(config, {
    env: options.env ?? {},
    baseDir: runDir,
    ...(options.implementationsRoot ? { implementationsRoot: options.implementationsRoot } : {}),
  })
  return new Orchestrator(undefined, options, { loaded, resume: undefined })
}

function freeId(outputRoot: string, wanted: string): string {
  let id = wanted
  for (let n = 2; fs.existsSync(path.join(outputRoot, id)); n++) id = `${wanted}-${n}`
  return id
}

const lastTurnOf = (runDir: string): number => stateIn(runDir, 'last')?.turn ?? 0

function stateIn(runDir: string, turn: number | 'last'): { turn: number } | undefined {
  const file = checkpointFile(runDir, turn)
  if (!fs.existsSync(file)) return undefined
  const { state } = JSON.parse(fs.readFileSync(file, 'utf8')) as { state: { turn: number } }
  return { ...state, reasoning_chains: [] } as { turn: number }
}

function finalCheck({ outcome }: Manifest, runDir: string, run: Orchestrator): RepeatCheck {
  const now = run.result?.final_state ? stateHash(run.result.final_state) : null
  if (outcome)
    return {
      name: 'final state',
      ok: outcome.final_state_sha256 === now,
      detail: `turn ${outcome.final_turn}, hash ${String(outcome.final_state_sha256).slice(0, 12)}, now ${String(now).slice(0, 12)}`,
    }
  const [mine, theirs] = [stateIn(runDir, 'last'), stateIn(run.runDir, 'last')]
  return {
    name: 'final state',
    ok: canonicalJson(mine) === canonicalJson(theirs),
    detail: `the original did not end; last.json of turn ${mine?.turn ?? 0}`,
  }
}

function checkpointCheck(runDir: string, repeatedDir: string): RepeatCheck {
  const turns = listCheckpoints(runDir)
  const different = turns.filter(
    (turn) => canonicalJson(stateIn(runDir, turn)) !== canonicalJson(stateIn(repeatedDir, turn) ?? null),
  )
  return {
    name: 'checkpoints',
    ok: different.length === 0,
    detail: different.length === 0 ? `turns ${turns.join(', ')}` : `turns ${different.join(', ')} differ`,
  }
}
