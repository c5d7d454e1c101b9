import { Plus, X } from 'lucide-react'
import { useState } from 'react'
import { Button } from '../../../components/button.tsx'
import { Dialog } from '../../../components/dialog.tsx'
import { ErrorPanel } from '../../../components/error-panel.tsx'
import { Field, INPUT } from '../../../components/field.tsx'
import { Select } from '../../../components/select.tsx'
import { plural } from '../../../lib/format.ts'
import { type SweepInput, useSweepActions } from '../api/analysis.ts'
import { useSimulation, useSimulations } from '../api/simulations.ts'
import { readProblems } from '../lib/read-problems.ts'
import { SAMPLE_CONFIGS } from '../lib/sample-configs.ts'
import { listedValues, type ParameterRow, runsOf } from '../lib/sweep-input.ts'
import { NumberedText } from './numbered-text.tsx'
import { Problems } from './problems.tsx'

/** Every combination of some settings with some seeds, from a sample or the configuration of a run. */
export function NewSweepDialog({ onClose, onStarted }: { onClose: () => void; onStarted: (id: string) => void }) {
  const runs = useSimulations()
  const [source, setSource] = useState('')
  const origin = useSimulation(source)
  const [text, setText] = useState(SAMPLE_CONFIGS[2]?.yaml ?? '')
  const [rows, setRows] = useState<ParameterRow[]>([{ path: 'engine.interest_rate', values: '0.01..0.05/0.01' }])
  const [seeds, setSeeds] = useState('1..3')
  const [measures, setMeasures] = useState('')
  const { start } = useSweepActions()
  const stored = source && origin.data?.config ? JSON.stringify(origin.data.config, null, 2) : undefined
  const config = stored ?? text
  const count = runsOf(rows, seeds)
  const problems = start.error ? readProblems(start.error) : []
  const edit = (i: number, part: Partial<ParameterRow>) =>
    setRows(rows.map((row, k) => (k === i ? { ...row, ...part } : row)))
  const send = () => {
    const input: SweepInput = {
      config,
      parameters: rows.map(({ path, values }) => ({ path: path.trim(), values: listedValues(values) ?? [] })),
      seeds: seeds.trim() === '' ? [] : (listedValues(seeds) as number[]),
      measures: measures
        .split(',')
        .map((name) => name.trim())
        .filter(Boolean),
    }
    start.mutate(input, { onSuccess: ({ sweep_id: id }) => onStarted(id) })
  }
  return (
    <Dialog
      open
      wide
      onClose={onClose}
      title="New sweep"
      describe="One world with every combination of settings and seeds. The runs spread over all workers."
      footer={
        <>
          <p className="mr-auto self-center text-xs text-ink-2" role="status">
            {count === undefined ? 'Some values cannot be read' : plural(count, 'run')}
          </p>
          <Button onClick={onClose}>Not now</Button>
          <Button look="primary" busy={start.isPending} disabled={!count || !config.trim()} onClick={send}>
            Start sweep
          </Button>
        </>
      }
    >
      <div className="flex flex-col gap-4">
        <Select
          label="World"
          value={source}
          onChange={setSource}
          className="max-w-none!"
          options={[
            { value: '', label: 'The configuration below' },
            ...(runs.data ?? []).map(({ id }) => ({ value: id, label: `That of ${id}` })),
          ]}
        />
        {stored === undefined ? <NumberedText value={text} onChange={setText} marks={[]} /> : null}
        <fieldset className="flex flex-col gap-2">
          <legend className="mb-1 text-xs font-medium text-ink-2">Settings to vary</legend>
          {rows.map((row, i) => (
            <div key={i} className="flex flex-wrap items-end gap-2">
              <Field label="Setting" className="min-w-48 flex-1">
                {(props) => (
                  <input
                    {...props}
                    className={INPUT}
                    placeholder="agents.*.config.x"
                    value={row.path}
                    onChange={(event) => edit(i, { path: event.target.value })}
                  />
                )}
              </Field>
              <Field label="Values" className="min-w-48 flex-1">
                {(props) => (
                  <input
                    {...props}
                    className={INPUT}
                    placeholder="1, 2, 5 or 0..1/0.25"
                    value={row.values}
                    onChange={(event) => edit(i, { values: event.target.value })}
                  />
                )}
              </Field>
              <Button
                look="quiet"
                icon={X}
                aria-label={`Do not vary ${row.path || 'this'}`}
                onClick={() => setRows(rows.filter((_, k) => k !== i))}
              />
            </div>
          ))}
          <Button
            size="sm"
            icon={Plus}
            className="self-start"
            onClick={() => setRows([...rows, { path: '', values: '' }])}
          >
            Vary another setting
          </Button>
        </fieldset>
        <div className="grid gap-3 sm:grid-cols-2">
          <Field label="Seeds" hint="1..5 or 3, 8, 13">
            {(props) => (
              <input {...props} className={INPUT} value={seeds} onChange={(event) => setSeeds(event.target.value)} />
            )}
          </Field>
          <Field label="Measures of the final state" hint="total_wealth, mean(wealth); all global numbers when empty">
            {(props) => (
              <input
                {...props}
                className={INPUT}
                value={measures}
                onChange={(event) => setMeasures(event.target.value)}
              />
            )}
          </Field>
        </div>
        {problems.length > 0 ? <Problems problems={problems} /> : null}
        {start.error && problems.length === 0 ? (
          <ErrorPanel error={start.error} title="The sweep was not started" />
        ) : null}
      </div>
    </Dialog>
  )
}
