import { Link } from '@tanstack/react-router'
import { ArrowRight, CircleCheck, CircleX, Lock, LockOpen } from 'lucide-react'
import { useState } from 'react'
import { asApiError } from '../../../api/api-error.ts'
import { Button } from '../../../components/button.tsx'
import { Dialog } from '../../../components/dialog.tsx'
import { ErrorPanel } from '../../../components/error-panel.tsx'
import { Skeleton } from '../../../components/skeleton.tsx'
import { toast } from '../../../components/toast.tsx'
import { useEventWrite, useGates } from '../api/briefs.ts'
import { gateFix } from '../lib/gate-fix.ts'

/** What the next state still lacks, each finding with the way to put it right, and the step itself when the gate is open. */
export function GatePanel({ id, closed, onTab }: { id: string; closed: boolean; onTab: (tab: string) => void }) {
  const { data, error, refetch } = useGates(id)
  const [asking, setAsking] = useState(false)
  const [all, setAll] = useState(false)
  if (error) return <ErrorPanel error={error} title="The gate could not be read" onRetry={() => void refetch()} />
  if (!data) return <Skeleton rows={1} height={28} />
  if (!data.next_state)
    return (
      <p className="text-sm text-ink-2">
        {closed
          ? 'The event is closed; its record is kept.'
          : 'This is the last state: write the postmortem and close the event.'}{' '}
        {closed ? null : (
          <button type="button" className="font-medium text-accent-ink hover:underline" onClick={() => onTab('result')}>
            Open result
          </button>
        )}
      </p>
    )
  // what cannot be checked while its artifact is missing would only repeat that it is missing
  const failed = data.gate_results.filter((result) => !result.passed && !/^not checked/.test(result.message))
  const shown = all ? data.gate_results : failed
  return (
    <section aria-label={`Gate to ${data.next_state}`} data-testid="gate-panel" className="flex flex-col gap-2">
      <div className="flex flex-wrap items-center gap-x-3 gap-y-2 text-sm">
        {data.passed ? (
          <LockOpen size={16} className="text-done-ink" aria-hidden="true" />
        ) : (
          <Lock size={16} className="text-blocked-ink" aria-hidden="true" />
        )}
        <p className="font-medium">
          Gate to {data.next_state}:{' '}
          {data.passed ? (
            <span className="text-done-ink">open</span>
          ) : (
            <span className="text-blocked-ink">
              {failed.length || data.failed_gates.length} of {data.gate_results.length} missing
            </span>
          )}
        </p>
        <button
          type="button"
          className="text-xs text-accent-ink hover:underline"
          aria-expanded={all}
          onClick={() => setAll(!all)}
        >
          {all ? 'Only what is missing' : `All ${data.gate_results.length} checks`}
        </button>
        <Button
          look={data.passed ? 'primary' : 'secondary'}
          size="sm"
          icon={ArrowRight}
          disabled={!data.passed && data.next_state !== 'Postmortem'}
          onClick={() => setAsking(true)}
        >
          Move to {data.next_state}
        </Button>
      </div>
      {shown.length > 0 ? (
        <ul className="flex max-h-40 flex-wrap gap-x-5 gap-y-1 overflow-y-auto">
          {shown.map((result) => {
            const fix = gateFix(result)
            return (
              <li key={`${result.check}${result.code}`} className="flex flex-wrap items-center gap-x-2 gap-y-1 text-sm">
                {result.passed ? (
                  <CircleCheck size={14} className="shrink-0 text-done-ink" aria-label="passed" />
                ) : (
                  <CircleX size={14} className="shrink-0 text-blocked-ink" aria-label="missing" />
                )}
                <span className="min-w-0 break-words text-ink-2">
                  {result.passed ? result.check.replace(/_/g, ' ') : result.message}
                </span>
                {result.passed ? null : fix.tab === 'approvals' ? (
                  <Link
                    to={'/planning/approvals' as never}
                    search={{ event: id } as never}
                    className="text-xs font-medium text-accent-ink hover:underline"
                  >
                    {fix.label}
                  </Link>
                ) : (
                  <button
                    type="button"
                    className="text-xs font-medium text-accent-ink hover:underline"
                    onClick={() => onTab(fix.tab)}
                  >
                    {fix.label}
                  </button>
                )}
              </li>
            )
          })}
        </ul>
      ) : null}
      <MoveDialog
        id={id}
        from={data.current_state}
        to={data.next_state}
        open={asking}
        onClose={() => setAsking(false)}
      />
    </section>
  )
}

function MoveDialog({
  id,
  from,
  to,
  open,
  onClose,
}: {
  id: string
  from: string
  to: string
  open: boolean
  onClose: () => void
}) {
  const write = useEventWrite(id)
  const [outcome, setOutcome] = useState('completed')
  const problem = write.error ? asApiError(write.error) : undefined
  const move = () =>
    write.mutate(
      { path: '/transition', body: { target_state: to, ...(to === 'Postmortem' ? { outcome } : {}) } },
      {
        onSuccess: () => {
          toast({ tone: 'done', title: `The event is now in ${to}` })
          onClose()
        },
      },
    )
  return (
    <Dialog
      open={open}
      onClose={onClose}
      title={`Move to ${to}?`}
      footer={
        <>
          <Button onClick={onClose}>Stay in {from}</Button>
          <Button look="primary" busy={write.isPending} onClick={move}>
            Move to {to}
          </Button>
        </>
      }
    >
      <div className="flex flex-col gap-3 text-sm text-ink-2">
        <p>There is no way back to {from}. All artifacts of the gate are checked once more.</p>
        {to === 'Postmortem' ? (
          <label className="flex flex-col gap-1 text-xs font-medium">
            How did the event end?
            <select
              className="h-8 rounded-md border border-line-strong bg-surface px-2 text-sm"
              value={outcome}
              onChange={(event) => setOutcome(event.target.value)}
            >
              <option value="completed">It took place</option>
              <option value="cancelled">It was cancelled</option>
            </select>
          </label>
        ) : null}
        {problem ? <ErrorPanel error={problem} title="The gate stayed shut" /> : null}
      </div>
    </Dialog>
  )
}
