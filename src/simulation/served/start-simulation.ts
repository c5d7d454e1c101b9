import fs from 'node:fs'
import path from 'node:path'
import { processEnvironment } from '../../kernel/config/load-config.ts'
import type { Ctx } from '../../kernel/context.ts'
import { AppError } from '../../kernel/errors/app-error.ts'
import type { ForkEdit } from '../../kernel/runs/flow.ts'
import type { BranchSimulation, ServedRun, StartSimulation, ValidationReply } from '../schema.ts'
import type { About, Refusal, RunSource } from './child-protocol.ts'
import { invalidConfig, validateInChild } from './fork-child.ts'
import { queueRun } from './queue-run.ts'
import { reserve } from './reserve.ts'
import { outputRootOf, overridesOf, specOf } from './served.ts'
import { toServedRun } from './store.ts'

async function check(
  ctx: Ctx,
  source: RunSource,
  body: Readonly<Record<string, unknown>>,
): Promise<{ about: About } | { refusal: Refusal }> {
  const env = processEnvironment()
  return validateInChild(specOf(ctx.kernel, env, source, overridesOf(body)), env)
}

/** Reserves the folder and queues the run; a failure in between takes the empty folder away again. */
async function queue(
  ctx: Ctx,
  source: RunSource,
  body: Readonly<Record<string, unknown>>,
  about: About,
  lineage?: ForkEdit['lineage'],
): Promise<ServedRun> {
  const outputRoot = outputRootOf(ctx.kernel)
  const runId = reserve(outputRoot, body['run_id'], about)
  try {
    const row = await ctx.kernel.db.transaction((tx) =>
      queueRun(tx, ctx, {
        run_id: runId,
        name: about.name,
        agents: about.agents,
        max_turns: about.maxTurns,
        turn: about.turn,
        source,
        overrides: overridesOf(body),
        output_root: outputRoot,
        started_by: ctx.actor.id,
        correlation_id: ctx.correlationId,
        ...(source.kind === 'resume' ? { resumedFrom: { run_id: source.runId, turn: about.turn } } : {}),
        ...(lineage ? { lineage } : {}),
      }),
    )
    return toServedRun(row)
  } catch (error) {
    fs.rmSync(path.join(outputRoot, runId), { recursive: true, force: true })
    throw error
  }
}

/** S1: checks a configuration and queues its run. Throws INVALID_CONFIG with all problems, RUN_ID_EXISTS. */
export async function startSimulation(ctx: Ctx, body: StartSimulation): Promise<ServedRun> {
  const source: RunSource = { kind: 'config', config: body.config ?? null }
  const checked = await check(ctx, source, body)
  if ('refusal' in checked) throw invalidConfig(checked.refusal)
  return queue(ctx, source, body, checked.about)
}

/** S2: the problems of a configuration; creates nothing. */
export async function validateSimulation(ctx: Ctx, body: { config?: unknown }): Promise<ValidationReply> {
  const checked = await check(ctx, { kind: 'config', config: body.config ?? null }, {})
  return 'refusal' in checked ? { valid: false, problems: checked.refusal.problems } : { valid: true, problems: [] }
}

/** S8: a new run from a checkpoint of any run. Throws NOT_FOUND without that run or checkpoint, INVALID_CONFIG, RUN_ID_EXISTS. */
export async function branchSimulation(
  ctx: Ctx,
  runId: string,
  body: BranchSimulation,
  lineage?: ForkEdit['lineage'],
): Promise<ServedRun> {
  const { turn, changes } = body
  const given = changes && {
    ...(changes.agents ? { agents: changes.agents } : {}),
    ...(changes.global_state ? { global_state: changes.global_state } : {}),
  }
  const source: RunSource = { kind: 'resume', runId, turn, ...(given ? { changes: given } : {}) }
  const checked = await check(ctx, source, body)
  if ('refusal' in checked) {
    if (checked.refusal.reason === 'missing')
      throw new AppError('NOT_FOUND', checked.refusal.message, { run_id: runId, turn })
    throw invalidConfig(checked.refusal)
  }
  return queue(ctx, source, body, checked.about, lineage)
}
