import { Chip } from '../../../components/chip.tsx'
import { ErrorPanel } from '../../../components/error-panel.tsx'
import { Money } from '../../../components/money.tsx'
import { Skeleton } from '../../../components/skeleton.tsx'
import { formatNumber } from '../../../lib/format.ts'
import { useServerHealth, useSpent } from '../api/settings.ts'
import { Card, Command } from './card.tsx'

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
          {spent.data ? (
            <p className="text-sm text-ink-2">
              Today: <Money amount={spent.data.usd} /> · {formatNumber(spent.data.tokens)} tokens ·{' '}
              {formatNumber(spent.data.calls)} calls
            </p>
          ) : null}
        </div>
      </Card>
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
