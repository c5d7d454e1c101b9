import { useState } from 'react'
import { Button } from '../../../components/button.tsx'
import { Chip } from '../../../components/chip.tsx'
import { Dialog } from '../../../components/dialog.tsx'
import { ErrorPanel } from '../../../components/error-panel.tsx'
import { Field, TEXTAREA } from '../../../components/field.tsx'
import { Switch } from '../../../components/switch.tsx'
import { toast, toastError } from '../../../components/toast.tsx'
import { Elapsed } from '../../../components/when.tsx'
import { cx } from '../../../lib/cx.ts'
import { useEventWrite } from '../api/briefs.ts'
import type { Contingency, EventBrief, Execution, Incident } from '../types.ts'

/** An incident with its clock: respond, start a response by hand when none began, resolve with what was done. */
export function IncidentRow({
  brief,
  incident,
  run,
  scenarios,
}: {
  brief: EventBrief
  incident: Incident
  run: Execution | undefined
  scenarios: readonly Contingency[]
}) {
  const write = useEventWrite(brief.id)
  const [resolving, setResolving] = useState(false)
  const path = `/incidents/${encodeURIComponent(incident.id)}`
  const set = (body: Record<string, unknown>) =>
    write.mutate(
      { path, method: 'PATCH', body },
      { onError: (error) => toastError('The incident was not changed', error) },
    )
  const open = incident.status !== 'resolved'
  const locked = brief.lifecycle_state === 'Postmortem'
  return (
    <li className={cx('rounded-md border p-3 text-sm', open ? 'border-failed/50 bg-failed-soft' : 'border-line')}>
      <div className="flex flex-wrap items-center gap-2">
        <span className="w-full font-medium">{incident.title}</span>
        <Chip
          status={incident.severity}
          tone={incident.severity === 'critical' || incident.severity === 'high' ? 'failed' : 'waiting'}
          word={incident.severity}
        />
        <Chip
          status={incident.status}
          tone={incident.status === 'resolved' ? 'done' : incident.status === 'responding' ? 'running' : 'waiting'}
        />
        <span className="tabular ml-auto font-mono text-xs" title="Time since it was reported">
          {open ? <Elapsed from={incident.occurred_at} /> : `${incident.resolution_minutes ?? '–'} min`}
        </span>
      </div>
      <p className="mt-1 text-xs text-ink-2">
        {run ? `Response: ${run.scenario}, ${run.status.replace(/_/g, ' ')}` : 'No response started'}
        {incident.resolution ? ` · ${incident.resolution}` : ''}
      </p>
      {locked ? null : (
        <div className="mt-2 flex flex-wrap gap-2">
          {incident.status === 'open' ? (
            <Button size="sm" busy={write.isPending} onClick={() => set({ status: 'responding' })}>
              Respond
            </Button>
          ) : null}
          {open ? (
            <Button size="sm" look="primary" busy={write.isPending} onClick={() => setResolving(true)}>
              Resolve
            </Button>
          ) : null}
          {run || scenarios.length === 0 ? null : (
            <select
              aria-label={`Response to ${incident.title}`}
              className="h-7 rounded-md border border-line-strong bg-surface px-1.5 text-xs"
              value=""
              disabled={write.isPending}
              onChange={(event) => set({ trigger_key: event.target.value })}
            >
              <option value="">Start a response…</option>
              {scenarios.map((one) => (
                <option key={one.trigger_key} value={one.trigger_key}>
                  {one.scenario}
                </option>
              ))}
            </select>
          )}
        </div>
      )}
      <ResolveDialog
        brief={brief}
        incident={incident}
        responded={run !== undefined}
        open={resolving}
        onClose={() => setResolving(false)}
      />
    </li>
  )
}

function ResolveDialog({
  brief,
  incident,
  responded,
  open,
  onClose,
}: {
  brief: EventBrief
  incident: Incident
  responded: boolean
  open: boolean
  onClose: () => void
}) {
  const write = useEventWrite(brief.id)
  const [resolution, setResolution] = useState('')
  const [worked, setWorked] = useState(true)
  return (
    <Dialog open={open} onClose={onClose} title={`Resolve: ${incident.title}`}>
      <form
        className="flex flex-col gap-3"
        onSubmit={(event) => {
          event.preventDefault()
          write.mutate(
            {
              path: `/incidents/${encodeURIComponent(incident.id)}`,
              method: 'PATCH',
              body: { status: 'resolved', resolution, ...(responded ? { contingency_worked: worked } : {}) },
            },
            {
              onSuccess: () => {
                toast({ tone: 'done', title: 'Incident resolved' })
                onClose()
              },
            },
          )
        }}
      >
        <Field label="What was done" required>
          {(props) => (
            <textarea
              {...props}
              required
              className={TEXTAREA}
              value={resolution}
              onChange={(event) => setResolution(event.target.value)}
            />
          )}
        </Field>
        {responded ? <Switch label="The planned response worked" checked={worked} onChange={setWorked} /> : null}
        {write.error ? <ErrorPanel error={write.error} title="The incident was not resolved" /> : null}
        <div className="flex justify-end gap-2">
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" look="primary" busy={write.isPending}>
            Resolve
          </Button>
        </div>
      </form>
    </Dialog>
  )
}
