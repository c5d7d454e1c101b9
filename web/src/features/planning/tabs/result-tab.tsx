import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { fetchText } from '../../../api/client.ts'
import { Button } from '../../../components/button.tsx'
import { Chip } from '../../../components/chip.tsx'
import { ErrorPanel } from '../../../components/error-panel.tsx'
import { Field, INPUT, TEXTAREA } from '../../../components/field.tsx'
import { Markdown } from '../../../components/markdown.tsx'
import { toast } from '../../../components/toast.tsx'
import { formatNumber } from '../../../lib/format.ts'
import { useArtifact, useMetrics } from '../api/artifacts.ts'
import { briefPath, useEventWrite } from '../api/briefs.ts'
import { useFinalPlan, useHealth, useSessions } from '../api/sessions.ts'
import { Loaded, NotYet, Part } from '../components/loaded.tsx'
import { MadeBy } from '../components/made-by.tsx'
import { TakeWithYou } from '../components/take-with-you.tsx'
import type { EventBrief } from '../types.ts'

/** The finished plan to read and to take away, how well the event did, and its closing. */
export default function ResultTab({ brief, sessionId }: { brief: EventBrief; sessionId: string | undefined }) {
  const sessions = useSessions(brief.id)
  const health = useHealth()
  const done =
    sessions.data?.data.find((one) => one.session_id === sessionId && one.status === 'completed') ??
    sessions.data?.data.find((one) => one.status === 'completed')
  const plan = useFinalPlan(done?.session_id ?? '')
  const metrics = useMetrics(brief.id, true)
  return (
    <div className="flex flex-col gap-4">
      <TakeWithYou brief={brief} />
      {brief.lifecycle_state === 'Postmortem' ? <ClosedPart brief={brief} /> : null}
      <Part
        title="Final plan"
        actions={done ? <MadeBy session={done} modelless={health.data?.model_configured === false} /> : null}
      >
        {done ? (
          <Loaded query={plan} what="The plan" empty={<NotYet>The plan is ready when the run completes.</NotYet>}>
            {(data) => <Markdown text={data.plan} />}
          </Loaded>
        ) : (
          <WrittenPlan id={brief.id} />
        )}
      </Part>
      <Part title="How well it goes">
        <Loaded query={metrics} what="The figures" empty={<NotYet>No figures yet.</NotYet>}>
          {(data) => <MetricGroups data={data} />}
        </Loaded>
      </Part>
      {brief.lifecycle_state === 'Postmortem' && !brief.closed_at ? <PostmortemForm brief={brief} /> : null}
    </div>
  )
}

type Group = {
  thresholds?: Record<string, { op: string; value: number; unit?: string }>
  passed?: Record<string, boolean | null>
  [key: string]: unknown
}
const OP: Record<string, string> = { lte: '≤', gte: '≥', eq: '=' }

function MetricGroups({ data }: { data: Record<string, unknown> }) {
  const groups = Object.entries(data).filter(
    (entry): entry is [string, Group] => typeof entry[1] === 'object' && entry[1] !== null && 'thresholds' in entry[1],
  )
  return (
    <div className="grid gap-3 sm:grid-cols-2 xl:grid-cols-4">
      {groups.map(([name, group]) => (
        <section key={name} aria-label={name} className="rounded-md border border-line p-3">
          <h3 className="mb-2 text-xs font-semibold text-ink-2 capitalize">{name}</h3>
          <dl className="flex flex-col gap-1.5 text-sm">
            {Object.entries(group.thresholds ?? {}).map(([metric, limit]) => {
              const value = group[metric]
              const passed = group.passed?.[metric]
              return (
                <div key={metric}>
                  <dt className="text-xs text-ink-3">{metric.replace(/_/g, ' ')}</dt>
                  <dd className="flex items-center gap-2">
                    <span className="tabular font-mono">{typeof value === 'number' ? formatNumber(value) : '–'}</span>
                    <Chip
                      status={passed === null || passed === undefined ? 'none' : passed ? 'ok' : 'failed'}
                      word={
                        passed === null || passed === undefined
                          ? 'no data'
                          : `${OP[limit.op] ?? ''} ${formatNumber(limit.value)}`
                      }
                    />
                  </dd>
                </div>
              )
            })}
          </dl>
        </section>
      ))}
    </div>
  )
}

