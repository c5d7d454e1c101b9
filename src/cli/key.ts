import { readArguments } from './arguments.ts'
import { createClient } from './client.ts'
import { CliError, type Io } from './io.ts'
import { ago, printTable } from './print-table.ts'

const HELP = `troupe key create NAME --role Admin|Organizer|Approver|Finance|Viewer|Auditor|Service [--scope S]… [--project P]… [--days N]
troupe key list
troupe key revoke ID`

export async function key(argv: string[], io: Io): Promise<number> {
  const { values, positionals } = readArguments(argv, {
    role: { type: 'string', multiple: true },
    scope: { type: 'string', multiple: true },
    project: { type: 'string', multiple: true },
    days: { type: 'string' },
  })
  if (values.help) {
    io.out(HELP)
    return 0
  }
  const [verb = 'list', subject] = positionals
  const client = createClient(io)
  if (verb === 'list') {
    const answer = await client.call('GET', '/v1/keys')
    if (values.json) {
      io.out(JSON.stringify(answer))
      return 0
    }
    const state = (one: any) =>
      one.revoked_at ? 'revoked' : one.expires_at && Date.parse(one.expires_at) < Date.now() ? 'expired' : 'valid'
    io.out(
      answer.keys.length === 0
        ? 'No keys yet.'
        : printTable(
            ['ID', 'NAME', 'STATE', 'ROLES', 'LAST USED'],
            answer.keys.map((one: any) => [
              one.id,
              one.name,
              state(one),
              [...one.roles, ...one.scopes].join(', '),
              ago(one.last_used_at),
            ]),
          ),
    )
    return 0
  }
  if (verb !== 'create' && verb !== 'revoke') throw new CliError(`no verb "${verb}": see --help`)
  if (!subject) throw new CliError(`${verb} needs ${verb === 'create' ? 'a name' : 'the id of a key'}`)
  if (verb === 'revoke') {
    await client.call('DELETE', `/v1/keys/${subject}`)
    io.out(`${subject}: revoked`)
    return 0
  }
  const made = await client.call('POST', '/v1/keys', {
    name: subject,
    roles: values.role ?? ['Viewer'],
    scopes: values.scope ?? [],
    projects: values.project ?? ['*'],
    ...(values.days ? { expires_in_days: Number(values.days) } : {}),
  })
  io.out(
    values.json
      ? JSON.stringify(made)
      : `${made.secret}\n\nShown once. Send it as "Authorization: Bearer …" or "X-API-Key: …". Id ${made.id}.`,
  )
  return 0
}
