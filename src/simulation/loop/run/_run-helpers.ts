import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import type { SimEvent } from '../events/event.ts'
import type { LogFields, Logger } from '../logging/logger.ts'
import { Orchestrator } from './orchestrator.ts'
import type { OrchestratorOptions } from './orchestrator-options.ts'
import type { RunResult } from './run-result.ts'

export type Line = { level: string; event: string; fields: Record<string, any> }

export function recorder(): { log: Logger; lines: Line[] } {
  const lines: Line[] = []
  const make = (bound: LogFields): Logger => {
    const at =
      (level: string) =>
      (event: string, fields: LogFields = {}) =>
        void lines.push({ level, event, fields: { ...bound, ...fields } })
    return {
      bind: (fields) => make({ ...bound, ...fields }),
      debug: at('DEBUG'),
      info: at('INFO'),
      warning: at('WARNING'),
      error: at('ERROR'),
    }
  }
  return { log: make({}), lines }
}

export async function withRoot<T>(work: (root: string) => Promise<T> | T): Promise<T> {
  const root = fs.mkdtempSync(path.join(os.tmpdir(), 'troupe-loop-'))
  try {
    return await work(root)
  } finally {
    fs.rmSync(root, { recursive: true, force: true })
  }
}

type Config = Record<string, any>

/** A configuration that runs, with parts replaced. */
export const configOf = (more: Config = {}): Config => ({
  simulation: { name: 'test', max_turns: 3, ...more['simulation'] },
  engine: { type: 'simple_economic' },
  validator: { type: 'basic' },
  agents: [{ name: 'ada', initial_state: { wealth: 100 } }],
  ...Object.fromEntries(Object.entries(more).filter(([key]) => key !== 'simulation')),
  event_stream: { verbosity: 'DETAIL', ...more['event_stream'] },
})

export const eventsOf = (root: string, runId: string): any[] => {
  const file = path.join(root, runId, 'events.jsonl')
  return fs
    .readFileSync(file, 'utf8')
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as SimEvent)
}

export const checkpoint = (root: string, runId: string, name: string): any =>
  JSON.parse(fs.readFileSync(path.join(root, runId, 'checkpoints', `${name}.json`), 'utf8'))

export type Ran = { run: Orchestrator; result: RunResult; events: any[]; lines: Line[]; error: unknown }

/** Runs a configuration to its end; an error of the run is returned, not thrown. */
export async function runConfig(root: string, config: Config, options: OrchestratorOptions = {}): Promise<Ran> {
  const { log, lines } = recorder()
  const run = new Orchestrator(config, { outputRoot: root, logger: log, ...options })
  let error: unknown
  try {
    await run.run()
  } catch (thrown) {
    error = thrown
    if (!run.result) throw thrown
  }
  const isOn = config['event_stream']?.enabled !== false
  return { run, result: run.result!, events: isOn ? eventsOf(root, run.runId) : [], lines, error }
}

export const scripted = (name: string, actions: Config[], more: Config = {}): Config => ({
  name,
  type: 'scripted',
  config: { actions },
  ...more,
})

export const ofType = (events: any[], type: string): any[] => events.filter(({ event_type }) => event_type === type)
export const byId = (events: any[]): Map<string, any> => new Map(events.map((event) => [event.event_id, event]))
export const causesOf = (events: any[], event: any): any[] =>
  (event.caused_by ?? []).map((id: string) => byId(events).get(id))
