import { FolderOpen } from 'lucide-react'
import { Empty } from '../../../components/empty.tsx'
import { ErrorPanel } from '../../../components/error-panel.tsx'
import { FileLink } from '../../../components/file-link.tsx'
import { Skeleton } from '../../../components/skeleton.tsx'
import { useTaskFiles } from '../api/tasks.ts'
import { fileName, taskFileUrl } from '../lib/paths.ts'
import type { Task } from '../types.ts'

/** What was attached, what the steps wrote, and what was published. */
export function TaskFilesPanel({ task }: { task: Task }) {
  const files = useTaskFiles(task.id, `${task.status}${task.progress.completed}`)
  if (files.error)
    return <ErrorPanel error={files.error} title="The files could not be listed" onRetry={() => void files.refetch()} />
  if (!files.data) return <Skeleton rows={4} />
  const { attachments, outputs, artifacts } = files.data
  if (attachments.length + outputs.length + artifacts.length === 0)
    return (
      <div className="panel">
        <Empty icon={FolderOpen} title="No files">
          Attachments, outputs and charts of this task appear here.
        </Empty>
      </div>
    )
  const base = `/tasks/${encodeURIComponent(task.id)}/files/`
  return (
    <div className="flex flex-col gap-4">
      <Group title="Attachments" count={attachments.length}>
        {attachments.map((file) => (
          <FileLink
            key={file.filename}
            path={base + encodeURIComponent(file.filename)}
            name={file.original_filename}
            size={file.file_size}
            note={file.mime_type}
            why={`${task.id}/${file.original_filename}`}
          />
        ))}
      </Group>
      <Group title="Outputs" count={outputs.length}>
        {outputs.map((file) => (
          <FileLink
            key={file.path}
            path={taskFileUrl(task.id, file.path)}
            name={file.path}
            size={file.size}
            note={file.mime_type}
            why={`${task.id}/${fileName(file.path)}`}
          />
        ))}
      </Group>
      <Group title="Charts, reports and data" count={artifacts.length}>
        {artifacts.map((file) => (
          <FileLink
            key={file.path}
            path={taskFileUrl(task.id, file.path)}
            name={fileName(file.path)}
            size={file.size}
            note={file.mime_type}
            why={`${task.id}/${fileName(file.path)}`}
          />
        ))}
      </Group>
    </div>
  )
}

function Group({ title, count, children }: { title: string; count: number; children: React.ReactNode }) {
  if (count === 0) return null
  return (
    <section aria-label={title}>
      <h3 className="mb-1.5 text-xs font-medium text-ink-2">{title}</h3>
      <div className="panel">{children}</div>
    </section>
  )
}
