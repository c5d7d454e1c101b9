import { createHash } from 'node:crypto'
import { canonicalJson } from '../core/json.ts'
import type { RunParts } from './run-parts.ts'

export type Manifest = {
  format: 1
  run_id: string
  simulation_name: string
  seed: number
  /** SHA-256 of the canonical config.json. */
  config_hash: string
  schema_hash: string
  resumed_from: { run_id: string; turn: number } | null
  components: Record<string, { type: string; source: string; sha256: string | null }>
  runtime: { node: string; platform: string; arch: string }
}

const sha256 = (text: string | Buffer): string => createHash('sha256').update(text).digest('hex')

/** Names everything a repetition of the run needs: configuration, seed, component files with their hashes, runtime. */
export function buildManifest(
  parts: Pick<RunParts, 'runId' | 'loaded'> & {
    resumedFrom: { run_id: string; turn: number } | undefined
    schemaHash: string
  },
): Manifest {
  const { config, stored, library } = parts.loaded
  const components: Manifest['components'] = {}
  const add = (key: string, kind: 'agent' | 'engine' | 'validator', type: string) => {
    components[key] = { type, ...library.sourceOf(kind, type) }
  }
  add('engine', 'engine', config.engine.type)
  add('validator', 'validator', config.validator.type)
  for (const { name, type } of config.agents) add(`agent:${name}`, 'agent', type)
  return {
    format: 1,
    run_id: parts.runId,
    simulation_name: config.simulation.name,
    seed: config.simulation.seed,
    config_hash: sha256(canonicalJson(stored)),
    schema_hash: parts.schemaHash,
    resumed_from: parts.resumedFrom ?? null,
    components,
    runtime: { node: process.version, platform: process.platform, arch: process.arch },
  }
}
