import { useNavigate } from '@tanstack/react-router'
import { Grid3x3, Plus } from 'lucide-react'
import { Crumbs } from '../../app/crumbs.tsx'
import { Button } from '../../components/button.tsx'
import { Chip } from '../../components/chip.tsx'
import { Empty } from '../../components/empty.tsx'
import { ErrorPanel } from '../../components/error-panel.tsx'
import { Table } from '../../components/table.tsx'
import type { Column } from '../../components/table-rows.ts'
import { TableToolbar } from '../../components/table-toolbar.tsx'
import { useTableView } from '../../components/use-table-view.ts'
import { When } from '../../components/when.tsx'
import { formatNumber, toMs } from '../../lib/format.ts'
import { useUrlState } from '../../lib/use-url-state.ts'
import { useSweeps } from './api/analysis.ts'
import { NewSweepDialog } from './components/new-sweep-dialog.tsx'
import type { SweepSummary } from './types.ts'

const COLUMNS: Column<SweepSummary>[] = [
  {
    id: 'name',
    header: 'World',
    width: 150,
    grow: 2,
    cell: (r) => <span className="font-medium">{r.name}</span>,
    sort: (r) => r.name,
    text: (r) => `${r.name} ${r.sweep_id}`,
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
    id: 'settings',
    header: 'Settings varied',
    width: 220,
    grow: 2,
    cell: (r) => (
      <span className="truncate font-mono text-xs text-ink-2">
        {r.parameters.map(({ path }) => path).join(', ') || 'seeds only'}
      </span>
    ),
    phone: 'sub',
  },
  {
    id: 'runs',
    header: 'Runs',
    width: 90,
    align: 'end',
    cell: (r) => `${formatNumber(r.done)} / ${formatNumber(r.runs)}`,
    sort: (r) => r.runs,
    phone: 'sub',
  },
  {
    id: 'failed',
    header: 'Failed',
    width: 72,
    align: 'end',
    cell: (r) => (r.failed > 0 ? <Chip status="failed" word={formatNumber(r.failed)} /> : '–'),
    sort: (r) => r.failed,
  },
  {
    id: 'start',
    header: 'Started',
    width: 96,
    align: 'end',
    cell: (r) => <When at={r.created_at} className="text-ink-2" />,
    sort: (r) => toMs(r.created_at),
    phone: 'sub',
  },
]

/** All sweeps: how far they are, and a way to start one. */
export default function SweepsPage() {
  const navigate = useNavigate()
  const [url, setUrl] = useUrlState()
  const [view, setView] = useTableView()
  const list = useSweeps()
  const rows = list.data ?? []
  const start = (
    <Button look="primary" size="sm" icon={Plus} onClick={() => setUrl({ new: '1' })}>
      New sweep
    </Button>
  )
  return (
    <div className="flex h-full flex-col bg-surface">
      <Crumbs trail={[{ label: 'Simulation', to: '/simulation' }, { label: 'Sweeps' }]} />
      <TableToolbar columns={COLUMNS} view={view} onView={setView} count={rows.length} noun="sweep">
        {start}
      </TableToolbar>
      {list.error ? (
        <div className="p-3">
          <ErrorPanel error={list.error} title="The sweeps could not be listed" onRetry={() => void list.refetch()} />
        </div>
      ) : null}
      <div className="min-h-0 flex-1">
        <Table
          label="Sweeps"
          rows={rows}
          columns={COLUMNS}
          rowKey={(row) => row.sweep_id}
          version={(row) => `${row.status}${row.done}`}
          view={view}
          onView={setView}
          onOpen={(row) => void navigate({ to: `/simulation/sweeps/${row.sweep_id}` } as never)}
          empty={
            list.data ? (
              <Empty icon={Grid3x3} title="No sweep has run yet" action={start}>
                A sweep runs one world with every combination of settings and seeds, and shows what comes of each.
              </Empty>
            ) : null
          }
        />
      </div>
      {url.new ? (
        <NewSweepDialog
          onClose={() => setUrl({ new: undefined })}
          onStarted={(id) => void navigate({ to: `/simulation/sweeps/${id}` } as never)}
        />
      ) : null}
    </div>
  )
}
