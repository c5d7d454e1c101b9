import path from 'node:path'
import type { Ctx } from '../../kernel/context.ts'
import type { Border, ForkEdit, RunRef } from '../../kernel/runs/flow.ts'
import { listCheckpoints, readCheckpoint } from '../loop/checkpoints/checkpoint-store.ts'
import { BranchSimulation } from '../schema.ts'
import { outputRootOf } from './served.ts'
import { branchSimulation } from './start-simulation.ts'

const NEWEST = 200
type Variables = Record<string, Record<string, unknown>>

/** The variables of a world that a branch may change. */
function variablesAt(folder: string, turn: number) {
  const { state } = readCheckpoint(folder, turn)
  const agents = Object.entries(state.agents).map(([name, { name: _name, ...own }]) => [name, own] as const)
  return { agents: Object.fromEntries(agents) as Variables, global_state: { ...state.globalState } }
}

/** After each turn that has a checkpoint: the number of a border is that turn. */
export async function simulationBorders({ kernel }: Ctx, { state }: RunRef, no?: number): Promise<Border[]> {
  const folder = path.join(outputRootOf(kernel), state['run_id'])
  const turns = listCheckpoints(folder)
  return (no === undefined ? turns.slice(-NEWEST) : turns.filter((turn) => turn === no)).map((turn) => ({
    no: turn,
    label: turn === 0 ? 'before the first turn' : `after turn ${turn}`,
    at: null,
    ...(no === undefined ? {} : { input: { turns: null, seed: null, ...variablesAt(folder, turn) } }),
  }))
}

const changed = (before: Record<string, unknown> = {}, after: Record<string, unknown> = {}) =>
  Object.fromEntries(
    Object.entries(after).filter(([key, value]) => JSON.stringify(value) !== JSON.stringify(before[key])),
  )

/** A branch of the simulation from that checkpoint: the same verb as on its own screen. */
export async function forkSimulation(ctx: Ctx, { state }: RunRef, border: Border, edit: ForkEdit): Promise<string> {
  const { agents, global_state, ...rest } = edit.state as { agents?: Variables; global_state?: Record<string, unknown> }
  const before = border.input as ReturnType<typeof variablesAt>
  const people = Object.entries(agents ?? {}).map(([name, own]) => [name, changed(before.agents[name], own)] as const)
  const moved = people.filter(([, own]) => Object.keys(own).length > 0)
  const world = changed(before.global_state, global_state)
  const changes = {
    ...(moved.length > 0 ? { agents: Object.fromEntries(moved) } : {}),
    ...(Object.keys(world).length > 0 ? { global_state: world } : {}),
  }
  const body = BranchSimulation.parse({
    ...rest,
    turn: border.no,
    ...(Object.keys(changes).length > 0 ? { changes } : {}),
  })
  // A turn is no stage: the two are compared from their beginnings.
  const { forkedAt: _turn, ...lineage } = edit.lineage
  const branch = await branchSimulation(ctx, state['run_id'], body, lineage)
  const { rows } = await ctx.kernel.db.query('select kernel_run_id from simulation.served_runs where run_id = $1', [
    branch.run_id,
  ])
  return rows[0]!['kernel_run_id'] as string
}
