import { Plus } from 'lucide-react'
import { useState } from 'react'
import { asApiError } from '../../../api/api-error.ts'
import { Button } from '../../../components/button.tsx'
import { Chip, Tag } from '../../../components/chip.tsx'
import { Confirm } from '../../../components/dialog.tsx'
import { ErrorPanel } from '../../../components/error-panel.tsx'
import { Field, INPUT } from '../../../components/field.tsx'
import { Id } from '../../../components/id.tsx'
import { NumberField } from '../../../components/number-field.tsx'
import { toastError } from '../../../components/toast.tsx'
import { When } from '../../../components/when.tsx'
import { type ApiKey, useKeyActions, useKeys } from '../api/settings.ts'
import { Card } from './card.tsx'

const ROLES = ['Admin', 'Organizer', 'Approver', 'Finance', 'Viewer', 'Auditor']

/** API keys: make one, see their last use, end one. */
export function Keys() {
  const keys = useKeys()
  const { create, revoke } = useKeyActions()
  const [name, setName] = useState('')
  const [role, setRole] = useState('Viewer')
  const [days, setDays] = useState('90')
  const refused = keys.error && asApiError(keys.error).status === 403
  return (
    <Card title="API keys" hint="For programs and other people. A key's secret is shown once.">
      {refused ? <p className="text-sm text-ink-2">Only administrators see the keys.</p> : null}
      {keys.error && !refused ? (
        <ErrorPanel error={keys.error} title="The keys could not be read" onRetry={() => void keys.refetch()} />
      ) : null}
      {keys.data && keys.data.length > 0 ? (
        <ul className="mb-4 divide-y divide-line rounded-md border border-line">
          {keys.data.map((key) => (
            <KeyRow
              key={key.id}
              apiKey={key}
              onRevoke={() => revoke.mutate(key.id, { onError: (error) => toastError('The key was not ended', error) })}
            />
          ))}
        </ul>
      ) : null}
      {keys.data ? (
        <form
          className="flex flex-wrap items-end gap-2"
          onSubmit={(event) => {
            event.preventDefault()
            create.mutate(
              { name: name.trim(), roles: [role], ...(Number(days) > 0 ? { expires_in_days: Number(days) } : {}) },
              { onSuccess: () => setName('') },
            )
          }}
        >
          <Field label="Name" className="min-w-0 flex-1 basis-40">
            {(props) => (
              <input
                {...props}
                className={INPUT}
                maxLength={100}
                placeholder="What it is for"
                value={name}
                onChange={(event) => setName(event.target.value)}
              />
            )}
          </Field>
          <Field label="Role" className="w-32">
            {(props) => (
              <select {...props} className={INPUT} value={role} onChange={(event) => setRole(event.target.value)}>
                {ROLES.map((one) => (
                  <option key={one}>{one}</option>
                ))}
              </select>
            )}
          </Field>
          <NumberField
            label="Ends after (days)"
            className="w-36"
            min={1}
            max={3650}
            value={days}
            onChange={(event) => setDays(event.target.value)}
          />
          <Button type="submit" icon={Plus} busy={create.isPending} disabled={!name.trim()}>
            Make key
          </Button>
        </form>
      ) : null}
      {create.error ? (
        <div className="mt-3">
          <ErrorPanel error={create.error} title="The key was not made" />
        </div>
      ) : null}
      {create.data ? (
        <output className="mt-3 block rounded-md border border-done/50 bg-done-soft p-3 text-sm text-done-ink">
          Copy the secret now, it is not shown again: <Id value={create.data.secret} className="text-done-ink!" />
        </output>
      ) : null}
    </Card>
  )
}

function KeyRow({ apiKey, onRevoke }: { apiKey: ApiKey; onRevoke: () => void }) {
  const ended = apiKey.revoked_at !== null
  return (
    <li className="flex flex-wrap items-center gap-x-4 gap-y-1 px-3 py-2 text-sm">
      <span className="min-w-0 flex-1 basis-40 truncate font-medium">{apiKey.name}</span>
      {apiKey.roles.map((role) => (
        <Tag key={role}>{role}</Tag>
      ))}
      <span className="text-xs text-ink-3">
        {apiKey.last_used_at ? (
          <>
            used <When at={apiKey.last_used_at} />
          </>
        ) : (
          'never used'
        )}
      </span>
      {apiKey.expires_at ? (
        <span className="text-xs text-ink-3">
          ends <When at={apiKey.expires_at} />
        </span>
      ) : null}
      {ended ? (
        <Chip status="expired" word="Ended" />
      ) : (
        <Confirm
          title={`End the key “${apiKey.name}”?`}
          action="End key"
          danger
          onConfirm={onRevoke}
          trigger={(ask) => (
            <Button size="sm" look="danger" onClick={ask}>
              End
            </Button>
          )}
        >
          Whoever uses it is refused within seconds. This cannot be undone.
        </Confirm>
      )}
    </li>
  )
}
