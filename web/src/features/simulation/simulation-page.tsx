import { useNavigate } from '@tanstack/react-router'
import { GitCompareArrows, Globe, Grid3x3, Plus } from 'lucide-react'
import { useMemo, useState } from 'react'
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
import { formatNumber, plural, toMs } from '../../lib/format.ts'
import { useUrlState } from '../../lib/use-url-state.ts'
import { useServedList } from './api/served.ts'
import { useSimulations } from './api/simulations.ts'
import { NewRunDialog } from './components/new-run-dialog.tsx'
import { SparkCell } from './components/spark-cell.tsx'
import { listRows, type SimRow } from './lib/list-rows.ts'

function useColumns(marked: Set<string>, mark: (id: string) => void): Column<SimRow>[] {
  return useMemo(
    () => [
      {
        id: 'mark',
        header: 'Compare',
        bare: true,
        width: 30,
        cell: (r) => (
          <input
            type="checkbox"
            aria-label={`Compare ${r.id}`}
            className="accent-[var(--accent)]"
            checked={marked.has(r.id)}
            onClick={(event) => event.stopPropagation()}
            onChange={() => mark(r.id)}
          />
        ),
      },
      {
        id: 'name',
        header: 'World',
        width: 150,
        grow: 2,
        cell: (r) => <span className="font-medium">{r.name}</span>,
        sort: (r) => r.name,
        text: (r) => `${r.name} ${r.id}`,
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
        id: 'spark',
        header: 'Variable',
        width: 200,
        cell: (r) => (r.events > 0 ? <SparkCell id={r.id} version={r.status === 'running' ? r.events : 0} /> : null),
      },
      {
        id: 'turns',
        header: 'Turns',
        width: 72,
        align: 'end',
        cell: (r) => (r.turn === null ? '–' : formatNumber(r.turn)),
        sort: (r) => r.turn ?? undefined,
        phone: 'sub',
      },
      {
        id: 'events',
        header: 'Events',
        width: 84,
        align: 'end',
        cell: (r) => formatNumber(r.events),
        sort: (r) => r.events,
        phone: 'sub',
      },
      {
        id: 'problems',
        header: 'Problems',
        width: 90,
        align: 'end',
        cell: (r) =>
          r.problems > 0 ? (
            <Chip status="failed" word={plural(r.problems, 'line')} />
          ) : (
            <span className="text-ink-3">–</span>
          ),
        sort: (r) => r.problems,
      },
      {
        id: 'id',
        header: 'Run id',
        width: 240,
        optional: true,
        cell: (r) => <span className="font-mono text-xs">{r.id}</span>,
        sort: (r) => r.id,
      },
      {
        id: 'start',
        header: 'Started',
        width: 96,
        align: 'end',
        cell: (r) => <When at={r.start} className="text-ink-2" />,
        sort: (r) => toMs(r.start),
        phone: 'sub',
      },
    ],
    [marked, mark],
  )
}

/** All worlds: state, turns, events, and a line of what moved. */
export default function SimulationPage() {
  const navigate = useNavigate()
  const [url, setUrl] = useUrlState()
  const [view, setView] = useTableView()
  const [marked, setMarked] = useState<Set<string>>(new Set())
  const [mark] = useState(
    () => (id: string) =>
      setMarked((now) => {
        const next = new Set(now)
        if (!next.delete(id)) next.add(id)
        return next
      }),
  )
  const list = useSimulations()
  const served = useServedList()
  const columns = useColumns(marked, mark)
  const rows = useMemo(() => listRows(list.data ?? [], served.data ?? []), [list.data, served.data])
  const canStart = served.data !== undefined
  const [a, b] = [...marked]
  const compare = () => void navigate({ to: '/simulation/compare', search: { a, b } } as never)
  const start = canStart ? (
    <Button look="primary" size="sm" icon={Plus} onClick={() => setUrl({ new: '1' })}>
      New world
    </Button>
  ) : null
  return (
    <div className="flex h-full flex-col bg-surface">
      <Crumbs trail={[{ label: 'Simulation' }]} />
      <TableToolbar columns={columns} view={view} onView={setView} count={rows.length} noun="run">
        <Button
          size="sm"
          icon={GitCompareArrows}
          disabled={marked.size !== 2}
          title={marked.size === 2 ? undefined : 'Tick two runs'}
          onClick={compare}
        >
          Compare
        </Button>
        {canStart ? (
          <Button size="sm" icon={Grid3x3} onClick={() => void navigate({ to: '/simulation/sweeps' } as never)}>
            Sweeps
          </Button>
        ) : null}
        {start}
      </TableToolbar>
      {list.error ? (
        <div className="p-3">
          <ErrorPanel error={list.error} title="The runs could not be listed" onRetry={() => void list.refetch()} />
        </div>
      ) : null}
      <div className="min-h-0 flex-1">
        <Table
          label="Simulations"
          rows={rows}
          columns={columns}
          rowKey={(row) => row.id}
          version={(row) => `${row.status}${row.turn}`}
          view={view}
          onView={setView}
          onOpen={(row) => void navigate({ to: `/simulation/${row.id}` } as never)}
          empty={
            list.data ? (
              <Empty icon={Globe} title="No simulation has run yet" action={start}>
                Start a sample world here, or run <code className="text-xs">troupe simulate examples/….yaml</code>.
              </Empty>
            ) : null
          }
        />
      </div>
      {url.new && canStart ? (
        <NewRunDialog
          onClose={() => setUrl({ new: undefined })}
          onStarted={(id) => void navigate({ to: `/simulation/${id}` } as never)}
        />
      ) : null}
    </div>
  )
}
