import { type ReactNode, useState } from 'react'
import { Drawer } from '../../../components/drawer.tsx'
import { Id } from '../../../components/id.tsx'
import { JsonView } from '../../../components/json-view.tsx'
import { Table } from '../../../components/table.tsx'
import type { Column, TableView } from '../../../components/table-rows.ts'
import { formatExact, toMs } from '../../../lib/format.ts'
import type { AgentLog } from '../types.ts'

const LEVEL = {
  DEBUG: 'bg-sunken text-ink-2',
  INFO: 'bg-running-soft text-running-ink',
  WARN: 'bg-waiting-soft text-waiting-ink',
  ERROR: 'bg-failed-soft text-failed-ink',
}

/** A log level as a coloured word. */
export function Level({ level }: { level: AgentLog['log_level'] }) {
  return (
    <span className={`inline-block w-14 rounded px-1.5 text-center text-2xs leading-5 font-semibold ${LEVEL[level]}`}>
      {level}
    </span>
  )
}

const metadata = (log: AgentLog) => (log.metadata ? JSON.stringify(log.metadata) : '')

const columns: Column<AgentLog>[] = [
  {
    id: 'time',
    header: 'Time',
    width: 176,
    cell: (l) => (
      <span className="tabular font-mono text-xs text-ink-2" title={formatExact(toMs(l.created_at) ?? 0)}>
        {l.created_at.replace('T', ' ').slice(0, 23)}
      </span>
    ),
    phone: 'sub',
  },
  {
    id: 'agent',
    header: 'Agent',
    width: 104,
    cell: (l) => <span className="font-mono text-xs">{l.agent_id}</span>,
    phone: 'sub',
  },
  { id: 'level', header: 'Level', width: 76, cell: (l) => <Level level={l.log_level} />, phone: 'side' },
  {
    id: 'task',
    header: 'Task',
    width: 110,
    cell: (l) => (
      <span className="font-mono text-xs text-ink-2" title={l.task_id ?? undefined}>
        {l.task_id ? `…${l.task_id.slice(-10)}` : '–'}
      </span>
    ),
  },
  { id: 'message', header: 'Message', width: 260, grow: 3, cell: (l) => l.message, phone: 'title' },
  {
    id: 'metadata',
    header: 'Metadata',
    width: 140,
    grow: 1,
    cell: (l) => <span className="font-mono text-2xs text-ink-3">{metadata(l)}</span>,
  },
]

/** Log lines as a table; a line opens with all it carries. */
export function LogsTable({
  logs,
  onTask,
  empty,
}: {
  logs: AgentLog[]
  onTask: (taskId: string) => void
  empty: ReactNode
}) {
  const [view, setView] = useState<TableView>({})
  const [open, setOpen] = useState<AgentLog | undefined>()
  return (
    <div className="flex h-full">
      <div className="min-w-0 flex-1">
        <Table
          label="Log"
          rows={logs}
          columns={columns}
          rowKey={(log) => String(log.id)}
          view={view}
          onView={setView}
          selected={open ? String(open.id) : undefined}
          onOpen={setOpen}
          empty={empty}
        />
      </div>
      {open ? (
        <Drawer label="Log line" title="Log line" onClose={() => setOpen(undefined)} width={380}>
          <div className="flex flex-col gap-3 text-sm">
            <div className="flex items-center gap-2">
              <Level level={open.log_level} />
              <span className="font-mono text-xs">{open.agent_id}</span>
            </div>
            <p className="text-xs text-ink-2">{formatExact(toMs(open.created_at) ?? 0)}</p>
            <p className="break-words whitespace-pre-wrap">{open.message}</p>
            {open.task_id ? (
              <p className="flex flex-wrap items-center gap-2">
                <Id value={open.task_id} />
                <button
                  type="button"
                  className="rounded text-xs font-medium text-accent-ink underline underline-offset-2"
                  onClick={() => onTask(open.task_id ?? '')}
                >
                  Only this task
                </button>
              </p>
            ) : null}
            {open.metadata ? <JsonView value={open.metadata} label="Metadata" /> : null}
          </div>
        </Drawer>
      ) : null}
    </div>
  )
}
