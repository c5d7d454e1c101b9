import { defineFlow, done, failed } from '../../kernel/runs/flow.ts'
import { forkSimulation, simulationBorders } from './fork-simulation.ts'
import { findRow } from './store.ts'

/** What the platform's run of a served simulation waits for while a child process works. */
export const CHILD_HOLD = 'service:simulation'

/**
 * A served simulation in the platform's list of runs. It only waits: the work is done by a leased child process, without a step
 * per turn. Cancelling it asks the simulation to stop.
 */
export const simulationFlow = defineFlow<{ run_id: string }>({
  kind: 'simulation.run',
  domain: 'simulation',
  first: 'ended@1',
  screen: ({ run_id }) => `/simulation/${run_id}`,
  work: { borders: simulationBorders, fork: forkSimulation },
  stages: {
    'ended@1': async (run) => {
      const row = await run.write('read', async (tx) => {
        const found = await findRow(tx, run.state.run_id)
        return (
          found && {
            status: found.status,
            turn: found.turn,
            termination_reason: found.termination_reason,
            error: found.error,
            continued_as: found.continued_as,
          }
        )
      })
      if (row?.status === 'failed')
        return failed({
          code: row.error?.type ?? 'SIMULATION_FAILED',
          message: row.error?.message ?? 'The simulation failed',
        })
      if (row?.status === 'crashed') {
        const message = row.continued_as
          ? `The process ended; the run goes on as ${row.continued_as}`
          : 'The process of the simulation ended without a result'
        return failed({ code: 'SIMULATION_CRASHED', message })
      }
      return done(row ?? null)
    },
  },
  async onEnded(tx, ctx, { state, status }) {
    if (status !== 'cancelled') return
    await tx.query(
      `update simulation.served_runs
          set status = case when status = 'queued' then 'aborted' else 'stopping' end,
              ended_at = case when status = 'queued' then now() end,
              termination_reason = case when status = 'queued' then 'stopped' end
        where run_id = $1 and status in ('queued', 'running', 'paused')`,
      [state.run_id],
    )
    tx.afterCommit(() => ctx.kernel.notifier.touch('simulation', state.run_id))
  },
})
