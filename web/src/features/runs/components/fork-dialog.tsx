import { useNavigate } from '@tanstack/react-router'
import { GitFork } from 'lucide-react'
import { type ReactNode, useState } from 'react'
import { Button } from '../../../components/button.tsx'
import { Dialog } from '../../../components/dialog.tsx'
import { ErrorPanel } from '../../../components/error-panel.tsx'
import { Field, INPUT, TEXTAREA } from '../../../components/field.tsx'
import { Skeleton } from '../../../components/skeleton.tsx'
import { type RunBorder, type RunView, useBorder, useBorders, useForkRun } from '../api/runs.ts'
import { changedState } from '../lib/changed-state.ts'

type Props = {
  run: Pick<RunView, 'id' | 'title'>
  /** The border to begin with, or the nearest before it; the last one otherwise. */
  no?: number | undefined
  onClose: () => void
}

/** A new run from a border between two pieces of work: with its input edited, another model, or another cap. */
export function ForkDialog({ run, no, onClose }: Props) {
  const borders = useBorders(run.id)
  const [chosen, setChosen] = useState<number>()
  const list = borders.data ?? []
  const nearest = no === undefined ? undefined : list.findLast((border) => border.no <= no)
  const at = list.find((border) => border.no === chosen) ?? nearest ?? list.at(-1)
  const full = useBorder(run.id, at?.no)
  const pick = (
    <Field label="Begin again before" hint="What lies before it is taken over; what lies behind it is done anew.">
      {(props) => (
        <select
          {...props}
          className={INPUT}
          value={at?.no ?? ''}
          onChange={(event) => setChosen(Number(event.target.value))}
        >
          {list.map((border) => (
            <option key={border.no} value={border.no}>
              {`${border.no} · ${border.label}`}
            </option>
          ))}
        </select>
      )}
    </Field>
  )
  if (full.data) return <ForkForm key={full.data.no} runId={run.id} border={full.data} pick={pick} onClose={onClose} />
  const error = borders.error ?? full.error
  return (
    <Dialog open wide onClose={onClose} title="Fork this run" footer={<Button onClick={onClose}>Cancel</Button>}>
      {error ? (
        <ErrorPanel error={error} title="The places to fork from could not be read" />
      ) : borders.data && list.length === 0 ? (
        <p className="text-sm text-ink-2">Nothing has begun yet, so there is no place to fork from.</p>
      ) : (
        <Skeleton rows={8} />
      )}
    </Dialog>
  )
}

type FormProps = { runId: string; border: RunBorder; pick: ReactNode; onClose: () => void }

function ForkForm({ runId, border, pick, onClose }: FormProps) {
  const fork = useForkRun()
  const navigate = useNavigate()
  const original = JSON.stringify(border.input ?? {}, null, 2)
  const [text, setText] = useState(original)
  const [model, setModel] = useState('')
  const [usd, setUsd] = useState('')
  const edited = changedState(original, text)
  const send = () => {
    if (!edited.ok) return
    fork.mutate(
      {
        id: runId,
        stageNo: border.no,
        state: edited.patch,
        ...(model.trim() ? { model: model.trim() } : {}),
        ...(usd.trim() ? { limits: { usd: Number(usd) } } : {}),
      },
      { onSuccess: (run) => void navigate({ to: `/runs/${run.id}` } as never).then(onClose) },
    )
  }
  return (
    <Dialog
      open
      wide
      onClose={onClose}
      title="Fork this run"
      describe="This run and its work stay as they are. The new one can be compared with it."
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
        {pick}
        <Field
          label="What it begins with"
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
