import { useState } from 'react'
import { Button } from '../../../components/button.tsx'
import { Dialog } from '../../../components/dialog.tsx'
import { ErrorPanel } from '../../../components/error-panel.tsx'
import { Field, INPUT } from '../../../components/field.tsx'
import { Id } from '../../../components/id.tsx'
import { JsonView } from '../../../components/json-view.tsx'
import { Tabs } from '../../../components/tabs.tsx'
import { uniqueKey } from '../../../lib/unique-key.ts'
import { useRegisterAgent } from '../api/agents.ts'

const sample = (
  origin: string,
  id: string,
  capabilities: string[],
) => `// A whole agent: register, answer /health and /execute, report the result.
import http from 'node:http'

const server = 'http://${origin}'
const endpoint = 'http://127.0.0.1:9000'
await fetch(server + '/v1/agents', {
  method: 'POST',
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify({ agent_id: '${id}', endpoint, capabilities: ${JSON.stringify(capabilities)}, instance: crypto.randomUUID() }),
})
http.createServer((request, response) => {
  if (request.url !== '/execute') return response.end('{"status":"healthy"}')
  let body = ''
  request.on('data', (chunk) => (body += chunk))
  request.on('end', async () => {
    const { subtask, callback_url, callback_token } = JSON.parse(body)
    response.setHeader('content-type', 'application/json')
    response.end(JSON.stringify({ status: 'accepted', agent_id: '${id}' }))
    await fetch(callback_url + '/result', {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: 'Bearer ' + callback_token },
      body: JSON.stringify({ status: 'completed', execution_time: 0.1, output: { success: true, data: {}, summary: 'Did: ' + subtask.description } }),
    })
  })
}).listen(9000, '127.0.0.1')
`

/** Registers an agent by its address, or shows the code of one that registers itself. */
export function RegisterDialog({ pools, onClose }: { pools: string[]; onClose: () => void }) {
  const register = useRegisterAgent()
  const [tab, setTab] = useState('form')
  const [id, setId] = useState('agent_6')
  const [pool, setPool] = useState(pools.includes('tasks') ? 'tasks' : (pools[0] ?? 'tasks'))
  const [endpoint, setEndpoint] = useState('http://127.0.0.1:9000')
  const [words, setWords] = useState('data_analysis')
  const capabilities = words.split(/[\s,]+/).filter(Boolean)
  const send = () =>
    register.mutate({
      agent_id: id.trim(),
      pool,
      endpoint: endpoint.trim(),
      capabilities,
      slots: 1,
      instance: uniqueKey(),
    })
  const form = (
    <form
      className="flex flex-col gap-4"
      onSubmit={(event) => {
        event.preventDefault()
        send()
      }}
    >
      <div className="grid gap-4 sm:grid-cols-2">
        <Field label="Agent id" required>
          {(props) => <input {...props} className={INPUT} value={id} onChange={(event) => setId(event.target.value)} />}
        </Field>
        <Field label="Pool" required>
          {(props) => (
            <input {...props} className={INPUT} value={pool} onChange={(event) => setPool(event.target.value)} />
          )}
        </Field>
      </div>
      <Field label="Address" required hint="Work is sent to this address's /execute.">
        {(props) => (
          <input
            {...props}
            type="url"
            className={INPUT}
            value={endpoint}
            onChange={(event) => setEndpoint(event.target.value)}
          />
        )}
      </Field>
      <Field label="Capabilities" required hint="The words of the pool, separated by commas.">
        {(props) => (
          <input {...props} className={INPUT} value={words} onChange={(event) => setWords(event.target.value)} />
        )}
      </Field>
      {register.error ? <ErrorPanel error={register.error} title="The agent was not registered" /> : null}
      {register.data ? (
        <output className="rounded-md border border-done/50 bg-done-soft p-3 text-sm text-done-ink">
          {register.data.agent_id} is registered. Its token, shown only now:{' '}
          <Id value={register.data.agent_token} className="text-done-ink!" />
        </output>
      ) : null}
      <div className="flex justify-end gap-2">
        <Button onClick={onClose}>Close</Button>
        <Button
          look="primary"
          type="submit"
          busy={register.isPending}
          disabled={!id.trim() || capabilities.length === 0}
        >
          Register agent
        </Button>
      </div>
    </form>
  )
  return (
    <Dialog open onClose={onClose} title="Register an agent" describe="Anything that speaks HTTP can join a pool." wide>
      <Tabs
        label="How"
        value={tab}
        onChange={setTab}
        items={[
          { id: 'form', label: 'By its address', content: form },
          {
            id: 'code',
            label: 'Code sample',
            content: <JsonView value={sample(location.host, id, capabilities)} label="Code" maxHeight={420} />,
          },
        ]}
      />
    </Dialog>
  )
}
