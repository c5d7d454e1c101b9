import { useState } from 'react'
import { Chip } from '../../components/chip.tsx'
import { Drawer } from '../../components/drawer.tsx'
import { Empty } from '../../components/empty.tsx'
import { Money } from '../../components/money.tsx'
import { Table } from '../../components/table.tsx'
import type { Column } from '../../components/table-rows.ts'
import { TableToolbar } from '../../components/table-toolbar.tsx'
import { useTableView } from '../../components/use-table-view.ts'
import { formatExact } from '../../lib/format.ts'
import { type SampleRow, sampleRows } from './samples.ts'

const columns: Column<SampleRow>[] = [
  {
    id: 'name',
    header: 'Step',
    width: 200,
    grow: 1,
    cell: (r) => r.name,
    sort: (r) => r.name,
    text: (r) => r.name,
    phone: 'title',
  },
  {
    id: 'status',
    header: 'State',
    width: 110,
    cell: (r) => <Chip status={r.status} />,
    sort: (r) => r.status,
    text: (r) => r.status,
    phone: 'side',
  },
  {
    id: 'agent',
    header: 'Agent',
    width: 100,
    cell: (r) => r.agent,
    sort: (r) => r.agent,
    text: (r) => r.agent,
    phone: 'sub',
  },
  {
    id: 'cost',
    header: 'Cost',
    width: 90,
    align: 'end',
    cell: (r) => <Money amount={r.cost} />,
    sort: (r) => r.cost,
    phone: 'sub',
  },
  { id: 'at', header: 'At', width: 240, optional: true, cell: (r) => formatExact(r.at), sort: (r) => r.at },
]

/** 100,000 rows. */
export function KitTable() {
  const [view, setView] = useTableView()
  const [open, setOpen] = useState<SampleRow | undefined>()
  return (
    <div className="panel flex h-[560px] overflow-hidden">
      <div className="flex min-w-0 flex-1 flex-col">
        <TableToolbar columns={columns} view={view} onView={setView} count={sampleRows.length} noun="row" />
        <div className="min-h-0 flex-1">
          <Table
            label="Sample table"
            rows={sampleRows}
            columns={columns}
            rowKey={(r) => r.id}
            view={view}
            onView={setView}
            selected={open?.id}
            onOpen={setOpen}
            empty={<Empty title="No row fits" />}
          />
        </div>
      </div>
      {open ? (
        <Drawer label="Row" title={open.name} onClose={() => setOpen(undefined)} width={320}>
          <Chip status={open.status} />
        </Drawer>
      ) : null}
    </div>
  )
}
