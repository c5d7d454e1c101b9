import { Archive, FileText, FolderOpen } from 'lucide-react'
import type { ReactNode } from 'react'
import { download } from '../../../api/client.ts'
import { Button } from '../../../components/button.tsx'
import { Empty } from '../../../components/empty.tsx'
import { ErrorPanel } from '../../../components/error-panel.tsx'
import { PageFrame } from '../../../components/page-frame.tsx'
import { Skeleton } from '../../../components/skeleton.tsx'
import { toastError } from '../../../components/toast.tsx'
import { When } from '../../../components/when.tsx'
import { cx } from '../../../lib/cx.ts'
import { formatBytes, plural } from '../../../lib/format.ts'
import { usePhone } from '../../../lib/use-media.ts'
import { useUrlState } from '../../../lib/use-url-state.ts'
import { useArtifactsInfo, useResultFolder, useResultFolders, useResultPage } from '../api/results.ts'
import { useTask, useTaskList } from '../api/tasks.ts'
import type { ArtifactsInfo, ResultFolder } from '../types.ts'

/** Every published page, by task: preview, download, or all as a ZIP. */
export default function ResultsTab() {
  const phone = usePhone()
  const [url, setUrl] = useUrlState()
  const folders = useResultFolders()
  const info = useArtifactsInfo()
  const list = folders.data?.folders ?? []
  const tasks = useTaskList({ limit: 100 })
  const asked = new Map(tasks.data?.tasks.map((task) => [task.id, task.description]))
  const chosen = url.folder ?? (phone ? '' : (list[0]?.name ?? ''))
  if (folders.error)
    return (
      <div className="p-5">
        <ErrorPanel
          error={folders.error}
          title="The results could not be listed"
          onRetry={() => void folders.refetch()}
        />
      </div>
    )
  if (!folders.data)
    return (
      <div className="p-5">
        <Skeleton rows={6} height={32} />
      </div>
    )
  if (list.length === 0)
    return (
      <Empty icon={FolderOpen} title="No result pages yet">
        Each finished step publishes a page; they are kept here by task.
      </Empty>
    )
  return (
    <div className="flex min-h-0 flex-1">
      {phone && chosen ? null : (
        <aside
          aria-label="Result folders"
          className="flex w-full shrink-0 flex-col border-r border-line bg-surface md:w-80"
        >
          <p className="border-b border-line px-3 py-2 text-xs text-ink-2" role="status">
            {plural(list.length, 'folder')}, newest first
          </p>
          <ul className="min-h-0 flex-1 overflow-y-auto">
            {list.map((folder) => (
              <FolderRow
                key={folder.name}
                folder={folder}
                title={asked.get(folder.task_id)}
                chosen={folder.name === chosen}
                onOpen={() => setUrl({ folder: folder.name, file: undefined })}
              />
            ))}
          </ul>
          {info.data ? <Statistics info={info.data} /> : null}
        </aside>
      )}
      {chosen ? (
        <div
          role="region"
          aria-label="Result pages"
          tabIndex={0}
          className="min-w-0 flex-1 overflow-y-auto p-4 -outline-offset-2 md:p-5"
        >
          {phone ? (
            <Button
              look="quiet"
              size="sm"
              className="mb-3"
              onClick={() => setUrl({ folder: undefined, file: undefined })}
            >
              All folders
            </Button>
          ) : null}
          <FolderView
            name={chosen}
            taskId={list.find((folder) => folder.name === chosen)?.task_id ?? ''}
            file={url.file}
            onFile={(file) => setUrl({ folder: chosen, file })}
          />
        </div>
      ) : null}
    </div>
  )
}

function FolderRow({
  folder,
  title,
  chosen,
  onOpen,
}: {
  folder: ResultFolder
  title: string | undefined
  chosen: boolean
  onOpen: () => void
}) {
  return (
    <li className="border-b border-line">
      <button
        type="button"
        aria-current={chosen || undefined}
        onClick={onOpen}
        className={cx(
          'flex w-full flex-col gap-0.5 px-3 py-2 text-left -outline-offset-2 hover:bg-hover',
          chosen && 'bg-accent-soft! shadow-[inset_2px_0_0_var(--accent)]',
        )}
      >
        {title ? <span className="w-full truncate text-sm">{title}</span> : null}
        <span className={cx('w-full truncate font-mono text-xs', title ? 'text-ink-3' : 'font-medium')}>
          {folder.name}
        </span>
        <span className="flex w-full gap-3 text-xs text-ink-2">
          <span className="tabular">{plural(folder.files, 'page')}</span>
          <span className="tabular">{formatBytes(folder.size)}</span>
          <When at={folder.created_at} className="ml-auto" />
        </span>
      </button>
    </li>
  )
}

