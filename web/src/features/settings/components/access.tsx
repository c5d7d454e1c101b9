import { KeyRound } from 'lucide-react'
import { useState } from 'react'
import { storedToken, storeToken } from '../../../api/client.ts'
import { Button } from '../../../components/button.tsx'
import { Tag } from '../../../components/chip.tsx'
import { ErrorPanel } from '../../../components/error-panel.tsx'
import { Field, INPUT } from '../../../components/field.tsx'
import { Facts } from '../../../components/run-header.tsx'
import { Skeleton } from '../../../components/skeleton.tsx'
import { toast } from '../../../components/toast.tsx'
import { useMe } from '../api/settings.ts'
import { Card } from './card.tsx'
import { Keys } from './keys.tsx'

const MODES: Record<string, string> = {
  dev: 'Development: whoever reaches this machine from itself is the local developer.',
  keys: 'Keys: every request needs an API key.',
  oidc: 'OpenID: bearer tokens of your provider, and keys.',
}

/** Who this browser is, the key it uses, and all keys. */
export function Access() {
  const me = useMe()
  return (
    <>
      <Card title="You" hint={me.data ? MODES[me.data.auth_mode] : undefined}>
        {me.error ? (
          <ErrorPanel
            error={me.error}
            title="The server does not know this browser"
            onRetry={() => void me.refetch()}
          />
        ) : null}
        {!me.data && !me.error ? <Skeleton rows={2} /> : null}
        {me.data ? (
          <Facts
            facts={[
              { label: 'Name', value: me.data.name },
              { label: 'Kind', value: me.data.kind },
              {
                label: 'Roles',
                value: (
                  <span className="flex flex-wrap gap-1">
                    {me.data.roles.map((role) => (
                      <Tag key={role}>{role}</Tag>
                    ))}
                  </span>
                ),
              },
            ]}
          />
        ) : null}
      </Card>
      <BrowserKey />
      <Keys />
    </>
  )
}

function BrowserKey() {
  const [token, setToken] = useState(storedToken)
  const save = (value: string) => {
    setToken(value)
    if (storeToken(value)) location.reload()
    else
      toast({ tone: 'failed', title: 'This browser does not keep data', detail: 'Private windows may refuse storage.' })
  }
  return (
    <Card
      title="The key of this browser"
      hint="Sent with every request. It is kept here only and leaves with “Forget”."
    >
      <form
        className="flex flex-wrap items-end gap-2"
        onSubmit={(event) => {
          event.preventDefault()
          save(token)
        }}
      >
        <Field label="API key or bearer token" className="min-w-0 flex-1 basis-64">
          {(props) => (
            <input
              {...props}
              type="password"
              autoComplete="off"
              className={INPUT}
              value={token}
              onChange={(event) => setToken(event.target.value)}
            />
          )}
        </Field>
        <Button type="submit" look="primary" icon={KeyRound} disabled={!token.trim() || token === storedToken()}>
          Use this key
        </Button>
        {storedToken() ? <Button onClick={() => save('')}>Forget</Button> : null}
      </form>
    </Card>
  )
}
