import { Button } from '../../../components/button.tsx'
import { Chip } from '../../../components/chip.tsx'
import { ErrorPanel } from '../../../components/error-panel.tsx'
import { Money } from '../../../components/money.tsx'
import { Skeleton } from '../../../components/skeleton.tsx'
import { plural } from '../../../lib/format.ts'
import { useModel, useModelTest } from '../api/model.ts'
import { useServerHealth, useSpent } from '../api/settings.ts'
import { Card, Command } from './card.tsx'

/** Asks the model one short question. */
function TestButton() {
  const test = useModelTest()
  return (
    <>
      <Button size="sm" busy={test.isPending} onClick={() => test.mutate()}>
        Test it
      </Button>
      {test.data ? (
        <p role="status" className={`text-sm ${test.data.ok ? 'text-done-ink' : 'text-failed-ink'}`}>
          {test.data.ok
            ? `${test.data.model} answered in ${Math.round(test.data.duration_ms)} ms`
            : `${test.data.message} ${test.data.suggestion ?? ''}`}
        </p>
      ) : null}
      {test.error ? <ErrorPanel error={test.error} title="The test could not be made" /> : null}
    </>
  )
}

/** Record the model's answers once, then work from them without network or key. */
function Recording() {
  const model = useModel()
  const recording = model.data?.recording
  return (
    <Card
      title="Record and replay"
      hint="Every answer of the model is kept in a folder; later the same work is done from the folder alone, without network, key or cost. For demonstrations, tests and travel."
    >
      <div className="flex flex-col gap-1.5">
        {recording ? (
          <p className="mb-1 text-sm" role="status">
            <Chip
              status={recording.mode === 'record' ? 'running' : 'available'}
              word={recording.mode === 'replay' ? 'Replaying' : 'Recording'}
            />{' '}
            {plural(recording.calls, 'answer')} in <span className="font-mono text-xs">{recording.folder}</span>
          </p>
        ) : null}
        <Command>troupe up --record recordings</Command>
        <Command>troupe up --replay recordings</Command>
      </div>
    </Card>
  )
}

const WAYS: [string, string][] = [
  ['Anthropic', 'ANTHROPIC_API_KEY=…'],
  ['OpenAI', 'LLM_PROVIDER=openai LLM_API_KEY=… LLM_MODEL=…'],
  [
    'Anything that speaks like OpenAI',
    'LLM_PROVIDER=openai_compatible LLM_BASE_URL=http://127.0.0.1:11434/v1 LLM_MODEL=…',
  ],
]

/** Whether a model is configured, and how to configure one. */
export function Model() {
  const health = useServerHealth()
  const spent = useSpent()
  if (health.error)
    return (
      <ErrorPanel
        error={health.error}
        title="The state of the model could not be read"
        onRetry={() => void health.refetch()}
      />
    )
  if (!health.data) return <Skeleton rows={4} />
  const on = health.data.model_configured === true
  return (
    <>
      <Card
        title="Language model"
        hint={
          on
            ? 'Agents use it, and their own craft takes over when it fails.'
            : 'Agents work by their own craft. A model makes results better; nothing needs one except free writing.'
        }
      >
        <div className="flex flex-wrap items-center gap-x-5 gap-y-2">
          <Chip status={on ? 'available' : 'none'} word={on ? 'Configured' : 'Not configured'} />
          {on ? <TestButton /> : null}
          {spent.data ? (
            <p className="text-sm text-ink-2">
              Today: <Money amount={spent.data.usd} /> · {plural(spent.data.tokens, 'token')} ·{' '}
              {plural(spent.data.calls, 'call')}
            </p>
          ) : null}
        </div>
      </Card>
      <Recording />
      <Card
        title="Configure one"
        hint="Set these before the server starts, in the environment or in a .env file. Keys never reach this page, logs or events."
      >
        <dl className="flex flex-col gap-3">
          {WAYS.map(([name, command]) => (
            <div key={name}>
              <dt className="mb-1 text-xs text-ink-3">{name}</dt>
              <dd>
                <Command>{command}</Command>
              </dd>
            </div>
          ))}
        </dl>
      </Card>
    </>
  )
}
