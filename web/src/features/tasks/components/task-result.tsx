import { Hourglass } from 'lucide-react'
import { AnswerFacts, AnswerTables } from '../../../components/answer-view.tsx'
import { Chip } from '../../../components/chip.tsx'
import { labelOf } from '../../../components/data-parts.ts'
import { Empty } from '../../../components/empty.tsx'
import { FileLink } from '../../../components/file-link.tsx'
import { RemotePicture } from '../../../components/remote-picture.tsx'
import { Facts } from '../../../components/run-header.tsx'
import { cx } from '../../../lib/cx.ts'
import { formatDuration, plural } from '../../../lib/format.ts'
import { isFinal } from '../../../lib/states.ts'
import { useTaskFiles } from '../api/tasks.ts'
import { fileName, isPicture, taskFileUrl } from '../lib/paths.ts'
import { resultParts, sortDownloads } from '../lib/result-parts.ts'
import type { SubTaskResult, Task, TaskFile } from '../types.ts'
import { ResultPage } from './result-page.tsx'

/** The thing itself: summary, charts, data as tables, and the page of the last step. */
export function TaskResultPanel({ task, results }: { task: Task; results: Map<string, SubTaskResult> }) {
  const files = useTaskFiles(task.id, `${task.status}${task.progress.completed}`)
  const pictures = (files.data?.artifacts ?? []).filter((file) => isPicture(file.path) && /\.svg$/i.test(file.path))
  const { wanted, internal } = sortDownloads([...(files.data?.outputs ?? []), ...(files.data?.artifacts ?? [])])
  const last = task.subtasks.map((one) => results.get(one.id)).findLast((one) => one?.output)
  const result = task.result
  if (!last?.output)
    return (
      <div className="panel">
        <Empty icon={Hourglass} title={isFinal(task.status) ? 'This task made no result' : 'There is no result yet'}>
          {isFinal(task.status)
            ? 'Its steps say why; a failed step can be corrected and retried.'
            : 'It appears here as soon as the first step is done.'}
        </Empty>
      </div>
    )
  const { findings, passed } = resultParts(result?.data ?? last.output.data ?? {})
  return (
    <div className="flex flex-col gap-4">
      <section className="panel flex flex-col gap-3 p-4">
        <div className="flex flex-wrap items-center gap-2">
          <h3 className="font-semibold">{last.output.summary}</h3>
          {result ? null : <Chip status="running" word="so far" />}
        </div>
        {result ? (
          <Facts
            facts={[
              { label: 'Outcome', value: `${plural(result.subtask_results.length, 'step')} completed` },
              { label: 'Working time', value: formatDuration(result.total_execution_time * 1000) },
              { label: 'From start to end', value: formatDuration(result.wall_time * 1000) },
            ]}
          />
        ) : null}
        <AnswerFacts data={findings} />
      </section>
      {pictures.length > 0 ? (
        <section aria-label="Charts" className={cx('grid gap-3', pictures.length > 1 && '2xl:grid-cols-2')}>
          {pictures.map((file) => (
            <figure
              key={file.path}
              role="group"
              tabIndex={0}
              aria-label={`Chart ${fileName(file.path)}`}
              className="panel m-0 overflow-x-auto bg-white"
            >
              <RemotePicture
                src={taskFileUrl(task.id, file.path)}
                alt={`Chart ${fileName(file.path)}`}
                className="mx-auto aspect-[12/7] w-full max-w-[860px] min-w-[560px] object-contain"
              />
            </figure>
          ))}
        </section>
      ) : null}
      <section className="panel p-4 empty:hidden">
        <AnswerTables data={findings} label="Result" />
      </section>
      <ResultPage htmlFile={last.output.html_file} height={640} />
      {Object.keys(passed).length > 0 ? (
        <details className="panel group p-4">
          <summary className="w-fit cursor-pointer rounded text-sm font-medium">
            Data behind it <span className="font-normal text-ink-3">{Object.keys(passed).map(labelOf).join(', ')}</span>
          </summary>
          <div className="mt-3">
            <AnswerTables data={passed} label="Data behind it" />
          </div>
        </details>
      ) : null}
      {wanted.length > 0 ? (
        <section aria-label="Downloads">
          <h3 className="mb-1.5 text-xs font-medium text-ink-2">Downloads</h3>
          <Downloads taskId={task.id} files={wanted} />
        </section>
      ) : null}
      {internal.length > 0 ? (
        <details>
          <summary className="w-fit cursor-pointer rounded text-xs text-ink-2">
            {plural(internal.length, 'file')} the steps keep for each other
          </summary>
          <div className="mt-1.5">
            <Downloads taskId={task.id} files={internal} named="whole" />
          </div>
        </details>
      ) : null}
    </div>
  )
}

function Downloads({ taskId, files, named }: { taskId: string; files: readonly TaskFile[]; named?: 'whole' }) {
  return (
    <div className="panel">
      {files.map((file) => (
        <FileLink
          key={file.path}
          path={taskFileUrl(taskId, file.path)}
          name={named ? file.path : fileName(file.path)}
          size={file.size}
          note={file.mime_type}
          why={`${taskId}/${fileName(file.path)}`}
        />
      ))}
    </div>
  )
}
