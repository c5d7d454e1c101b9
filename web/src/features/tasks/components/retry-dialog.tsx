import { useState } from 'react'
import { Button } from '../../../components/button.tsx'
import { Dialog } from '../../../components/dialog.tsx'
import { ErrorPanel } from '../../../components/error-panel.tsx'
import { Field, TEXTAREA } from '../../../components/field.tsx'
import { toast } from '../../../components/toast.tsx'
import { useTaskActions } from '../api/tasks.ts'
import { readInputData } from '../lib/submission.ts'
import { CAPABILITIES, type SubTask } from '../types.ts'

/** Corrects a failed step's text, input or capabilities and runs it again. */
export function RetryDialog({ taskId, subtask, onClose }: { taskId: string; subtask: SubTask; onClose: () => void }) {
  const { retrySubtask } = useTaskActions(taskId)
  const [description, setDescription] = useState(subtask.description)
  const [input, setInput] = useState(() => JSON.stringify(subtask.input_data, null, 2))
  const [needs, setNeeds] = useState<string[]>(subtask.required_capabilities)
  const inputData = readInputData(input)
  const length = description.trim().length
  const issue = length < 10 || length > 1000 ? 'Use 10 to 1000 characters.' : undefined
  const toggle = (name: string) =>
    setNeeds((now) => (now.includes(name) ? now.filter((one) => one !== name) : [...now, name]))
  const send = () =>
    retrySubtask.mutate(
      {
        subtaskId: subtask.id,
        description: description.trim(),
        input_data: inputData.value ?? {},
        required_capabilities: needs,
      },
      {
        onSuccess: () => {
          toast({ tone: 'running', title: 'Step queued again with your changes' })
          onClose()
        },
      },
    )
  return (
    <Dialog
      open
      onClose={onClose}
      title="Edit and retry this step"
      describe="Earlier attempts keep their results."
      footer={
        <>
          <Button onClick={onClose}>Leave it</Button>
          <Button
            look="primary"
            busy={retrySubtask.isPending}
            disabled={Boolean(issue ?? inputData.issue) || needs.length === 0}
            onClick={send}
          >
            Retry step
          </Button>
        </>
      }
    >
      <div className="flex flex-col gap-4">
        <Field label="Description" required error={issue}>
          {(props) => (
            <textarea
              {...props}
              rows={4}
              className={TEXTAREA}
              value={description}
              onChange={(event) => setDescription(event.target.value)}
            />
          )}
        </Field>
        <Field label="Input data as a JSON object" error={inputData.issue} hint="What stands here wins over the text.">
          {(props) => (
            <textarea
              {...props}
              rows={5}
              className={`${TEXTAREA} font-mono text-xs`}
              value={input}
              onChange={(event) => setInput(event.target.value)}
            />
          )}
        </Field>
        <fieldset>
          <legend className="mb-1.5 text-xs font-medium text-ink-2">Capabilities needed</legend>
          <div className="grid grid-cols-2 gap-1.5">
            {CAPABILITIES.map((name) => (
              <label key={name} className="flex items-center gap-2 text-sm">
                <input
                  type="checkbox"
                  className="accent-[var(--accent)]"
                  checked={needs.includes(name)}
                  onChange={() => toggle(name)}
                />
                {name}
              </label>
            ))}
          </div>
        </fieldset>
        {retrySubtask.error ? <ErrorPanel error={retrySubtask.error} title="The step was not retried" /> : null}
      </div>
    </Dialog>
  )
}