function FolderView({
  name,
  taskId,
  file,
  onFile,
}: {
  name: string
  taskId: string
  file: string | undefined
  onFile: (file: string) => void
}) {
  const folder = useResultFolder(name)
  const { task } = useTask(taskId, false).data ?? {}
  const steps = new Map(task?.subtasks.map((step) => [step.id, step.description]))
  const files = folder.data?.files ?? []
  const shown = files.find((one) => one.name === file) ?? files[0]
  const path = shown ? `/results/${encodeURIComponent(name)}/${encodeURIComponent(shown.name)}` : ''
  const page = useResultPage(path)
  const base = `/results/${encodeURIComponent(name)}`
  if (folder.error)
    return (
      <ErrorPanel error={folder.error} title="The folder could not be read" onRetry={() => void folder.refetch()} />
    )
  return (
    <div className="mx-auto flex max-w-5xl flex-col gap-4">
      <header className="flex flex-wrap items-center gap-3">
        <div className="min-w-0 flex-1">
          {task ? <h2 className="truncate font-semibold">{task.description}</h2> : null}
          <p className={cx('truncate font-mono', task ? 'text-xs text-ink-3' : 'text-sm font-semibold')}>{name}</p>
        </div>
        <Button
          icon={Archive}
          onClick={() =>
            void download(`${base}/archive`, `${name}_results.zip`).catch((error) =>
              toastError('The archive could not be downloaded', error),
            )
          }
        >
          Download all as ZIP
        </Button>
      </header>
      <ul className="panel overflow-hidden">
        {files.map((one) => (
          <li key={one.name} className="border-b border-line last:border-b-0">
            <button
              type="button"
              aria-current={one === shown || undefined}
              onClick={() => onFile(one.name)}
              className={cx(
                'flex w-full flex-wrap items-center gap-x-4 gap-y-0.5 px-3 py-2 text-left text-sm -outline-offset-2 hover:bg-hover',
                one === shown && 'bg-accent-soft!',
              )}
            >
              <FileText size={15} aria-hidden="true" className="text-ink-3" />
              <span className="min-w-0 flex-1 truncate" title={one.subtask_id}>
                {steps.get(one.subtask_id) ?? <span className="font-mono text-xs">{one.subtask_id}</span>}
              </span>
              <span className="font-mono text-xs text-ink-2">{one.agent_id}</span>
              <span className="tabular text-xs text-ink-3">{formatBytes(one.size)}</span>
            </button>
          </li>
        ))}
      </ul>
      {shown ? (
        <PageFrame
          title={`Result of ${shown.subtask_id}`}
          name={shown.name}
          path={`${path}?download=true`}
          html={page.data}
          error={page.error}
          onRetry={() => void page.refetch()}
          height={520}
        />
      ) : null}
    </div>
  )
}

const FOLDERS = ['results', 'uploads', 'reports', 'data', 'images'] as const

function Statistics({ info }: { info: ArtifactsInfo }): ReactNode {
  return (
    <section aria-label="Stored files" className="border-t border-line p-3 text-xs">
      <p className="mb-1.5 flex justify-between font-medium text-ink-2">
        <span>{plural(info.total_files, 'file')}</span>
        <span className="tabular">{info.total_size_mb.toFixed(2)} MB</span>
      </p>
      {info.total_size_mb > 1024 ? (
        <p className="mb-1.5 rounded bg-waiting-soft px-2 py-1 text-waiting-ink">
          More than 1 GB is stored. Delete tasks you no longer need.
        </p>
      ) : null}
      <dl className="grid grid-cols-[1fr_auto_auto] gap-x-4 gap-y-0.5 text-ink-2">
        {FOLDERS.map((name) => (
          <div key={name} className="contents">
            <dt>{name}</dt>
            <dd className="tabular text-right">{info[name].count}</dd>
            <dd className="tabular text-right">{info[name].size_mb.toFixed(2)} MB</dd>
          </div>
        ))}
      </dl>
    </section>
  )
}
