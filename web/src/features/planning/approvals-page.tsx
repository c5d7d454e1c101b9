import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { ClipboardCheck } from 'lucide-react'
import { useState } from 'react'
import { api } from '../../api/client.ts'
import { Crumbs } from '../../app/crumbs.tsx'
import { Button } from '../../components/button.tsx'
import { Chip, Tag } from '../../components/chip.tsx'
import { Empty } from '../../components/empty.tsx'
import { ErrorPanel } from '../../components/error-panel.tsx'
import { Select } from '../../components/select.tsx'
import { Skeleton } from '../../components/skeleton.tsx'
import { Tabs } from '../../components/tabs.tsx'
import { When } from '../../components/when.tsx'
import { WhyLink } from '../../components/why-link.tsx'
import { useHotkeys } from '../../lib/hotkeys.ts'
import { useUrlState } from '../../lib/use-url-state.ts'
import { useApprovalHistory, useApprovals } from './api/approvals.ts'
import { briefPath } from './api/briefs.ts'
import { ApprovalModal } from './components/approval-modal.tsx'
import { approvalStake, approvalTitle } from './lib/approval-evidence.tsx'
import type { Approval, EventBrief } from './types.ts'

/** What waits for a person's yes, oldest first, and what was said before. */
export default function ApprovalsPage() {
  const [url, setUrl] = useUrlState()
  const { pending, decide } = useApprovals()
  const [initial, setInitial] = useState<'approved' | 'rejected' | undefined>()
  const rows = (pending.data ?? []).filter((one) => !url.event || one.event_brief_id === url.event)
  const open = rows.find((one) => one.approval_id === url.approval)
  const show = (id: string, verdict?: 'approved' | 'rejected') => {
    setInitial(verdict)
    decide.reset()
    setUrl({ approval: id })
  }
  useHotkeys([
    { keys: 'enter', does: 'Open the oldest approval', run: () => rows[0] && show(rows[0].approval_id) },
    { keys: 'a', does: 'Approve the oldest (asks once)', run: () => rows[0] && show(rows[0].approval_id, 'approved') },
  ])
  const list = pending.error ? (
    <ErrorPanel error={pending.error} title="The approvals could not be read" onRetry={() => void pending.refetch()} />
  ) : !pending.data ? (
    <Skeleton rows={5} height={40} />
  ) : rows.length === 0 ? (
    <Empty
      icon={ClipboardCheck}
      title="Nothing to approve"
      action={url.event ? <Button onClick={() => setUrl({ event: '' })}>Show all events</Button> : null}
    >
      When the team needs your yes for a budget, a venue or a contract, it appears here.
    </Empty>
  ) : (
    <ul className="panel overflow-hidden" aria-label="Pending approvals">
      {rows.map((approval) => (
        <ApprovalRow key={approval.approval_id} approval={approval} onShow={show} />
      ))}
    </ul>
  )
  return (
    <div className="h-full overflow-y-auto">
      <Crumbs trail={[{ label: 'Planning', to: '/planning' }, { label: 'Approvals' }]} />
      <div className="mx-auto max-w-[960px] p-4 md:p-6">
        <Tabs
          label="Approvals"
          value={url.tab ?? 'pending'}
          onChange={(tab) => setUrl({ tab, approval: '' })}
          items={[
            { id: 'pending', label: 'Waiting', ...(pending.data ? { count: rows.length } : {}), content: list },
            { id: 'history', label: 'Past answers', content: <History /> },
          ]}
        />
      </div>
      {open ? (
        <ApprovalModal
          key={open.approval_id + (initial ?? '')}
          approval={open}
          decide={decide}
          initial={initial}
          onClose={() => setUrl({ approval: '' })}
        />
      ) : null}
    </div>
  )
}

function EventName({ id }: { id: string }) {
  const { data } = useQuery({
    queryKey: ['planning', id, 'brief'],
    queryFn: () => api<EventBrief>(briefPath(id)),
    staleTime: 60_000,
  })
  return (
    <Link to={`/planning/${id}` as never} className="truncate text-ink-2 hover:underline">
      {data?.title ?? id}
    </Link>
  )
}

