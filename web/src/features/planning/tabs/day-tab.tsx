import { Siren, TriangleAlert } from 'lucide-react'
import { useState } from 'react'
import { Button } from '../../../components/button.tsx'
import { Chip } from '../../../components/chip.tsx'
import { Confirm, Dialog } from '../../../components/dialog.tsx'
import { ErrorPanel } from '../../../components/error-panel.tsx'
import { Field, INPUT, TEXTAREA } from '../../../components/field.tsx'
import { toast, toastError } from '../../../components/toast.tsx'
import { cx } from '../../../lib/cx.ts'
import { formatDuration, plural } from '../../../lib/format.ts'
import { useNow } from '../../../lib/use-now.ts'
import { useArtifact } from '../api/artifacts.ts'
import { useEventWrite } from '../api/briefs.ts'
import { FeedbackPart } from '../components/feedback-part.tsx'
import { IncidentRow } from '../components/incident-row.tsx'
import { Loaded, NotYet, Part } from '../components/loaded.tsx'
import { RunbookPart } from '../components/runbook-part.tsx'
import { clock, shortDay } from '../lib/dates.ts'
import { dayItems, lateTasks, severityFor } from '../lib/day-view.ts'
import type { EventBrief } from '../types.ts'

/** The event as it happens: now and next, what is late and what that holds up, incidents with their clock, contingencies to start. */
export default function DayTab({ brief }: { brief: EventBrief }) {
  const schedule = useArtifact(brief.id, 'schedule')
  const tasks = useArtifact(brief.id, 'tasks')
  const incidents = useArtifact(brief.id, 'incidents')
  const plan = useArtifact(brief.id, 'contingency-plan')
  const runs = useArtifact(brief.id, 'contingency-plan/executions')
  const write = useEventWrite(brief.id)
  const [reporting, setReporting] = useState(false)
  const now = useNow()
  const late = lateTasks(tasks.data ?? [], now)
  const locked = brief.lifecycle_state === 'Postmortem'
  const trigger = (scenario: { scenario: string; trigger_key: string; severity_threshold?: string; trigger: string }) =>
    write.mutate(
      {
        path: '/incidents',
        body: {
          title: scenario.scenario,
          kind: scenario.trigger_key,
          severity: severityFor(scenario as never),
          description: `Started by hand: ${scenario.trigger}`,
        },
      },
      {
        onSuccess: () => toast({ tone: 'running', title: `${scenario.scenario}: response started` }),
        onError: (error) => toastError('The response did not start', error),
      },
    )
  return (
    <div className="grid items-start gap-4 xl:grid-cols-2">
      <div className="min-w-0">
        <Part title="Now and next">
          <Loaded query={schedule} what="The programme" empty={<NotYet>No programme yet.</NotYet>}>
            {(data) => (
              <ol className="relative flex flex-col">
                {dayItems(data.sessions, now).map((item, i, all) => (
                  <li key={item.id} aria-current={item.state === 'now' ? 'time' : undefined}>
                    {all[i - 1]?.state === 'over' && item.state !== 'over' ? <NowLine now={now} /> : null}
                    <div
                      className={cx(
                        'flex items-baseline gap-3 border-l-2 py-1.5 pl-3 text-sm',
                        item.state === 'now'
                          ? 'border-running bg-running-soft'
                          : item.state === 'next'
                            ? 'border-waiting'
                            : 'border-line',
                      )}
                    >
                      <span className="tabular w-24 shrink-0 font-mono text-xs text-ink-2">
                        {shortDay(item.startMs)} {clock(item.startMs)}
                      </span>
                      <span className={cx('min-w-0 flex-1', item.state === 'over' ? 'text-ink-3' : 'font-medium')}>
                        {item.title}
                        <span className="block text-xs font-normal text-ink-3">{item.where}</span>
                      </span>
                      {item.state === 'now' ? (
                        <Chip status="running" word={`${formatDuration(item.minutes * 60_000)} left`} />
                      ) : null}
                      {item.state === 'next' ? (
                        <Chip status="waiting" word={`in ${formatDuration(item.minutes * 60_000)}`} />
                      ) : null}
                    </div>
                  </li>
                ))}
              </ol>
            )}
          </Loaded>
        </Part>
      </div>
      <div className="flex min-w-0 flex-col gap-4 xl:row-span-2">
        <Part
          title="Incidents"
          actions={
            <Button size="sm" icon={Siren} disabled={locked} onClick={() => setReporting(true)}>
              Report an incident
            </Button>
          }
        >
          <Loaded query={incidents} what="The incidents" empty={<NotYet>Nothing has gone wrong.</NotYet>}>
            {(rows) => (
              <ul className="flex flex-col gap-2">
                {rows.map((incident) => (
                  <IncidentRow
                    key={incident.id}
                    brief={brief}
                    incident={incident}
                    run={runs.data?.find((run) => run.incident_id === incident.id)}
                    scenarios={plan.data?.scenarios ?? []}
                  />
                ))}
              </ul>
            )}
          </Loaded>
        </Part>
        <Part title="Start a response">
          <Loaded query={plan} what="The contingency plan" empty={<NotYet>No contingency plan yet.</NotYet>}>
            {(data) => (
              <ul className="flex flex-col gap-2">
                {data.scenarios.map((scenario) => (
                  <li key={scenario.trigger_key} className="flex items-center gap-3 text-sm">
                    <span className="min-w-0 flex-1">
                      <span className="font-medium">{scenario.scenario}</span>
                      <span className="block text-xs text-ink-3">{scenario.response}</span>
                    </span>
                    <Confirm
                      title={`Start “${scenario.scenario}”?`}
                      action="Start the response"
                      danger
                      onConfirm={() => trigger(scenario)}
                      trigger={(ask) => (
                        <Button size="sm" look="danger" disabled={locked || write.isPending} onClick={ask}>
                          Start
                        </Button>
                      )}
                    >
                      An incident is reported and {scenario.owner} acts: {scenario.response}
                    </Confirm>
                  </li>
                ))}
              </ul>
            )}
          </Loaded>
        </Part>
        <Part title="Late" note={late.length > 0 ? plural(late.length, 'task') : undefined}>
          {late.length === 0 ? (
            <NotYet>Nothing is late.</NotYet>
          ) : (
            <ul className="flex flex-col gap-2">
              {late.map(({ task, lateMs, blocks }) => (
                <li key={task.id} className="flex items-start gap-2 text-sm">
                  <TriangleAlert size={15} className="mt-0.5 shrink-0 text-waiting-ink" aria-hidden="true" />
                  <span className="min-w-0 flex-1">
                    <span className="font-medium">{task.title}</span> is {formatDuration(lateMs)} late
                    <span className="block text-xs text-ink-3">
                      {blocks.length > 0 ? `pushes ${blocks.map((one) => one.title).join(', ')}` : 'holds nothing up'}
                    </span>
                  </span>
                  {locked ? null : (
                    <Button
                      size="sm"
                      onClick={() =>
                        write.mutate(
                          {
                            path: `/tasks/${encodeURIComponent(task.id)}`,
                            method: 'PATCH',
                            body: { status: 'Completed' },
                          },
                          { onError: (error) => toastError('The task was not changed', error) },
                        )
                      }
                    >
                      Mark done
                    </Button>
                  )}
                </li>
              ))}
            </ul>
          )}
        </Part>
      </div>
      <div className="flex min-w-0 flex-col gap-4">
        <RunbookPart brief={brief} />
        <FeedbackPart brief={brief} />
      </div>
      <IncidentDialog
        brief={brief}
        kinds={plan.data?.scenarios.map((one) => one.trigger_key) ?? []}
        open={reporting}
        onClose={() => setReporting(false)}
      />
    </div>
  )
}

