import path from 'node:path'
import type { Kernel } from '../../kernel/kernel.ts'
import type { Override } from '../loop/config/load-config.ts'
import type { ChildSpec, RunSource } from './child-protocol.ts'

/** Folders and names of served runs, from the configuration. */
export const outputRootOf = ({ config }: Kernel): string => path.resolve(config.simulation.outputDir)
export const implementationsRootOf = ({ config }: Kernel): string => path.resolve(config.simulation.implementationsDir)

/** The variables of this process that `${NAME}` in a served configuration may use. */
export function allowedEnvironment(
  { config }: Kernel,
  env: Readonly<Record<string, string | undefined>>,
): Record<string, string> {
  const entries = config.simulation.env.flatMap((name) => {
    const value = env[name]
    return value === undefined ? [] : [[name, value] as const]
  })
  return Object.fromEntries(entries)
}

export const specOf = (
  kernel: Kernel,
  env: Readonly<Record<string, string | undefined>>,
  source: RunSource,
  overrides: readonly Override[],
): ChildSpec => ({
  source,
  overrides,
  outputRoot: outputRootOf(kernel),
  implementationsRoot: implementationsRootOf(kernel),
  env: allowedEnvironment(kernel, env),
})

const OVERRIDES: Record<string, Override['path']> = {
  turns: ['simulation', 'max_turns'],
  seed: ['simulation', 'seed'],
  verbosity: ['event_stream', 'verbosity'],
  write_mode: ['event_stream', 'mode'],
}

/** Fields of a request that win over the configuration. */
export const overridesOf = (body: Readonly<Record<string, unknown>>): Override[] =>
  Object.entries(OVERRIDES).flatMap(([field, path]) =>
    body[field] === undefined || body[field] === null ? [] : [{ path, value: body[field], option: field }],
  )

/** Wakes the supervisors of all processes. */
export const TOPIC = 'simulation'
