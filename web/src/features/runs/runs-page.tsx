import { useNavigate } from '@tanstack/react-router'
import { Workflow } from 'lucide-react'
import { useMemo, useState } from 'react'
import { Crumbs } from '../../app/crumbs.tsx'
import { Chip } from '../../components/chip.tsx'
import { DOMAIN_OPTIONS, DomainMark } from '../../components/domain.tsx'
import { Empty } from '../../components/empty.tsx'
import { ErrorPanel } from '../../components/error-panel.tsx'
import { Id } from '../../components/id.tsx'
import { ProgressBar } from '../../components/progress-bar.tsx'
import { Select } from '../../components/select.tsx'
import { Table } from '../../components/table.tsx'
import type { Column } from '../../components/table-rows.ts'
import { TableToolbar } from '../../components/table-toolbar.tsx'
import { useTableView } from '../../components/use-table-view.ts'
import { When } from '../../components/when.tsx'
import { toMs } from '../../lib/format.ts'
import { stateLook } from '../../lib/states.ts'
import { useUrlState } from '../../lib/use-url-state.ts'
import { type RunView, useRuns } from './api/runs.ts'
import { BulkActions } from './components/bulk-actions.tsx'
import { percentOf } from './lib/percent.ts'

const WAITS = [
  { value: '', label: 'Any wait' },
  { value: 'decision:', label: 'Waits for a person' },
  { value: 'plan:', label: 'Waits for agents' },
  { value: 'timer', label: 'Waits for a time' },
  { value: 'user', label: 'Paused by a person' },
]
const STATUSES = ['queued', 'running', 'waiting', 'paused', 'completed', 'failed', 'cancelled']

function useColumns(marked: Set<string>, mark: (id: string) => void): Column<RunView>[] {
  return useMemo(
    () => [
      {
        id: 'mark',
        header: 'Selected',
        width: 30,
        bare: true,
        cell: (r) => (
          <input
            type="checkbox"
            aria-label={`Select ${r.title}`}
            className="accent-[var(--accent)]"
            checked={marked.has(r.id)}
            onClick={(event) => event.stopPropagation()}
            onChange={() => mark(r.id)}
          />
        ),
      },
      {
        id: 'domain',
        header: 'Domain',
        width: 34,
        bare: true,
        cell: (r) => <DomainMark domain={r.domain} />,
        text: (r) => r.domain,
      },
      {
        id: 'title',
        header: 'Run',
        width: 220,
        grow: 3,
        cell: (r) => r.title,
        sort: (r) => r.title,
        text: (r) => `${r.title} ${r.id} ${r.kind}`,
        phone: 'title',
      },
      {
        id: 'status',
        header: 'State',
        width: 112,
        cell: (r) => <Chip status={r.status} />,
        sort: (r) => r.status,
        text: (r) => r.status,
        phone: 'side',
      },
      {
        id: 'progress',
        header: 'Progress',
        width: 110,
        cell: (r) => (
          <ProgressBar
            label={`${percentOf(r.progress)} % done`}
            total={100}
            parts={[{ tone: stateLook(r.status).tone, value: percentOf(r.progress) }]}
          />
        ),
        sort: (r) => r.progress,
      },
      {
        id: 'stage',
        header: 'Stage',
        width: 90,
        cell: (r) => <span className="text-ink-2">{r.stage.replace(/@\d+$/, '')}</span>,
        text: (r) => r.stage,
      },
      {
        id: 'holds',
        header: 'Waits for',
        width: 220,
        grow: 4,
        cell: (r) =>
          r.waiting_on || r.holds.length > 0 ? (
            <span className="text-ink-2">{r.waiting_on ?? r.holds.join(', ')}</span>
          ) : null,
        text: (r) => r.waiting_on ?? r.holds.join(' '),
        phone: 'sub',
      },
      {
        id: 'owner',
        header: 'Owner',
        width: 100,
        cell: (r) => <span className="text-ink-2">{r.owner}</span>,
        sort: (r) => r.owner,
        text: (r) => r.owner,
      },
      { id: 'id', header: 'Id', width: 150, optional: true, cell: (r) => <Id value={r.id} short /> },
      {
        id: 'created',
        header: 'Created',
        width: 96,
        align: 'end',
        optional: true,
        cell: (r) => <When at={r.created_at} />,
        sort: (r) => toMs(r.created_at),
      },
      {
        id: 'updated',
        header: 'Updated',
        width: 96,
        align: 'end',
        cell: (r) => <When at={r.updated_at} className="text-ink-2" />,
        sort: (r) => toMs(r.updated_at),
        phone: 'sub',
      },
    ],
    [marked, mark],
  )
}

/** Every durable piece of work, with actions for several at once. */
export default function RunsPage() {
  const navigate = useNavigate()
  const [url, setUrl] = useUrlState()
  const [view, setView] = useTableView()
  const [marked, setMarked] = useState<Set<string>>(new Set())
  const filter = useMemo(
    () => ({
      domain: url.domain ?? '',
      status: url.status ?? '',
      waiting_for: url.waits ?? '',
      owner: url.owner ?? '',
    }),
    [url.domain, url.status, url.waits, url.owner],
  )
  const { data, error, refetch } = useRuns(filter)
  const [mark] = useState(
    () => (id: string) =>
      setMarked((now) => {
        const next = new Set(now)
        if (!next.delete(id)) next.add(id)
        return next
      }),
  )
  const columns = useColumns(marked, mark)
  const rows = data ?? []
  return (
    <div className="flex h-full flex-col bg-surface">
      <Crumbs trail={[{ label: 'Runs' }]} />
      <TableToolbar columns={columns} view={view} onView={setView} count={rows.length} noun="run">
        <Select
          label="Domain"
          value={url.domain ?? ''}
          onChange={(domain) => setUrl({ domain }, true)}
          options={DOMAIN_OPTIONS}
        />
        <Select
          label="State"
          value={url.status ?? ''}
          onChange={(status) => setUrl({ status }, true)}
          options={[
            { value: '', label: 'Any state' },
            ...STATUSES.map((value) => ({ value, label: stateLook(value).word })),
          ]}
        />
        <Select
          label="Waits for"
          value={url.waits ?? ''}
          onChange={(waits) => setUrl({ waits }, true)}
          options={WAITS}
        />
        {marked.size > 0 ? (
          <BulkActions
            runs={rows.filter((run) => marked.has(run.id))}
            onDone={() => setMarked(new Set())}
            onCompare={() => {
              const [left, right] = [...marked].reverse()
              void navigate({ to: '/runs/compare', search: { left, right } } as never)
            }}
          />
        ) : null}
      </TableToolbar>
      {error ? (
        <div className="p-3">
          <ErrorPanel error={error} title="The runs could not be read" onRetry={() => void refetch()} />
        </div>
      ) : null}
      <div className="min-h-0 flex-1">
        <Table
          label="Runs"
          rows={rows}
          columns={columns}
          rowKey={(run) => run.id}
          view={view}
          version={(run) => `${run.status}${run.progress}${run.stage_no}`}
          onView={setView}
          onOpen={(run) => void navigate({ to: `/runs/${run.id}` } as never)}
          empty={
            data ? (
              <Empty icon={Workflow} title="Nothing is running">
                Every durable piece of work shows up here: start one with “New”.
              </Empty>
            ) : null
          }
        />
      </div>
    </div>
  )
}
