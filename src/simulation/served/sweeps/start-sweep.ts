import fs from 'node:fs'
import path from 'node:path'
import { processEnvironment } from '../../../kernel/config/load-config.ts'
import type { Ctx } from '../../../kernel/context.ts'
import { AppError } from '../../../kernel/errors/app-error.ts'
import { emit } from '../../../kernel/events/emit.ts'
import { memberRunId } from '../../analysis/run-sweep.ts'
import { configOf, planSweep, type SweepMember } from '../../analysis/sweep-plan.ts'
import { yamlMap } from '../../loop/config/yaml-source.ts'
import { ConfigurationError, UsageError } from '../../loop/core/errors.ts'
import { isMap, type Json } from '../../loop/core/json.ts'
import { reserveGivenId, runIdBase } from '../../loop/run/run-id.ts'
import type { StartSweep, Sweep } from '../../schema.ts'
import { invalidConfig, validateInChild } from '../fork-child.ts'
import { queueRun } from '../queue-run.ts'
import { outputRootOf, overridesOf, specOf } from '../served.ts'
import { getSweep } from './read-sweep.ts'

/** Runs of one sweep on a server; the command line allows more. */
const MAX_SERVED_RUNS = 500
const COMPARED_SEED = 0

const refused = (message: string, path = 'parameters') =>
  invalidConfig({
    reason: 'config',
    message,
    problems: [{ path, line: null, expected: 'a usable sweep', actual: message, remedy: 'See the message.', message }],
  })

function planOf(body: StartSweep): { config: Record<string, unknown>; members: SweepMember[]; configs: unknown[] } {
  try {
    const config = typeof body.config === 'string' ? yamlMap(body.config) : body.config
    if (!isMap(config)) throw refused('config must be a map of sections or YAML text', 'config')
    const parameters = body.parameters.map(({ path: at, values }) => ({ path: at, values: values as Json[] }))
    const members = planSweep({ parameters, seeds: body.seeds })
    if (members.length > MAX_SERVED_RUNS)
      throw refused(`The sweep has ${members.length} runs; a server takes at most ${MAX_SERVED_RUNS}`)
    return { config, members, configs: members.map((member) => configOf(config, member)) }
  } catch (error) {
    if (error instanceof UsageError) throw refused(error.message)
    if (error instanceof ConfigurationError)
      throw invalidConfig({ reason: 'config', message: error.message, problems: error.problems })
    throw error
  }
}

/** Configurations that differ in more than the seed, which cannot make one invalid. */
const distinct = (config: Record<string, unknown>, members: readonly SweepMember[]): unknown[] =>
  members
    .filter(({ seed }) => seed === members[0]!.seed)
    .map((member) => configOf(config, { ...member, seed: member.seed ?? COMPARED_SEED }))

/**
 * Checks every combination, then queues all runs at once; whichever worker has room takes the next. Throws INVALID_CONFIG with all
 * problems of the first combination that has any.
 */
export async function startSweep(ctx: Ctx, body: StartSweep): Promise<Sweep> {
  const { config, members, configs } = planOf(body)
  const { kernel } = ctx
  const env = processEnvironment()
  const overrides = overridesOf({ turns: body.turns, verbosity: body.verbosity })
  const [first, ...others] = distinct(config, members)
  const spec = specOf(kernel, env, { kind: 'config', config: first }, overrides)
  const checked = await validateInChild(spec, env, others)
  if ('refusal' in checked) throw invalidConfig(checked.refusal)
  const { about } = checked
  const outputRoot = outputRootOf(kernel)
  const name = body.name ?? about.name
  const sweepId = freeSweepId(outputRoot, name, members.length)
  const runIds = members.map(({ position }) => memberRunId(sweepId, position, members.length))
  for (const runId of runIds) reserveGivenId(outputRoot, runId)
  try {
    await kernel.db.transaction(async (tx) => {
      await tx.query(
        'insert into simulation.sweeps (sweep_id, name, parameters, seeds, measures, started_by) values ($1, $2, $3, $4, $5, $6)',
        [
          sweepId,
          name,
          JSON.stringify(body.parameters),
          JSON.stringify(body.seeds),
          JSON.stringify(body.measures),
          ctx.actor.id,
        ],
      )
      for (const { position, parameters, seed } of members) {
        await queueRun(tx, ctx, {
          run_id: runIds[position]!,
          name: about.name,
          agents: about.agents,
          max_turns: about.maxTurns,
          turn: 0,
          source: { kind: 'config', config: configs[position] },
          overrides,
          output_root: outputRoot,
          started_by: ctx.actor.id,
          correlation_id: ctx.correlationId,
        })
        await tx.query(
          'insert into simulation.sweep_runs (sweep_id, position, run_id, parameters, seed) values ($1, $2, $3, $4, $5)',
          [sweepId, position, runIds[position], JSON.stringify(parameters), seed],
        )
      }
      await emit(tx, ctx, {
        domain: 'simulation',
        type: 'simulation.sweep_started',
        level: 'MILESTONE',
        stream: `sweep:${sweepId}`,
        summary: `Sweep ${name} of ${members.length} runs`,
        data: { sweep_id: sweepId, runs: members.length },
      })
    })
  } catch (error) {
    for (const runId of runIds) fs.rmSync(path.join(outputRoot, runId), { recursive: true, force: true })
    throw error
  }
  return getSweep(ctx, sweepId)
}

/** `{name}_sweep_{date}_{time}`, numbered when that second has one already. */
function freeSweepId(outputRoot: string, name: string, total: number): string {
  const base = runIdBase(name, total, new Date()).replace(/_\d+agents_/, '_sweep_')
  for (let n = 1; n < 100; n++) {
    const id = n === 1 ? base : `${base}_${n}`
    if (!fs.existsSync(path.join(outputRoot, memberRunId(id, 0, total)))) return id
  }
  throw new AppError('RUN_ID_EXISTS', 'Too many sweeps of this name in one second: try again', { name })
}
