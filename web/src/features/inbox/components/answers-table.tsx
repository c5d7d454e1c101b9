import { History } from 'lucide-react'
import { Chip } from '../../../components/chip.tsx'
import { DomainMark } from '../../../components/domain.tsx'
import { Drawer } from '../../../components/drawer.tsx'
import { Empty } from '../../../components/empty.tsx'
import { ErrorPanel } from '../../../components/error-panel.tsx'
import { JsonView } from '../../../components/json-view.tsx'
import { Markdown } from '../../../components/markdown.tsx'
import { Facts } from '../../../components/run-header.tsx'
import { Table } from '../../../components/table.tsx'
import type { Column } from '../../../components/table-rows.ts'
import { TableToolbar } from '../../../components/table-toolbar.tsx'
import { useTableView } from '../../../components/use-table-view.ts'
import { When } from '../../../components/when.tsx'
import { toMs } from '../../../lib/format.ts'
import { useUrlState } from '../../../lib/use-url-state.ts'
import { type Decision, useDecisions } from '../api/decisions.ts'
import { EvidenceView } from './evidence-view.tsx'

/** An answer in words: the option's label, or the value. */
export function answerText(decision: Decision): string {
  const { answer, options } = decision
  if (!answer) return '–'
  if (answer.choice) return options.find((option) => option.id === answer.choice)?.label ?? answer.choice
  return typeof answer.value === 'string' ? answer.value : JSON.stringify(answer.value)
}

const who = ({ automatic, answered_by, data: { answered_by_name: name } }: Decision) =>
  automatic ? 'by itself' : typeof name === 'string' ? name : (answered_by ?? '–')

const columns: Column<Decision>[] = [
  {
    id: 'domain',
    header: 'Domain',
    width: 34,
    bare: true,
    cell: (d) => <DomainMark domain={d.domain} />,
    text: (d) => d.domain,
  },
  {
    id: 'title',
    header: 'Question',
    width: 220,
    grow: 2,
    cell: (d) => d.title,
    sort: (d) => d.title,
    text: (d) => d.title,
    phone: 'title',
  },
  { id: 'answer', header: 'Answer', width: 140, grow: 1, cell: answerText, text: answerText, phone: 'sub' },
  {
    id: 'status',
    header: 'State',
    width: 112,
    cell: (d) => <Chip status={d.status} />,
    sort: (d) => d.status,
    text: (d) => d.status,
    phone: 'side',
  },
  { id: 'who', header: 'By', width: 130, cell: who, sort: who, text: who, phone: 'sub' },
  {
    id: 'why',
    header: 'Why',
    width: 150,
    grow: 1,
    cell: (d) => <span className="text-ink-2">{d.answer?.comment ?? ''}</span>,
    text: (d) => d.answer?.comment,
  },
  {
    id: 'when',
    header: 'When',
    width: 96,
    align: 'end',
    cell: (d) => <When at={d.answered_at ?? d.updated_at} className="text-ink-2" />,
    sort: (d) => toMs(d.answered_at ?? d.updated_at),
  },
]

/** What was answered, by whom, when and why. Read-only. */
export function AnswersTable() {
  const [view, setView] = useTableView()
  const [url, setUrl] = useUrlState()
  const { data, error, refetch } = useDecisions('answered')
  const rows = data ?? []
  const open = rows.find((one) => one.id === url.id)
  if (error && !data)
    return (
      <div className="p-5">
        <ErrorPanel error={error} title="The answers could not be read" onRetry={() => void refetch()} />
      </div>
    )
  return (
    <div className="flex min-h-0 flex-1">
      <div className="flex min-w-0 flex-1 flex-col bg-surface">
        <TableToolbar columns={columns} view={view} onView={setView} count={rows.length} noun="answer" />
        <div className="min-h-0 flex-1">
          <Table
            label="Past answers"
            rows={rows}
            columns={columns}
            rowKey={(d) => d.id}
            view={view}
            onView={setView}
            selected={open?.id}
            onOpen={(d) => setUrl({ id: d.id })}
            empty={data ? <Empty icon={History} title="Nothing has been answered yet" /> : null}
          />
        </div>
      </div>
      {open ? (
        <Drawer label="Answer" title={open.title} onClose={() => setUrl({ id: undefined })}>
          <div className="flex flex-col gap-4">
            <Markdown text={open.prompt} />
            <Facts
              facts={[
                { label: 'Answer', value: answerText(open) },
                { label: 'By', value: who(open) },
                { label: 'When', value: <When at={open.answered_at ?? open.updated_at} /> },
              ]}
            />
            {open.answer?.comment ? (
              <p className="rounded-md bg-sunken px-3 py-2 text-sm">{open.answer.comment}</p>
            ) : null}
            {open.answer?.value !== undefined && typeof open.answer.value === 'object' ? (
              <JsonView value={open.answer.value} label="Answer" />
            ) : null}
            {open.evidence.map((evidence, i) => (
              <EvidenceView key={`${evidence.title}${i}`} evidence={evidence} />
            ))}
          </div>
        </Drawer>
      ) : null}
    </div>
  )
}
