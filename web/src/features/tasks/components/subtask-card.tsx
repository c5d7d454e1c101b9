import { ArrowDownToLine, ArrowUpFromLine, ChevronDown } from 'lucide-react'
import type { ReactNode } from 'react'
import { AnswerView } from '../../../components/answer-view.tsx'
import { Chip, Tag } from '../../../components/chip.tsx'
import { FileLink } from '../../../components/file-link.tsx'
import { Id } from '../../../components/id.tsx'
import { JsonView } from '../../../components/json-view.tsx'
import { Facts } from '../../../components/run-header.tsx'
import { Elapsed } from '../../../components/when.tsx'
import { WhyLink } from '../../../components/why-link.tsx'
import { cx } from '../../../lib/cx.ts'
import { formatDuration } from '../../../lib/format.ts'
import { stateLook } from '../../../lib/states.ts'
import { fileName, taskFileUrl } from '../lib/paths.ts'
import { resultParts } from '../lib/result-parts.ts'
import { waitingWords } from '../lib/waiting-words.ts'
import type { SubTask, SubTaskResult, Task } from '../types.ts'
import { ResultPage } from './result-page.tsx'
import { SubtaskError } from './subtask-error.tsx'

type CardProps = {
  index: number
  task: Task
  subtask: SubTask
  result: SubTaskResult | undefined
  results: Map<string, SubTaskResult>
  open: boolean
  onOpen: (open: boolean) => void
}

/** One step: what it is, who does it, what it received from others, what it made and who gets it. */
export function SubtaskCard({ index, task, subtask, result, results, open, onOpen }: CardProps) {
  const { tone } = stateLook(subtask.status)
  const seconds = result?.execution_time
  return (
    <li className="panel overflow-hidden" style={{ borderLeft: `4px solid var(--${tone})` }}>
      <button
        type="button"
        aria-expanded={open}
        onClick={() => onOpen(!open)}
        className="flex w-full flex-wrap items-center gap-x-3 gap-y-1 px-3 py-2.5 text-left -outline-offset-2 hover:bg-hover"
      >
        <span className="tabular w-5 text-right text-xs text-ink-3">{index}</span>
        <span className="min-w-0 flex-1 basis-56 text-sm font-medium">{subtask.description}</span>
        <span className="font-mono text-xs text-ink-2">{subtask.assigned_agent ?? ''}</span>
        <span className="tabular w-16 text-right text-xs text-ink-3">
          {subtask.status === 'running' ? (
            <Elapsed from={subtask.started_at} />
          ) : seconds === undefined ? (
            ''
          ) : (
            formatDuration(seconds * 1000)
          )}
        </span>
        {subtask.attempts > 1 ? <Tag>attempt {subtask.attempts}</Tag> : null}
        <Chip status={subtask.status} />
        <ChevronDown
          size={16}
          aria-hidden="true"
          className={cx('text-ink-3 transition-transform', open && 'rotate-180')}
        />
      </button>
      {subtask.waiting_reason && !open ? (
        <p className="px-11 pb-2 text-xs text-ink-2">{waitingWords(subtask.waiting_reason)}</p>
      ) : null}
      {!open && result?.output?.summary && subtask.status === 'completed' ? (
        <p className="truncate px-11 pb-2.5 text-xs text-ink-2">{result.output.summary}</p>
      ) : null}
      {open ? <Inside task={task} subtask={subtask} result={result} results={results} /> : null}
      {!open && subtask.status === 'failed' ? (
        <div className="px-3 pb-3">
          <SubtaskError
            taskId={task.id}
            subtask={subtask}
            error={result?.error ?? 'INTERNAL: no message was recorded'}
          />
        </div>
      ) : null}
    </li>
  )
}

