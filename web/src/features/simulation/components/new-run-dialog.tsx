import { CircleCheck } from 'lucide-react'
import { useState } from 'react'
import { asApiError } from '../../../api/api-error.ts'
import { Button } from '../../../components/button.tsx'
import { Dialog } from '../../../components/dialog.tsx'
import { ErrorPanel } from '../../../components/error-panel.tsx'
import { Field, INPUT } from '../../../components/field.tsx'
import { NumberField } from '../../../components/number-field.tsx'
import { useSimActions, useValidateConfig } from '../api/served.ts'
import { readProblems } from '../lib/read-problems.ts'
import { SAMPLE_CONFIGS } from '../lib/sample-configs.ts'
import { NumberedText } from './numbered-text.tsx'
import { Problems } from './problems.tsx'

const VERBOSITIES = ['', 'MILESTONE', 'DECISION', 'ACTION', 'STATE', 'DETAIL']

/** A new world from a configuration, checked line by line before it starts. */
export function NewRunDialog({ onClose, onStarted }: { onClose: () => void; onStarted: (id: string) => void }) {
  const [yaml, setYaml] = useState(SAMPLE_CONFIGS[0]?.yaml ?? '')
  const [turns, setTurns] = useState('')
  const [seed, setSeed] = useState('')
  const [verbosity, setVerbosity] = useState('')
  const validate = useValidateConfig()
  const { start } = useSimActions()
  const problems = start.error ? readProblems(start.error) : (validate.data?.problems ?? [])
  const change = (text: string) => {
    setYaml(text)
    validate.reset()
    start.reset()
  }
  const send = () =>
    start.mutate(
      {
        config: yaml,
        ...(turns ? { turns: Number(turns) } : {}),
        ...(seed ? { seed: Number(seed) } : {}),
        ...(verbosity ? { verbosity } : {}),
      },
      { onSuccess: (run) => onStarted(run.run_id) },
    )
  return (
    <Dialog
      open
      wide
      onClose={onClose}
      title="New world"
      describe="One file describes it: agents, engine, validator, variables, map."
      footer={
        <>
          <Button busy={validate.isPending} onClick={() => validate.mutate(yaml)}>
            Check it
          </Button>
          <Button look="primary" busy={start.isPending} disabled={!yaml.trim()} onClick={send}>
            Start world
          </Button>
        </>
      }
    >
      <div className="flex flex-col gap-4">
        <div className="flex flex-wrap items-center gap-1.5">
          <span className="text-xs text-ink-3">Samples</span>
          {SAMPLE_CONFIGS.map((sample) => (
            <button
              key={sample.name}
              type="button"
              title={sample.hint}
              onClick={() => change(sample.yaml)}
              className="h-6 rounded-full border border-line-strong px-2.5 text-xs text-ink-2 hover:border-accent hover:text-accent-ink"
            >
              {sample.name}
            </button>
          ))}
        </div>
        <NumberedText value={yaml} onChange={change} marks={problems.flatMap((problem) => problem.line ?? [])} />
        {validate.data?.valid ? (
          <p className="flex items-center gap-2 text-sm text-done-ink" role="status">
            <CircleCheck size={16} aria-hidden="true" /> The configuration is valid.
          </p>
        ) : null}
        {problems.length > 0 ? <Problems problems={problems} /> : null}
        {validate.error ? <ErrorPanel error={validate.error} title="It could not be checked" /> : null}
        {start.error && problems.length === 0 ? (
          <ErrorPanel error={asApiError(start.error)} title="The world was not started" />
        ) : null}
        <div className="grid gap-3 sm:grid-cols-3">
          <NumberField
            label="Turns"
            hint="Overrides max_turns"
            min={1}
            value={turns}
            onChange={(event) => setTurns(event.target.value)}
          />
          <NumberField
            label="Seed"
            hint="Same seed, same run"
            value={seed}
            onChange={(event) => setSeed(event.target.value)}
          />
          <Field label="Recorded level" hint="Overrides event_stream.verbosity">
            {(props) => (
              <select
                {...props}
                className={INPUT}
                value={verbosity}
                onChange={(event) => setVerbosity(event.target.value)}
              >
                {VERBOSITIES.map((level) => (
                  <option key={level} value={level}>
                    {level ? level.toLowerCase() : 'as in the file'}
                  </option>
                ))}
              </select>
            )}
          </Field>
        </div>
      </div>
    </Dialog>
  )
}
