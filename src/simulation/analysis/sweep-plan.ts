import { UsageError } from '../loop/core/errors.ts'
import { isMap, type Json, show } from '../loop/core/json.ts'

export type SweepParameter = { path: string; values: readonly Json[] }
export type SweepSpec = { parameters: readonly SweepParameter[]; seeds: readonly number[] }
/** One run of a sweep. `seed` null leaves that of the configuration. */
export type SweepMember = { position: number; parameters: Record<string, Json>; seed: number | null }

export const MAX_SWEEP_RUNS = 10_000

/** Every combination of the values, each with every seed; the last parameter varies fastest, seeds fastest of all. */
export function planSweep({ parameters, seeds }: SweepSpec): SweepMember[] {
  const empty = parameters.find(({ values }) => values.length === 0)
  if (empty) throw new UsageError(`The parameter ${empty.path} has no values`)
  const twice = parameters.find(({ path }, i) => parameters.findIndex((other) => other.path === path) !== i)
  if (twice) throw new UsageError(`The parameter ${twice.path} is given twice`)
  const count = parameters.reduce((product, { values }) => product * values.length, Math.max(1, seeds.length))
  if (count > MAX_SWEEP_RUNS)
    throw new UsageError(
      `The sweep has ${count} runs; at most ${MAX_SWEEP_RUNS} are possible: use fewer values or seeds`,
    )
  let combinations: Record<string, Json>[] = [{}]
  for (const { path, values } of parameters)
    combinations = combinations.flatMap((known) => values.map((value) => ({ ...known, [path]: value })))
  const each = seeds.length > 0 ? seeds : [null]
  return combinations.flatMap((known, i) =>
    each.map((seed, j) => ({ position: i * each.length + j, parameters: known, seed })),
  )
}

const PART = /^([^.[\]]+|\*)$/

/** `agents[0].config.x`, `agents.ada.initial_state.wealth`, `agents.*.config.x`, `engine.interest_rate`. */
function partsOf(path: string): string[] {
  const parts = path.replace(/\[(\d+|\*)\]/g, '.$1').split('.')
  const unsafe = parts.some((part) => !PART.test(part) || ['__proto__', 'constructor', 'prototype'].includes(part))
  if (unsafe)
    throw new UsageError(`${path} is not a path of a configuration, as engine.config.rate or agents.*.config.x`)
  return parts
}

function setAt(place: unknown, parts: readonly string[], value: Json, path: string): unknown {
  const [part, ...rest] = parts
  if (part === undefined) return value
  if (Array.isArray(place)) {
    const isHit = (entry: unknown, i: number) =>
      part === '*' || String(i) === part || (isMap(entry) && entry['name'] === part)
    if (!place.some(isHit)) throw new UsageError(`${path}: the list has no entry ${part}`)
    return place.map((entry, i) => (isHit(entry, i) ? setAt(entry, rest, value, path) : entry))
  }
  if (place !== undefined && place !== null && !isMap(place))
    throw new UsageError(`${path}: ${part} leads nowhere, the value before it is ${show(place)}`)
  return { ...(place as Record<string, unknown> | undefined), [part]: setAt(place?.[part], rest, value, path) }
}

/** A copy of a configuration with parameters set. Throws UsageError for a path that leads nowhere. */
export function applyParameters(
  config: Readonly<Record<string, unknown>>,
  parameters: Readonly<Record<string, Json>>,
): Record<string, unknown> {
  let changed: unknown = config
  for (const [path, value] of Object.entries(parameters)) {
    const parts = partsOf(path)
    changed = setAt(changed, parts, value, path)
    if (parts.join('.') === 'simulation.max_turns') delete (changed as any).simulation.turns
  }
  return changed as Record<string, unknown>
}

/** The configuration of one run of a sweep. */
export const configOf = (config: Readonly<Record<string, unknown>>, member: SweepMember): Record<string, unknown> =>
  applyParameters(config, {
    ...member.parameters,
    ...(member.seed === null ? {} : { 'simulation.seed': member.seed }),
  })