function Inside({ task, subtask, result, results }: Pick<CardProps, 'task' | 'subtask' | 'result' | 'results'>) {
  const output = result?.output
  const next = task.subtasks.filter((one) => one.dependencies.includes(subtask.id))
  const name = (id: string) => task.subtasks.find((one) => one.id === id)?.description ?? id
  return (
    <div className="flex flex-col gap-4 border-t border-line p-4">
      <Facts
        facts={[
          { label: 'Subtask id', value: <Id value={subtask.id} /> },
          { label: 'Because', value: <WhyLink kind="assignment" id={subtask.id} about={subtask.description} /> },
          {
            label: 'Capabilities',
            value: (
              <span className="flex flex-wrap gap-1">
                {subtask.required_capabilities.map((one) => (
                  <Tag key={one}>{one}</Tag>
                ))}
              </span>
            ),
          },
          { label: 'Priority', value: subtask.priority },
          { label: 'Agent', value: subtask.assigned_agent ?? '–' },
          { label: 'Attempts', value: subtask.attempts },
          { label: 'Execution time', value: result ? formatDuration(result.execution_time * 1000) : '–' },
          {
            label: 'Estimated',
            value: subtask.estimated_duration ? formatDuration(subtask.estimated_duration * 1000) : '–',
          },
        ]}
      />
      {subtask.waiting_reason ? <Note title="Waiting">{waitingWords(subtask.waiting_reason)}</Note> : null}
      {subtask.blocked_by.length > 0 ? <Note title="Blocked by">{subtask.blocked_by.map(name).join('; ')}</Note> : null}
      {subtask.status === 'failed' ? (
        <SubtaskError taskId={task.id} subtask={subtask} error={result?.error ?? 'INTERNAL: no message was recorded'} />
      ) : null}
      {subtask.dependencies.length > 0 ? (
        <Flow icon={<ArrowDownToLine size={15} aria-hidden="true" />} title="Received">
          {subtask.dependencies.map((id) => (
            <FlowItem
              key={id}
              title={name(id)}
              text={results.get(id)?.output?.summary ?? 'nothing yet'}
              value={results.get(id)?.output?.data}
            />
          ))}
        </Flow>
      ) : null}
      {output ? (
        <section aria-label="Output" className="flex flex-col gap-3">
          <p className="text-sm font-medium">{output.summary}</p>
          <AnswerView data={Object.assign({}, ...Object.values(resultParts(output.data ?? {})))} label="Output" />
          {output.result_ref ? (
            <FileLink
              path={`/tasks/${task.id}/subtasks/${subtask.id}/output`}
              name="result.json"
              size={output.result_ref.bytes}
              note="stored by reference"
            />
          ) : null}
          {output.preview ? <JsonView value={output.preview} label="Beginning of the result" maxHeight={160} /> : null}
          <ResultPage htmlFile={output.html_file} />
          {(output.files_created ?? []).length > 0 ? (
            <div className="rounded-md border border-line">
              {output.files_created!.map((path) => (
                <FileLink
                  key={path}
                  path={taskFileUrl(task.id, path)}
                  name={fileName(path)}
                  note={path}
                  why={`${task.id}/${fileName(path)}`}
                />
              ))}
            </div>
          ) : null}
          {output.next_steps ? <Note title="Next steps">{output.next_steps}</Note> : null}
        </section>
      ) : null}
      {next.length > 0 ? (
        <Flow
          icon={<ArrowUpFromLine size={15} aria-hidden="true" />}
          title={output ? 'Passed on to' : 'Will pass on to'}
        >
          {next.map((one) => (
            <FlowItem key={one.id} title={one.description} text={stateLook(one.status).word} />
          ))}
        </Flow>
      ) : null}
      {Object.keys(subtask.input_data).length > 0 ? (
        <details className="text-sm">
          <summary className="w-fit rounded text-xs font-medium text-ink-2">Input data</summary>
          <div className="mt-2">
            <JsonView value={subtask.input_data} label="Input data" maxHeight={200} />
          </div>
        </details>
      ) : null}
    </div>
  )
}

function Note({ title, children }: { title: string; children: ReactNode }) {
  return (
    <p className="rounded-md bg-sunken px-3 py-2 text-sm">
      <span className="mr-2 text-xs text-ink-3">{title}</span>
      {children}
    </p>
  )
}

function Flow({ icon, title, children }: { icon: ReactNode; title: string; children: ReactNode }) {
  return (
    <section aria-label={title}>
      <h3 className="mb-1.5 flex items-center gap-1.5 text-xs font-medium text-ink-2">
        {icon}
        {title}
      </h3>
      <ul className="flex flex-col gap-1.5">{children}</ul>
    </section>
  )
}

function FlowItem({
  title,
  text,
  value,
}: {
  title: string
  text: string
  value?: Record<string, unknown> | undefined
}) {
  return (
    <li className="rounded-md border border-line px-3 py-2 text-sm">
      <span className="font-medium">{title}</span> <span className="text-ink-2">· {text}</span>
      {value && Object.keys(value).length > 0 ? (
        <details className="mt-1">
          <summary className="w-fit rounded text-xs text-ink-2">Data</summary>
          <div className="mt-1">
            <JsonView value={value} label={`Data from ${title}`} maxHeight={180} />
          </div>
        </details>
      ) : null}
    </li>
  )
}
