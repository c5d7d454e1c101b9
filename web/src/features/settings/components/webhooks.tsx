import { Plus } from 'lucide-react'
import { useState } from 'react'
import { asApiError } from '../../../api/api-error.ts'
import { Button } from '../../../components/button.tsx'
import { Chip } from '../../../components/chip.tsx'
import { Confirm } from '../../../components/dialog.tsx'
import { ErrorPanel } from '../../../components/error-panel.tsx'
import { Field, INPUT } from '../../../components/field.tsx'
import { Id } from '../../../components/id.tsx'
import { LEVELS } from '../../../components/level-slider.tsx'
import { Select } from '../../../components/select.tsx'
import { toast, toastError } from '../../../components/toast.tsx'
import { When } from '../../../components/when.tsx'
import { plural } from '../../../lib/format.ts'
import { useDeliveries, useWebhookActions, useWebhooks, type Webhook } from '../api/webhooks.ts'
import { Card } from './card.tsx'

/** Which programs hear of which events; what arrived and what did not. */
export function Webhooks() {
  const hooks = useWebhooks()
  const [secret, setSecret] = useState<string>()
  const refused = hooks.error && asApiError(hooks.error).status === 403
  return (
    <Card
      title="Webhooks"
      hint="Events sent to another program, signed as Standard Webhooks, each once. A message that fails is tried again for some hours."
    >
      {refused ? <p className="text-sm text-ink-2">Only administrators see the webhooks.</p> : null}
      {hooks.error && !refused ? (
        <ErrorPanel error={hooks.error} title="The webhooks could not be read" onRetry={() => void hooks.refetch()} />
      ) : null}
      {secret ? (
        <p role="status" className="mb-3 rounded-md bg-waiting-soft px-3 py-2 text-sm text-waiting-ink">
          The secret, shown once: <Id value={secret} />
        </p>
      ) : null}
      {hooks.data && hooks.data.length > 0 ? (
        <ul className="mb-4 divide-y divide-line rounded-md border border-line">
          {hooks.data.map((hook) => (
            <Hook key={hook.id} hook={hook} onSecret={setSecret} />
          ))}
        </ul>
      ) : null}
      {hooks.data ? <NewHook onSecret={setSecret} /> : null}
    </Card>
  )
}

function Hook({ hook, onSecret }: { hook: Webhook; onSecret: (secret: string) => void }) {
  const { change, rotate, test, remove } = useWebhookActions()
  const [open, setOpen] = useState(false)
  return (
    <li className="flex flex-col gap-2 px-3 py-2.5">
      <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
        <span className="font-medium">{hook.name}</span>
        <Chip status={hook.enabled ? 'available' : 'paused'} word={hook.enabled ? 'On' : 'Off'} />
        <span className="min-w-0 flex-1 truncate font-mono text-xs text-ink-2">{hook.url}</span>
        <span className="tabular text-xs text-ink-2">
          {hook.delivered} arrived · {hook.pending} on their way ·{' '}
          <span className={hook.failed > 0 ? 'font-semibold text-failed-ink' : ''}>{hook.failed} failed</span>
        </span>
      </div>
      <p className="text-xs text-ink-2">
        {hook.types.length > 0 ? hook.types.join(', ') : 'every type'} ·{' '}
        {hook.domains.length > 0 ? hook.domains.join(', ') : 'every domain'} · {hook.level.toLowerCase()} and above
        {hook.last_error ? ` · last error: ${hook.last_error}` : ''}
      </p>
      <div className="flex flex-wrap gap-2">
        <Button
          size="sm"
          busy={test.isPending}
          onClick={() =>
            test.mutate(hook.id, {
              onSuccess: (reply) =>
                toast({
                  tone: reply.delivered ? 'done' : 'failed',
                  title: reply.delivered ? 'The test arrived' : 'The test did not arrive',
                  detail: reply.error ?? `It answered ${reply.status}`,
                }),
              onError: (error) => toastError('No test was sent', error),
            })
          }
        >
          Send a test
        </Button>
        <Button size="sm" onClick={() => change.mutate({ id: hook.id, enabled: !hook.enabled })}>
          {hook.enabled ? 'Turn off' : 'Turn on'}
        </Button>
        <Button size="sm" aria-expanded={open} onClick={() => setOpen(!open)}>
          Messages
        </Button>
        <Confirm
          title="Change the secret?"
          action="Change secret"
          onConfirm={() => rotate.mutate(hook.id, { onSuccess: (reply) => onSecret(reply.secret) })}
          trigger={(ask) => (
            <Button size="sm" onClick={ask}>
              New secret
            </Button>
          )}
        >
          Messages carry signatures of both secrets for a day, so that the receiver can change over.
        </Confirm>
        <Confirm
          title={`End ${hook.name}?`}
          action="End webhook"
          danger
          onConfirm={() => remove.mutate(hook.id)}
          trigger={(ask) => (
            <Button size="sm" look="danger" onClick={ask}>
              End
            </Button>
          )}
        >
          What has not been sent yet is dropped.
        </Confirm>
      </div>
      {open ? <Messages hook={hook} /> : null}
    </li>
  )
}

