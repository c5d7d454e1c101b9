import { useNavigate } from '@tanstack/react-router'
import { GitFork } from 'lucide-react'
import { useState } from 'react'
import { Button } from '../../../components/button.tsx'
import { Dialog } from '../../../components/dialog.tsx'
import { ErrorPanel } from '../../../components/error-panel.tsx'
import { Field, INPUT, TEXTAREA } from '../../../components/field.tsx'
import { type RunStep, useForkRun } from '../api/runs.ts'
import { changedState } from '../lib/changed-state.ts'

/** A new run from the border before a stage: with its state edited, another model, or another cap. */
export function ForkDialog({ runId, stage, onClose }: { runId: string; stage: RunStep; onClose: () => void }) {
  const fork = useForkRun()
  const navigate = useNavigate()
  const original = JSON.stringify(stage.input ?? {}, null, 2)
  const [text, setText] = useState(original)
  const [model, setModel] = useState('')
  const [usd, setUsd] = useState('')
  const edited = changedState(original, text)
  const send = () => {
    if (!edited.ok) return
    fork.mutate(
      {
        id: runId,
        stageNo: stage.stage_no,
        state: edited.patch,
        ...(model.trim() ? { model: model.trim() } : {}),
        ...(usd.trim() ? { limits: { usd: Number(usd) } } : {}),
      },
      {
        onSuccess: (run) => void navigate({ to: '/runs/compare', search: { left: runId, right: run.id } } as never),
      },
    )
  }
  return (
    <Dialog
      open
      wide
      onClose={onClose}
      title={`Fork before ${stage.stage.replace(/@\d+$/, '')} (#${stage.stage_no})`}
      describe="This run stays as it is. The new one is compared with it at once."
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button
            look="primary"
            icon={GitFork}
            busy={fork.isPending}
            disabled={!edited.ok || Number.isNaN(Number(usd)) || Number(usd) < 0}
            onClick={send}
          >
            Fork run
          </Button>
        </>
      }
    >
      <div className="flex flex-col gap-4">
        <Field
          label="What the stage begins with"
          hint={edited.ok ? `${Object.keys(edited.patch).length} of its parts are changed` : undefined}
          error={edited.ok ? undefined : edited.problem}
        >
          {(props) => (
            <textarea
              {...props}
              rows={12}
              spellCheck={false}
              className={`${TEXTAREA} font-mono text-xs`}
              value={text}
              onChange={(event) => setText(event.target.value)}
            />
          )}
        </Field>
        <div className="flex flex-wrap gap-3">
          <Field label="Another model" hint="Empty: the configured one." className="min-w-0 flex-1 basis-56">
            {(props) => (
              <input {...props} className={INPUT} value={model} onChange={(event) => setModel(event.target.value)} />
            )}
          </Field>
          <Field label="May spend, in US dollars" hint="Empty: as this run." className="basis-44">
            {(props) => (
              <input
                {...props}
                inputMode="decimal"
                className={INPUT}
                value={usd}
                onChange={(event) => setUsd(event.target.value)}
              />
            )}
          </Field>
        </div>
        {fork.error ? <ErrorPanel error={fork.error} title="The run was not forked" /> : null}
      </div>
    </Dialog>
  )
}
