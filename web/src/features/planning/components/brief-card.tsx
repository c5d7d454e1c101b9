import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { CalendarDays, Hourglass, Trash2, Users } from 'lucide-react'
import { api } from '../../../api/client.ts'
import { Button } from '../../../components/button.tsx'
import { Chip, Tag } from '../../../components/chip.tsx'
import { Confirm } from '../../../components/dialog.tsx'
import { Money } from '../../../components/money.tsx'
import { plural } from '../../../lib/format.ts'
import { useArtifact } from '../api/artifacts.ts'
import { briefPath } from '../api/briefs.ts'
import { dateRange } from '../lib/dates.ts'
import { type EventBrief, type Gates, STATES } from '../types.ts'
import { LifecycleStepper } from './lifecycle-stepper.tsx'

/** One event at a glance: what, when, who, how far, what the next gate lacks, money, what waits. */
export function EventBriefCard({
  brief,
  waiting,
  onDelete,
}: {
  brief: EventBrief
  waiting: number
  onDelete: () => void
}) {
  const closed = brief.lifecycle_state === 'Postmortem'
  return (
    <li
      data-testid={`event-card-${brief.id}`}
      className="panel group relative flex flex-col gap-3 p-4 hover:border-line-strong focus-within:border-accent"
    >
      <div className="flex items-start gap-2">
        <h2 className="min-w-0 flex-1 text-base font-semibold text-balance break-words">
          <Link
            to={`/planning/${brief.id}` as never}
            className="after:absolute after:inset-0 after:rounded-md focus-visible:after:outline-2"
          >
            {brief.title}
          </Link>
        </h2>
        <Tag>{brief.event_type}</Tag>
      </div>
      <p className="flex flex-wrap gap-x-4 gap-y-1 text-xs text-ink-2">
        <span className="inline-flex items-center gap-1.5">
          <CalendarDays size={13} aria-hidden="true" />
          {dateRange(brief.date_range_start, brief.date_range_end)}
        </span>
        <span className="inline-flex items-center gap-1.5">
          <Users size={13} aria-hidden="true" />
          {plural(brief.audience_size, 'person', 'people')}
        </span>
      </p>
      <div className="flex items-center justify-between gap-2">
        <LifecycleStepper small state={brief.lifecycle_state} closed={Boolean(brief.closed_at)} />
        <span className="text-xs font-medium text-ink-2">{brief.lifecycle_state}</span>
      </div>
      <MoneyBar brief={brief} />
      <div className="mt-auto flex min-h-7 items-center gap-2 border-t border-line pt-3">
        <div className="flex min-w-0 flex-1 flex-wrap items-center gap-2">
          {waiting > 0 ? (
            <span className="inline-flex items-center gap-1 text-xs font-medium text-waiting-ink">
              <Hourglass size={13} aria-hidden="true" />
              {plural(waiting, 'approval')} waiting
            </span>
          ) : null}
          {closed ? (
            <Chip status={brief.closed_at ? 'done' : 'open'} word={brief.closed_at ? 'Closed' : 'Postmortem open'} />
          ) : (
            <GateStatus id={brief.id} />
          )}
        </div>
        <span className="relative z-10">
          <Confirm
            title={`Delete ${brief.title}?`}
            action="Delete event"
            danger
            onConfirm={onDelete}
            trigger={(ask) => (
              <Button size="sm" look="quiet" icon={Trash2} aria-label={`Delete ${brief.title}`} onClick={ask} />
            )}
          >
            The event, its plan and its approvals are removed. Its change and decision log is kept for the auditor.
          </Confirm>
        </span>
      </div>
    </li>
  )
}

function GateStatus({ id }: { id: string }) {
  const { data } = useQuery({
    queryKey: ['planning', id, 'gates'],
    queryFn: () => api<Gates>(`${briefPath(id)}/gates`),
    staleTime: 30_000,
  })
  if (!data?.next_state) return <span className="text-xs text-ink-3">…</span>
  const missing = data.gate_results.filter((result) => !result.passed).length || data.failed_gates.length
  return data.passed ? (
    <Chip status="ready" tone="done" word={`Ready for ${data.next_state}`} />
  ) : (
    <Chip status="blocked" word={`${data.next_state}: ${missing} missing`} title={data.failed_gates.join('\n')} />
  )
}

function MoneyBar({ brief }: { brief: EventBrief }) {
  const late = STATES.indexOf(brief.lifecycle_state) >= STATES.indexOf('Budget')
  const { data: baseline } = useArtifact(brief.id, 'budget-baseline', late)
  const { data: costs } = useArtifact(brief.id, 'cost-model', late && Boolean(baseline))
  if (!baseline)
    return <p className="h-9 text-xs leading-9 text-ink-3">{late ? 'No budget yet' : 'Budget comes after the venue'}</p>
  const share = costs ? costs.total_cost / baseline.total_budget : 0
  const over = costs !== null && costs !== undefined && !costs.within_variance
  return (
    <div className="h-9">
      <div className="mb-1 flex justify-between gap-2 text-xs">
        <span className={over ? 'font-medium text-failed-ink' : 'text-ink-2'}>
          {costs ? <Money amount={costs.total_cost} currency={baseline.currency} /> : 'No costs yet'}
          {over ? ' · outside the limit' : ''}
        </span>
        <span className="text-ink-3">
          of <Money amount={baseline.total_budget} currency={baseline.currency} />
        </span>
      </div>
      <div
        className="h-1.5 overflow-hidden rounded-full bg-sunken ring-1 ring-line ring-inset"
        role="img"
        aria-label={`${Math.round(share * 100)} % of the budget`}
      >
        <div
          className="h-full rounded-full"
          style={{ width: `${Math.min(100, share * 100)}%`, background: over ? 'var(--failed)' : 'var(--series-2)' }}
        />
      </div>
    </div>
  )
}
