import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { Button } from '../../../components/button.tsx'
import { Dialog } from '../../../components/dialog.tsx'
import { ErrorPanel } from '../../../components/error-panel.tsx'
import { Field, INPUT } from '../../../components/field.tsx'
import { NumberField } from '../../../components/number-field.tsx'
import { useCheckpoint } from '../api/analysis.ts'
import { useSimActions } from '../api/served.ts'
import { useCheckpoints } from '../api/simulations.ts'
import { type ChangeRow, changesOf } from '../lib/changes.ts'
import { readProblems } from '../lib/read-problems.ts'
import { ChangeRows } from './change-rows.tsx'
import { Problems } from './problems.tsx'

/** A new run from a checkpoint of this one, with other variables, another seed, another end. */
export function BranchDialog({ id, onClose }: { id: string; onClose: () => void }) {
  const navigate = useNavigate()
  const checkpoints = useCheckpoints(id)
  const { branch } = useSimActions(id)
  const [turn, setTurn] = useState('last')

  const [turns, setTurns] = useState('')
  const [seed, setSeed] = useState('')
  const [rows, setRows] = useState<ChangeRow[]>([])
  const world = useCheckpoint(id, turn)
  const changes = changesOf(rows)
  const problems = branch.error ? readProblems(branch.error) : []
  const send = () =>
    branch.mutate(
      {
        turn: turn === 'last' ? 'last' : Number(turn),
        ...(turns ? { turns: Number(turns) } : {}),
        ...(seed ? { seed: Number(seed) } : {}),
        ...(changes ? { changes } : {}),
      },
      { onSuccess: (run) => void navigate({ to: `/simulation/${run.run_id}` } as never).then(onClose) },
    )
  return (
    <Dialog
      open
      wide
      onClose={onClose}
      title="Branch from a checkpoint"
      describe="A new run goes on from that turn; this one stays as it is."
      footer={
        <>
          <Button onClick={onClose}>Not now</Button>
          <Button look="primary" busy={branch.isPending} onClick={send}>
            Start branch
          </Button>
        </>
      }
    >
      <div className="flex flex-col gap-4">
        <Field label="From turn">
          {(props) => (
            <select {...props} className={INPUT} value={turn} onChange={(event) => setTurn(event.target.value)}>
              <option value="last">the newest ({checkpoints.data?.last ?? '…'})</option>
              {checkpoints.data?.checkpoints.map((one) => (
                <option key={one} value={one}>
                  {one}
                </option>
              ))}
            </select>
          )}
        </Field>
        <div className="grid grid-cols-2 gap-3">
          <NumberField
            label="Until turn"
            hint="As before when empty"
            min={1}
            value={turns}
            onChange={(event) => setTurns(event.target.value)}
          />
          <NumberField
            label="New seed"
            hint="Chance takes another course"
            value={seed}
            onChange={(event) => setSeed(event.target.value)}
          />
        </div>
        <ChangeRows world={world.data?.state} rows={rows} onRows={setRows} />
        {problems.length > 0 ? <Problems problems={problems} /> : null}
        {checkpoints.error ? (
          <ErrorPanel error={checkpoints.error} title="The checkpoints could not be listed" />
        ) : null}
        {branch.error && problems.length === 0 ? (
          <ErrorPanel error={branch.error} title="The branch was not started" />
        ) : null}
      </div>
    </Dialog>
  )
}
