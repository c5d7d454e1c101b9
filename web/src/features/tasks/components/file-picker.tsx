import { Paperclip, X } from 'lucide-react'
import { useId } from 'react'
import { cx } from '../../../lib/cx.ts'
import { formatBytes } from '../../../lib/format.ts'
import { EXTENSIONS, fileIssue } from '../lib/submission.ts'

/** Files to take along: picked or dropped; what will be refused says so at once. */
export function FilePicker({
  files,
  onAdd,
  onRemove,
}: {
  files: File[]
  onAdd: (files: Iterable<File>) => void
  onRemove: (file: File) => void
}) {
  const id = useId()
  return (
    <div className="flex flex-col gap-1">
      <span className="text-xs font-medium text-ink-2">Attachments</span>
      <div className="flex flex-wrap items-center gap-1.5">
        <label
          htmlFor={id}
          className="inline-flex h-8 cursor-pointer items-center gap-2 rounded-md border border-dashed border-line-strong px-3 text-sm text-ink-2 hover:border-accent hover:text-accent-ink has-[:focus-visible]:outline-2 has-[:focus-visible]:outline-[var(--focus)]"
        >
          <Paperclip size={15} aria-hidden="true" />
          Choose files, or drop them here
          <input
            id={id}
            type="file"
            multiple
            className="sr-only"
            accept={EXTENSIONS.map((extension) => `.${extension}`).join(',')}
            onChange={(event) => {
              onAdd([...(event.target.files ?? [])])
              event.target.value = ''
            }}
          />
        </label>
        {files.map((file, i) => {
          const issue = fileIssue(file)
          return (
            <span
              key={`${file.name}${i}`}
              className={cx(
                'inline-flex h-8 items-center gap-1.5 rounded-md border px-2 text-xs',
                issue ? 'border-failed bg-failed-soft text-failed-ink' : 'border-line bg-sunken',
              )}
            >
              <span className="max-w-40 truncate font-medium">{file.name}</span>
              <span className="tabular text-ink-2">{issue ?? formatBytes(file.size)}</span>
              <button
                type="button"
                aria-label={`Remove ${file.name}`}
                onClick={() => onRemove(file)}
                className="rounded p-0.5 hover:bg-hover"
              >
                <X size={13} aria-hidden="true" />
              </button>
            </span>
          )
        })}
      </div>
    </div>
  )
}