const NowLine = ({ now }: { now: number }) => (
  <div className="flex items-center gap-2 py-1 text-2xs font-semibold text-accent-ink">
    <span className="tabular">now {clock(now)}</span>
    <span className="h-0.5 flex-1 bg-accent" aria-hidden="true" />
  </div>
)

function IncidentDialog({
  brief,
  kinds,
  open,
  onClose,
}: {
  brief: EventBrief
  kinds: string[]
  open: boolean
  onClose: () => void
}) {
  const write = useEventWrite(brief.id)
  const [form, setForm] = useState({ title: '', kind: '', severity: 'high', description: '' })
  const set = (name: keyof typeof form) => (event: { target: { value: string } }) =>
    setForm({ ...form, [name]: event.target.value })
  const kind = form.kind || 'other'
  return (
    <Dialog open={open} onClose={onClose} title="Report an incident">
      <form
        className="flex flex-col gap-3"
        onSubmit={(event) => {
          event.preventDefault()
          write.mutate(
            { path: '/incidents', body: { ...form, kind } },
            {
              onSuccess: () => {
                toast({ tone: 'running', title: 'Incident reported' })
                onClose()
              },
            },
          )
        }}
      >
        <Field label="What happened" required>
          {(props) => <input {...props} required className={INPUT} value={form.title} onChange={set('title')} />}
        </Field>
        <Field label="Kind" hint="A kind of the contingency plan starts its response.">
          {(props) => (
            <select {...props} className={INPUT} value={kind} onChange={set('kind')}>
              {['other', ...kinds].map((one) => (
                <option key={one} value={one}>
                  {one.replace(/_/g, ' ')}
                </option>
              ))}
            </select>
          )}
        </Field>
        <Field label="Severity">
          {(props) => (
            <select {...props} className={INPUT} value={form.severity} onChange={set('severity')}>
              {['low', 'medium', 'high', 'critical'].map((one) => (
                <option key={one}>{one}</option>
              ))}
            </select>
          )}
        </Field>
        <Field label="Details">
          {(props) => (
            <textarea {...props} className={TEXTAREA} value={form.description} onChange={set('description')} />
          )}
        </Field>
        {write.error ? <ErrorPanel error={write.error} title="The incident was not reported" /> : null}
        <div className="flex justify-end gap-2">
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" look="primary" busy={write.isPending}>
            Report
          </Button>
        </div>
      </form>
    </Dialog>
  )
}
