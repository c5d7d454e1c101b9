import type { Config } from '../../kernel/config/load-config.ts'
import { readAssignment, readValue } from '../analysis/read-values.ts'
import { UsageError } from '../loop/core/errors.ts'
import type { StateChanges } from '../loop/run/resume.ts'
import type { CommandIo } from './io.ts'
import { textsOf } from './open-runs.ts'
import { parseOptions } from './parse-options.ts'
import { perform, runOptions } from './run-command.ts'

const { 'resume-from': _from, 'resume-turn': _turn, ...shared } = runOptions
export const branchOptions = {
  ...shared,
  turn: { type: 'string' },
  set: { type: 'string', multiple: true },
  config: { type: 'string' },
} as const

/** `ada.wealth=500` and `global.rate=0.1` as changes of a state. Throws UsageError. */
export function readChanges(texts: readonly string[]): StateChanges | undefined {
  if (texts.length === 0) return undefined
  const agents: Record<string, Record<string, unknown>> = {}
  const globals: Record<string, unknown> = {}
  for (const text of texts) {
    const [path, value] = readAssignment(text, '--set')
    const at = path.lastIndexOf('.')
    if (at < 1) throw new UsageError(`--set needs agent.variable=value or global.variable=value, not ${text}`)
    const [owner, variable] = [path.slice(0, at), path.slice(at + 1)]
    const place = owner === 'global' ? globals : (agents[owner] ??= {})
    place[variable] = readValue(value)
  }
  return { agents, global_state: globals }
}

/** `troupe simulate branch`: a new run from a checkpoint, with some variables changed. Prints the two lines of `run`. */
export async function branchCommand(argv: readonly string[], io: CommandIo, config: Config): Promise<number> {
  const { values, positionals } = parseOptions(argv, branchOptions, { min: 1, max: 1 })
  const { turn, set: _set, config: file, ...rest } = values
  const given = { ...rest, 'resume-from': positionals[0]!, 'resume-turn': turn ?? 'last' }
  return perform(given, typeof file === 'string' ? file : undefined, io, config, readChanges(textsOf(values, 'set')))
}
