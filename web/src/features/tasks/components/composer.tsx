import { ArrowRight, Paperclip, Send } from 'lucide-react'
import { useRef, useState } from 'react'
import { Button } from '../../../components/button.tsx'
import { ErrorPanel } from '../../../components/error-panel.tsx'
import { Field, INPUT, TEXTAREA } from '../../../components/field.tsx'
import { Id } from '../../../components/id.tsx'
import { cx } from '../../../lib/cx.ts'
import { plural } from '../../../lib/format.ts'
import { readStored, writeStored } from '../../../lib/storage.ts'
import { uniqueKey } from '../../../lib/unique-key.ts'
import { useSubmitTask } from '../api/tasks.ts'
import { EXAMPLES, type Example } from '../lib/examples.ts'
import { DESCRIPTION, descriptionIssue, EXTENSIONS, fileIssue, readInputData } from '../lib/submission.ts'
import type { Submitted } from '../types.ts'
import { FilePicker } from './file-picker.tsx'
import { ModelNotice } from './model-notice.tsx'

const PLACEHOLDER = `What shall be done? For example:
Scrape product prices from https://… and store in database
Read the attached CSV, filter rows where revenue > 1000, calculate average`

/** Describes a job, takes files along, and submits it once. */
export function Composer({ onOpen }: { onOpen: (id: string) => void }) {
  const [description, setDescription] = useState('')
  const [userId, setUserId] = useState(() => readStored('userId', 'default_user'))
  const [input, setInput] = useState('')
  const [files, setFiles] = useState<File[]>([])
  const [tried, setTried] = useState(false)
  const [dragging, setDragging] = useState(false)
  const key = useRef(uniqueKey())
  const submit = useSubmitTask()
  const inputData = readInputData(input)
  const issue = descriptionIssue(description)
  const blocked = issue ?? inputData.issue ?? (userId.trim() ? undefined : 'user') ?? files.map(fileIssue).find(Boolean)
  const length = description.trim().length
  const change = () => {
    key.current = uniqueKey()
    if (submit.isError || submit.isSuccess) submit.reset()
  }
  const addFiles = (more: Iterable<File>) => {
    setFiles((now) => [...now, ...more])
    change()
  }
  const send = () => {
    setTried(true)
    if (blocked || submit.isPending) return
    writeStored('userId', userId.trim())
    submit.mutate(
      { description: description.trim(), userId: userId.trim(), files, inputData: inputData.value, key: key.current },
      {
        onSuccess: (reply) => {
          writeStored('lastTask', reply.task_id)
          setDescription('')
          setFiles([])
          setInput('')
          setTried(false)
          key.current = uniqueKey()
        },
      },
    )
  }
  const use = (example: Example) => {
    setDescription(example.description)
    setFiles(example.file ? [new File([example.file.text], example.file.name, { type: 'text/csv' })] : [])
    change()
  }
  return (
    <form
      aria-label="Submit a task"
      onSubmit={(event) => {
        event.preventDefault()
        send()
      }}
      onDragOver={(event) => {
        event.preventDefault()
        setDragging(true)
      }}
      onDragLeave={() => setDragging(false)}
      onDrop={(event) => {
        event.preventDefault()
        setDragging(false)
        addFiles(event.dataTransfer.files)
      }}
      className={cx('panel flex flex-col gap-3 p-4', dragging && 'border-accent ring-2 ring-accent')}
    >
      <ModelNotice />
      <Field label="Task description" required error={tried ? issue : undefined} hint={undefined}>
        {(props) => (
          <textarea
            {...props}
            rows={4}
            maxLength={DESCRIPTION.most + 1000}
            placeholder={PLACEHOLDER}
            value={description}
            onChange={(event) => {
              setDescription(event.target.value)
              change()
            }}
            onKeyDown={(event) => (event.metaKey || event.ctrlKey) && event.key === 'Enter' && send()}
            className={`${TEXTAREA} text-base`}
          />
        )}
      </Field>
      <div className="-mt-2 flex flex-wrap items-center gap-1.5">
        <span className="text-xs text-ink-3">Try</span>
        {EXAMPLES.map((example) => (
          <button
            key={example.title}
            type="button"
            onClick={() => use(example)}
            title={example.description}
            className="h-6 rounded-full border border-line-strong px-2.5 text-xs text-ink-2 hover:border-accent hover:text-accent-ink"
          >
            {example.title}
            {example.file ? <Paperclip size={11} aria-label="with a file" className="ml-1 inline" /> : null}
          </button>
        ))}
        <output
          className={cx('tabular ml-auto text-xs', length > DESCRIPTION.most ? 'text-failed-ink' : 'text-ink-3')}
          aria-label="Characters"
        >
          {length} / {DESCRIPTION.least}–{DESCRIPTION.most}
        </output>
      </div>
      <div className="grid gap-3 sm:grid-cols-[180px_1fr]">
        <Field label="User id" required error={tried && !userId.trim() ? 'Name who asks.' : undefined}>
          {(props) => (
            <input
              {...props}
              className={INPUT}
              maxLength={100}
              value={userId}
              onChange={(event) => setUserId(event.target.value)}
            />
          )}
        </Field>
        <FilePicker
          files={files}
          onAdd={addFiles}
          onRemove={(file) => setFiles((now) => now.filter((one) => one !== file))}
        />
      </div>
      <details className="text-sm">
        <summary className="w-fit rounded text-xs font-medium text-ink-2 hover:text-ink">
          Input data for the steps (optional)
        </summary>
        <Field
          label="Input data as a JSON object"
          className="mt-2"
          error={inputData.issue}
          hint="Copied into every step, for example timeout_seconds, sql or headers."
        >
          {(props) => (
            <textarea
              {...props}
              rows={3}
              className={`${TEXTAREA} font-mono text-xs`}
              placeholder='{"timeout_seconds": 60}'
              value={input}
              onChange={(event) => setInput(event.target.value)}
            />
          )}
        </Field>
      </details>
      {submit.error ? <ErrorPanel error={submit.error} title="The task was not accepted" onRetry={send} /> : null}
      {submit.data ? <Accepted reply={submit.data} onOpen={onOpen} /> : null}
      <div className="flex flex-wrap items-center justify-between gap-2">
        <p className="text-xs text-ink-3">
          Files: {EXTENSIONS.slice(0, 6).join(', ')} and{' '}
          <span title={EXTENSIONS.join(', ')} className="underline decoration-dotted underline-offset-2">
            {EXTENSIONS.length - 6} more types
          </span>
          , up to 50 MB each.
        </p>
        <Button type="submit" look="primary" icon={Send} busy={submit.isPending}>
          Submit
        </Button>
      </div>
    </form>
  )
}

function Accepted({ reply, onOpen }: { reply: Submitted; onOpen: (id: string) => void }) {
  return (
    <output className="flex flex-wrap items-center gap-x-5 gap-y-2 rounded-md border border-done/50 bg-done-soft px-3 py-2 text-sm text-done-ink">
      <span className="font-semibold">Task created</span>
      <Id value={reply.task_id} className="text-done-ink!" />
      <span className="tabular">
        {plural(reply.subtasks_count, 'subtask')} · {reply.initial_subtasks_queued} queued ·{' '}
        {plural(reply.files_uploaded, 'file')} uploaded
      </span>
      <Button size="sm" icon={ArrowRight} className="ml-auto" onClick={() => onOpen(reply.task_id)}>
        Watch it in Monitor
      </Button>
    </output>
  )
}
