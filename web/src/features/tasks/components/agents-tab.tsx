import { Bot, RotateCw } from 'lucide-react'
import type { ReactNode } from 'react'
import { Button } from '../../../components/button.tsx'
import { Chip, Tag } from '../../../components/chip.tsx'
import { Empty } from '../../../components/empty.tsx'
import { ErrorPanel } from '../../../components/error-panel.tsx'
import { Table } from '../../../components/table.tsx'
import type { Column } from '../../../components/table-rows.ts'
import { TableToolbar } from '../../../components/table-toolbar.tsx'
import { useTableView } from '../../../components/use-table-view.ts'
import { When } from '../../../components/when.tsx'
import { formatBytes, formatNumber, toMs } from '../../../lib/format.ts'
import { useAgents } from '../api/agents.ts'
import type { AgentStatus } from '../types.ts'

/** A share of 100 as a small bar with its number. */
function Load({ value }: { value: number }) {
  return (
    <span className="inline-flex w-full items-center gap-2">
      <span
        className="h-1.5 flex-1 overflow-hidden rounded-full bg-sunken ring-1 ring-line ring-inset"
        aria-hidden="true"
      >
        <span
          className="block h-full rounded-full"
          style={{
            width: `${Math.min(100, value)}%`,
            background: value > 90 ? 'var(--failed)' : value > 70 ? 'var(--waiting)' : 'var(--series-1)',
          }}
        />
      </span>
      <span className="tabular w-11 text-right text-xs">{value.toFixed(1)} %</span>
    </span>
  )
}

const stateOf = (agent: AgentStatus) => (!agent.is_available ? 'busy' : agent.draining ? 'draining' : 'available')

const columns: Column<AgentStatus>[] = [
  {
    id: 'agent_id',
    header: 'Agent',
    width: 80,
    cell: (a) => <span className="font-mono text-xs">{a.agent_id}</span>,
    sort: (a) => a.agent_id,
    text: (a) => a.agent_id,
    phone: 'title',
  },
  {
    id: 'port',
    header: 'Port',
    width: 64,
    cell: (a) => <span className="font-mono text-xs">{a.port}</span>,
    sort: (a) => a.port,
    text: (a) => String(a.port),
  },
  {
    id: 'state',
    header: 'Availability',
    width: 104,
    cell: (a) => <Chip status={stateOf(a)} />,
    sort: stateOf,
    text: stateOf,
    phone: 'side',
  },
  {
    id: 'task',
    header: 'Current task',
    width: 110,
    grow: 1,
    cell: (a) =>
      a.current_task ? (
        <span className="font-mono text-xs">{a.current_task}</span>
      ) : (
        <span className="text-ink-3">–</span>
      ),
    text: (a) => a.current_task ?? '',
  },
  {
    id: 'capabilities',
    header: 'Capabilities',
    width: 236,
    grow: 2,
    cell: (a) => (
      <span className="flex gap-1 overflow-hidden">
        {a.capabilities.map((one) => (
          <Tag key={one}>{one}</Tag>
        ))}
      </span>
    ),
    text: (a) => a.capabilities.join(' '),
    phone: 'sub',
  },
  { id: 'cpu', header: 'CPU', width: 110, cell: (a) => <Load value={a.cpu_usage} />, sort: (a) => a.cpu_usage },
  {
    id: 'memory',
    header: 'Memory',
    width: 104,
    cell: (a) => <Load value={a.memory_usage} />,
    sort: (a) => a.memory_usage,
  },
  {
    id: 'process',
    header: 'Process memory',
    width: 110,
    align: 'end',
    optional: true,
    cell: (a) => (a.process_memory_bytes ? formatBytes(a.process_memory_bytes) : '–'),
    sort: (a) => a.process_memory_bytes,
  },
  {
    id: 'done',
    header: 'Completed',
    width: 84,
    align: 'end',
    cell: (a) => formatNumber(a.tasks_completed),
    sort: (a) => a.tasks_completed,
    phone: 'sub',
  },
  {
    id: 'heartbeat',
    header: 'Heartbeat',
    width: 90,
    align: 'end',
    cell: (a) => <When at={a.last_heartbeat} className="text-ink-2" />,
    sort: (a) => toMs(a.last_heartbeat),
  },
]

/** The five agents at a glance. */
export default function AgentsTab() {
  const { data, error, refetch, isFetching } = useAgents()
  const [view, setView] = useTableView()
  const agents = data?.agents ?? []
  const free = agents.filter((agent) => stateOf(agent) === 'available').length
  const average = agents.length === 0 ? 0 : agents.reduce((sum, agent) => sum + agent.cpu_usage, 0) / agents.length
  return (
    <div className="flex min-h-0 flex-1 flex-col gap-4 p-4 md:p-5">
      <div className="grid shrink-0 grid-cols-2 gap-3 lg:grid-cols-4">
        <Total label="Total agents">{agents.length}</Total>
        <Total label="Available">{free}</Total>
        <Total label="Tasks completed">
          {formatNumber(agents.reduce((sum, agent) => sum + agent.tasks_completed, 0))}
        </Total>
        <Total label="Average CPU">{average.toFixed(1)} %</Total>
      </div>
      {error ? <ErrorPanel error={error} title="The agents could not be read" onRetry={() => void refetch()} /> : null}
      <div className="panel flex min-h-64 flex-1 flex-col overflow-hidden">
        <TableToolbar columns={columns} view={view} onView={setView} count={agents.length} noun="agent">
          <Button size="sm" icon={RotateCw} busy={isFetching} onClick={() => void refetch()}>
            Refresh
          </Button>
          <span className="text-xs text-ink-3 max-md:hidden">every 5 s</span>
        </TableToolbar>
        <div className="min-h-0 flex-1">
          <Table
            label="Agents"
            rows={agents}
            columns={columns}
            rowKey={(agent) => agent.agent_id}
            version={(agent) => `${stateOf(agent)}${agent.tasks_completed}`}
            view={view}
            onView={setView}
            rowClass={(agent) => (agent.is_available ? undefined : 'bg-running-soft')}
            empty={
              data ? (
                <Empty icon={Bot} title="No agents registered">
                  Agents register themselves when they start: run <code className="text-xs">troupe up</code>, or{' '}
                  <code className="text-xs">troupe agent</code> on another machine.
                </Empty>
              ) : null
            }
          />
        </div>
      </div>
    </div>
  )
}

function Total({ label, children }: { label: string; children: ReactNode }) {
  return (
    <div className="panel px-4 py-3">
      <p className="text-xs text-ink-3">{label}</p>
      <p className="tabular text-2xl font-semibold">{children}</p>
    </div>
  )
}
