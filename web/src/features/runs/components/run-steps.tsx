import { CircleQuestionMark, GitFork } from 'lucide-react'
import { useState } from 'react'
import { Button } from '../../../components/button.tsx'
import { Chip, Tag } from '../../../components/chip.tsx'
import { Drawer } from '../../../components/drawer.tsx'
import { JsonView } from '../../../components/json-view.tsx'
import { Facts } from '../../../components/run-header.tsx'
import { Table } from '../../../components/table.tsx'
import type { Column, TableView } from '../../../components/table-rows.ts'
import { Elapsed, When } from '../../../components/when.tsx'
import { toMs } from '../../../lib/format.ts'
import type { RunStep, RunView } from '../api/runs.ts'
import { stepKey, titleOf } from '../lib/run-drawings.ts'
import { ForkDialog } from './fork-dialog.tsx'

const KINDS: Record<RunStep['kind'], string> = {
  stage: 'stage',
  step: 'outside effect',
  write: 'record',
  perform: "agent's turn",
}
const took = (step: RunStep) => (toMs(step.finished_at) ?? Date.now()) - (toMs(step.started_at) ?? 0)

const columns: Column<RunStep>[] = [
  {
    id: 'no',
    header: '#',
    width: 44,
    cell: (s) => <span className="tabular text-ink-3">{s.stage_no}</span>,
    sort: (s) => s.stage_no,
  },
  {
    id: 'stage',
    header: 'Stage',
    width: 130,
    cell: (s) => <span className="text-ink-2">{s.title ? '–' : s.stage.replace(/@\d+$/, '')}</span>,
    text: (s) => s.stage,
    phone: 'sub',
  },
  { id: 'step', header: 'Step', width: 180, grow: 2, cell: titleOf, text: titleOf, phone: 'title' },
  { id: 'kind', header: 'Kind', width: 120, cell: (s) => <Tag>{KINDS[s.kind]}</Tag>, text: (s) => s.kind },
  {
    id: 'agent',
    header: 'Agent',
    width: 130,
    grow: 1,
    cell: (s) => <span className="font-mono text-xs">{s.agent_id ?? '–'}</span>,
    text: (s) => s.agent_id ?? undefined,
    phone: 'sub',
  },
  {
    id: 'status',
    header: 'State',
    width: 112,
    cell: (s) => <Chip status={s.status} />,
    sort: (s) => s.status,
    phone: 'side',
  },
  { id: 'attempts', header: 'Attempts', width: 76, align: 'end', cell: (s) => s.attempts, sort: (s) => s.attempts },
  {
    id: 'time',
    header: 'Took',
    width: 84,
    align: 'end',
    cell: (s) => <Elapsed from={s.started_at} to={s.finished_at} />,
    sort: took,
  },
]

/** Everything a run did; a row opens with input, output, attempts and what the model was asked. */
export function RunSteps({
  run,
  steps,
  chosen,
  onChoose,
  onWhy,
}: {
  /** Shows the events around a step. */
  onWhy: (step: RunStep) => void
  run: RunView
  steps: RunStep[]
  chosen: string | undefined
  onChoose: (step: string | undefined) => void
}) {
  const [view, setView] = useState<TableView>({})
  const open = steps.find((step) => stepKey(step) === chosen)
  const [forking, setForking] = useState(false)
  return (
    <div className="panel flex h-[520px] overflow-hidden">
      <div className="min-w-0 flex-1">
        <Table
          label="Steps"
          rows={steps}
          columns={columns}
          rowKey={stepKey}
          view={view}
          onView={setView}
          selected={chosen}
          onOpen={(step) => onChoose(stepKey(step))}
          empty={<p className="p-4 text-sm text-ink-2">Nothing has started yet.</p>}
        />
      </div>
      {open ? (
        <Drawer label="Step" title={titleOf(open)} onClose={() => onChoose(undefined)}>
          <div className="flex flex-col gap-4">
            <Facts
              facts={[
                { label: 'State', value: <Chip status={open.status} /> },
                { label: 'Stage', value: `${open.stage} (#${open.stage_no})` },
                { label: 'Agent', value: open.agent_id ?? '–' },
                { label: 'Attempts', value: open.attempts },
                { label: 'Started', value: <When at={open.started_at} /> },
                { label: 'Took', value: <Elapsed from={open.started_at} to={open.finished_at} /> },
              ]}
            />
            <div className="flex flex-wrap gap-2">
              <Button size="sm" icon={CircleQuestionMark} onClick={() => onWhy(open)}>
                Why?
              </Button>
              <Button size="sm" icon={GitFork} onClick={() => setForking(true)}>
                Fork from here
              </Button>
            </div>
            {(['error', 'input', 'output', 'usage'] as const).map((part) =>
              open[part] === null || open[part] === undefined ? null : (
                <Part key={part} title={part} value={open[part]} />
              ),
            )}
          </div>
        </Drawer>
      ) : null}
      {forking && open ? <ForkDialog run={run} no={open.stage_no} onClose={() => setForking(false)} /> : null}
    </div>
  )
}

function Part({ title, value }: { title: string; value: unknown }) {
  const name = title.charAt(0).toUpperCase() + title.slice(1)
  return (
    <section>
      <h3 className="mb-1 text-xs font-medium text-ink-2">{name}</h3>
      <JsonView value={value} label={name} maxHeight={260} />
    </section>
  )
}
