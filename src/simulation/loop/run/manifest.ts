import { createHash } from 'node:crypto'
import fs from 'node:fs'
import path from 'node:path'
import type { ComponentKind } from '../components/component-class.ts'
import { canonicalJson } from '../core/json.ts'
import type { RunOutcome } from '../events/event.ts'
import { type SimulationState, stateToDisk } from '../state/state.ts'
import type { RunParts } from './run-parts.ts'

export const MANIFEST_FILE = 'manifest.json'
/** What was asked of the agents from outside, in order; absent when nothing was. */
export const OPERATIONS_FILE = 'operations.jsonl'
/** What models answered, in order; absent when none was asked. */
export const ANSWERS_FILE = 'model_answers.jsonl'

export type ManifestComponent = {
  type: string
  source: string
  sha256: string | null
  /** Files it imports relatively, and what those import. */
  imports?: Record<string, string>
}
export type ManifestOutcome = {
  status: RunOutcome
  termination_reason: string
  final_turn: number
  /** Of the canonical final state without reasoning chains, which hold times. */
  final_state_sha256: string | null
}

export type Manifest = {
  format: 1
  run_id: string
  simulation_name: string
  seed: number
  /** The effective configuration, as config.json has it. */
  config: Record<string, unknown>
  /** SHA-256 of the canonical configuration. */
  config_hash: string
  schema_hash: string
  /** The turn it started from; after 0 its state is the checkpoint of that turn in this run's folder. */
  start_turn: number
  resumed_from: { run_id: string; turn: number } | null
  implementations_root: string
  components: Record<string, ManifestComponent>
  /** Files of the map with their hashes. */
  files: Record<string, string>
  operations: typeof OPERATIONS_FILE
  model_answers: typeof ANSWERS_FILE
  runtime: { troupe: string; node: string; platform: string; arch: string }
  /** Added when the run ends. */
  outcome?: ManifestOutcome
}

const sha256 = (text: string | Buffer): string => createHash('sha256').update(text).digest('hex')
export const configHash = (stored: Record<string, unknown>): string => sha256(canonicalJson(stored))

/** What two runs must share to have ended alike: everything but reasoning chains. */
export function stateHash(state: SimulationState): string {
  return sha256(canonicalJson({ ...stateToDisk(state), reasoning_chains: [] }))
}

const RELATIVE_IMPORT = /(?:from|import)\s*\(?\s*['"](\.{1,2}\/[^'"]+)['"]/g

/** Hashes of what a component file imports relatively, directly or not. */
function importsOf(file: string): Record<string, string> {
  const found: Record<string, string> = {}
  const waiting = [file]
  for (let current = waiting.pop(); current !== undefined; current = waiting.pop()) {
    for (const [, specifier] of fs.readFileSync(current, 'utf8').matchAll(RELATIVE_IMPORT)) {
      const target = path.resolve(path.dirname(current), specifier!)
      if (target === file || target in found || !fs.existsSync(target)) continue
      found[target] = sha256(fs.readFileSync(target))
      waiting.push(target)
    }
  }
  return found
}

type Sources = { sourceOf(kind: ComponentKind, name: string): { source: string; sha256: string | null } }

/** Where a component comes from now, with the hashes of its files. */
export function describeComponent(library: Sources, kind: ComponentKind, type: string): ManifestComponent {
  const found = library.sourceOf(kind, type)
  const imports = found.sha256 === null ? {} : importsOf(found.source)
  return { type, ...found, ...(Object.keys(imports).length > 0 ? { imports } : {}) }
}

/** Files a configuration names for its map, with their hashes. */
export function mapFiles(config: Record<string, any>): Record<string, string> {
  const { topology, additional_networks: networks = [] } = (config['spatial'] ?? {}) as Record<string, any>
  const named = [topology?.edges_file, topology?.geojson_file, ...networks.map((network: any) => network?.edges_file)]
  const files = named.filter((file): file is string => typeof file === 'string' && fs.existsSync(file))
  return Object.fromEntries(files.map((file) => [file, sha256(fs.readFileSync(file))]))
}

let version: string | undefined
const productVersion = (): string => {
  const file = path.join(import.meta.dirname, '../../../../package.json')
  version ??= String((JSON.parse(fs.readFileSync(file, 'utf8')) as { version?: unknown }).version ?? 'unknown')
  return version
}
export const runtimeNow = (): Manifest['runtime'] => ({
  troupe: productVersion(),
  node: process.version,
  platform: process.platform,
  arch: process.arch,
})

/** Names everything a repetition of the run needs: configuration, seed, start, component and map files, runtime. */
export function buildManifest(
  parts: Pick<RunParts, 'runId' | 'loaded'> & {
    resumedFrom: { run_id: string; turn: number } | undefined
    startTurn: number
    schemaHash: string
  },
): Manifest {
  const { config, stored, library } = parts.loaded
  const components: Manifest['components'] = {
    engine: describeComponent(library, 'engine', config.engine.type),
    validator: describeComponent(library, 'validator', config.validator.type),
  }
  for (const { name, type } of config.agents) components[`agent:${name}`] = describeComponent(library, 'agent', type)
  return {
    format: 1,
    run_id: parts.runId,
    simulation_name: config.simulation.name,
    seed: config.simulation.seed,
    config: stored,
    config_hash: configHash(stored),
    schema_hash: parts.schemaHash,
    start_turn: parts.startTurn,
    resumed_from: parts.resumedFrom ?? null,
    implementations_root: library.root,
    components,
    files: mapFiles(stored),
    operations: OPERATIONS_FILE,
    model_answers: ANSWERS_FILE,
    runtime: runtimeNow(),
  }
}