function Messages({ hook }: { hook: Webhook }) {
  const messages = useDeliveries(hook.id)
  const { resend } = useWebhookActions()
  if (!messages.data) return null
  if (messages.data.length === 0) return <p className="text-sm text-ink-2">Nothing was sent yet.</p>
  return (
    <ul className="flex flex-col gap-1 text-sm">
      {messages.data.map((one) => (
        <li key={one.message_id} className="flex flex-wrap items-center gap-x-3">
          <Chip
            status={one.status === 'delivered' ? 'completed' : one.status}
            word={one.status === 'delivered' ? 'Arrived' : one.status === 'pending' ? 'On its way' : 'Failed'}
          />
          <span className="font-mono text-xs">{one.type}</span>
          <When at={one.created_at} className="text-xs text-ink-3" />
          <span className="text-xs text-ink-2">{plural(one.attempts, 'attempt')}</span>
          {one.last_error ? <span className="text-xs text-failed-ink">{one.last_error}</span> : null}
          {one.status === 'failed' ? (
            <Button size="sm" look="quiet" onClick={() => resend.mutate({ id: hook.id, message: one.message_id })}>
              Send again
            </Button>
          ) : null}
        </li>
      ))}
    </ul>
  )
}

function NewHook({ onSecret }: { onSecret: (secret: string) => void }) {
  const { create } = useWebhookActions()
  const [name, setName] = useState('')
  const [url, setUrl] = useState('')
  const [types, setTypes] = useState('')
  const [level, setLevel] = useState('MILESTONE')
  const [near, setNear] = useState(false)
  return (
    <form
      aria-label="New webhook"
      className="flex flex-wrap items-end gap-2"
      onSubmit={(event) => {
        event.preventDefault()
        create.mutate(
          {
            name: name.trim(),
            url: url.trim(),
            types: types
              .split(',')
              .map((one) => one.trim())
              .filter(Boolean),
            level: level as never,
            allow_private: near,
          },
          {
            onSuccess: (made) => {
              onSecret(made.secret)
              setName('')
              setUrl('')
              setTypes('')
            },
          },
        )
      }}
    >
      <Field label="Name" className="min-w-0 basis-36">
        {(props) => (
          <input {...props} className={INPUT} maxLength={100} value={name} onChange={(e) => setName(e.target.value)} />
        )}
      </Field>
      <Field label="Address" className="min-w-0 flex-1 basis-56">
        {(props) => (
          <input
            {...props}
            type="url"
            className={INPUT}
            placeholder="https://…"
            value={url}
            onChange={(e) => setUrl(e.target.value)}
          />
        )}
      </Field>
      <Field label="Types, or all" className="min-w-0 basis-44">
        {(props) => (
          <input
            {...props}
            className={INPUT}
            placeholder="run.*, decision.raised"
            value={types}
            onChange={(e) => setTypes(e.target.value)}
          />
        )}
      </Field>
      <Select
        label="Level"
        value={level}
        onChange={setLevel}
        options={LEVELS.map((value) => ({ value, label: `${value.toLowerCase()} and above` }))}
      />
      <label className="inline-flex h-8 items-center gap-1.5 text-sm">
        <input type="checkbox" className="accent-[var(--accent)]" checked={near} onChange={() => setNear(!near)} />
        private address
      </label>
      <Button type="submit" look="primary" icon={Plus} busy={create.isPending} disabled={!name.trim() || !url.trim()}>
        Add webhook
      </Button>
      {create.error ? (
        <div className="basis-full">
          <ErrorPanel error={create.error} title="The webhook was not made" />
        </div>
      ) : null}
    </form>
  )
}