function ApprovalRow({ approval, onShow }: { approval: Approval; onShow: (id: string, verdict?: 'approved') => void }) {
  return (
    <li
      data-testid={`approval-${approval.approval_id}`}
      className="flex flex-wrap items-center gap-x-3 gap-y-2 border-b border-line px-4 py-3 text-sm last:border-b-0"
    >
      <div className="min-w-0 flex-1 basis-64">
        <p className="flex flex-wrap items-center gap-2 font-medium">
          {approvalTitle(approval)}
          {approval.escalation_level > 0 ? (
            <Chip status="escalated" word={`Escalated ${approval.escalation_level}`} />
          ) : null}
        </p>
        <p className="flex min-w-0 flex-wrap gap-x-2 text-xs">
          <EventName id={approval.event_brief_id} />
          <span className="flex min-w-0 text-ink-2">{approvalStake(approval.details)}</span>
        </p>
      </div>
      <p className="text-xs text-ink-3">
        asked <When at={approval.requested_at} /> · due <When at={approval.due_at} /> ·{' '}
        <WhyLink kind="approval" id={approval.approval_id} small about={approvalTitle(approval)} />
      </p>
      <div className="flex gap-2">
        <Button size="sm" onClick={() => onShow(approval.approval_id)}>
          Look closer
        </Button>
        <Button size="sm" look="approve" onClick={() => onShow(approval.approval_id, 'approved')}>
          Approve
        </Button>
      </div>
    </li>
  )
}

function History() {
  const [url, setUrl] = useUrlState()
  const { data, error, refetch } = useApprovalHistory({
    ...(url.status ? { status: url.status } : {}),
    ...(url.kind ? { approval_type: url.kind } : {}),
  })
  if (error) return <ErrorPanel error={error} title="The history could not be read" onRetry={() => void refetch()} />
  const past = (data?.data ?? []).filter((one) => one.status !== 'pending')
  return (
    <div className="flex flex-col gap-3">
      <div className="flex gap-2">
        <Select
          label="Answer"
          value={url.status ?? ''}
          onChange={(status) => setUrl({ status })}
          options={[
            { value: '', label: 'Every answer' },
            ...['approved', 'rejected', 'superseded'].map((value) => ({ value, label: value })),
          ]}
        />
        <Select
          label="Kind"
          value={url.kind ?? ''}
          onChange={(kind) => setUrl({ kind })}
          options={[
            { value: '', label: 'Every kind' },
            ...['budget_decision', 'venue_selection', 'vendor_contract', 'change_request'].map((value) => ({
              value,
              label: value.replace('_', ' '),
            })),
          ]}
        />
      </div>
      {!data ? (
        <Skeleton rows={4} height={32} />
      ) : past.length === 0 ? (
        <Empty icon={ClipboardCheck} title="No answer has been given yet" />
      ) : (
        <ul className="panel overflow-hidden" aria-label="Past answers">
          {past.map((one) => (
            <li
              key={one.approval_id}
              className="flex flex-wrap items-center gap-x-3 gap-y-1 border-b border-line px-4 py-2.5 text-sm last:border-b-0"
            >
              <span className="min-w-0 flex-1 basis-56">
                <span className="font-medium">
                  {approvalTitle(one)
                    .replace('Approve ', '')
                    .replace(/^./, (c) => c.toUpperCase())}
                </span>
                <span className="flex gap-2 text-xs">
                  <EventName id={one.event_brief_id} />
                </span>
                {one.comments ? <span className="block text-xs text-ink-3">“{one.comments}”</span> : null}
              </span>
              <Tag>v{one.artifact_version}</Tag>
              <Chip status={one.status ?? 'pending'} />
              <span className="text-xs text-ink-3">
                {one.decided_by ?? '–'}, <When at={one.decided_at} />{' '}
                <WhyLink kind="approval" id={one.approval_id} small about={approvalTitle(one)} />
              </span>
            </li>
          ))}
        </ul>
      )}
    </div>
  )
}