function PostmortemForm({ brief }: { brief: EventBrief }) {
  const write = useEventWrite(brief.id)
  const [form, setForm] = useState({
    summary: '',
    topic: '',
    finding: '',
    recommendation: '',
    title: '',
    owner: '',
    due_date: '',
  })
  const field = (name: keyof typeof form, label: string, type = 'text') => (
    <Field label={label} required>
      {(props) =>
        type === 'area' ? (
          <textarea
            {...props}
            required
            className={TEXTAREA}
            value={form[name]}
            onChange={(event) => setForm({ ...form, [name]: event.target.value })}
          />
        ) : (
          <input
            {...props}
            required
            type={type}
            className={INPUT}
            value={form[name]}
            onChange={(event) => setForm({ ...form, [name]: event.target.value })}
          />
        )
      }
    </Field>
  )
  return (
    <Part title="Close the event">
      <form
        className="grid gap-3 sm:grid-cols-3"
        onSubmit={(event) => {
          event.preventDefault()
          const { summary, topic, finding, recommendation, title, owner, due_date } = form
          write.mutate(
            {
              path: '/postmortem',
              body: {
                summary,
                lessons: [{ topic, finding, recommendation }],
                action_items: [{ title, owner, due_date }],
              },
            },
            { onSuccess: () => toast({ tone: 'done', title: 'The event is closed' }) },
          )
        }}
      >
        <div className="sm:col-span-3">{field('summary', 'How it went', 'area')}</div>
        {field('topic', 'Lesson')}
        {field('finding', 'What was found')}
        {field('recommendation', 'What to do next time')}
        {field('title', 'Action')}
        {field('owner', 'Owner')}
        {field('due_date', 'Due', 'date')}
        {write.error ? (
          <div className="sm:col-span-3">
            <ErrorPanel error={write.error} title="The event was not closed" />
          </div>
        ) : null}
        <div className="flex justify-end sm:col-span-3">
          <Button type="submit" look="primary" busy={write.isPending}>
            Close the event
          </Button>
        </div>
      </form>
    </Part>
  )
}

/** The plan made of what people wrote, while no run of the team has completed. */
function WrittenPlan({ id }: { id: string }) {
  const plan = useQuery({
    queryKey: ['planning', id, 'plan.md'],
    queryFn: ({ signal }) => fetchText(`${briefPath(id)}/exports/plan.md`, signal),
  })
  return (
    <Loaded query={plan} what="The plan" empty={<NotYet>Nothing is planned yet.</NotYet>}>
      {(text) => <Markdown text={text} />}
    </Loaded>
  )
}

/** What was learnt, once the event is closed. */
function ClosedPart({ brief }: { brief: EventBrief }) {
  const report = useArtifact(brief.id, 'postmortem')
  if (!report.data?.closed_at) return null
  const { summary, lessons, action_items, incident_summary } = report.data
  return (
    <Part title="What was learnt" note={`${incident_summary.resolved} of ${incident_summary.total} incidents resolved`}>
      <p className="max-w-[72ch] text-sm">{summary}</p>
      <ul className="flex flex-col gap-2 text-sm">
        {lessons.map((one) => (
          <li key={`${one.topic}${one.finding}`}>
            <span className="font-medium">{one.topic}:</span> {one.finding}
            <span className="block text-xs text-ink-2">{one.recommendation}</span>
          </li>
        ))}
      </ul>
      <ul className="flex flex-col text-sm" aria-label="Actions">
        {action_items.map((one) => (
          <li key={`${one.title}${one.owner}`} className="flex flex-wrap gap-x-2 border-t border-line py-1.5">
            <span className="min-w-0 flex-1">{one.title}</span>
            <span className="text-xs text-ink-2">
              {one.owner}, due {one.due_date}
            </span>
          </li>
        ))}
      </ul>
    </Part>
  )
}
