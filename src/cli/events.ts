import WebSocket from 'ws'
import { readArguments } from './arguments.ts'
import { createClient } from './client.ts'
import { CliError, type Io } from './io.ts'

const HELP = `troupe events [list] [--domain D] [--run ID] [--stream S] [--type T] [--level L] [--limit N]
troupe events follow [--domain D] [--run ID] [--stream S]
troupe events causes|effects ID [--depth N]`

const line = (event: any) =>
  `${event.at}  ${String(event.level).padEnd(9)}  ${event.type.padEnd(24)}  ${event.summary}  [${event.id}]`

export async function events(argv: string[], io: Io): Promise<number> {
  const { values, positionals } = readArguments(argv, {
    domain: { type: 'string' },
    run: { type: 'string' },
    stream: { type: 'string' },
    type: { type: 'string' },
    level: { type: 'string' },
    limit: { type: 'string' },
    depth: { type: 'string' },
  })
  if (values.help) {
    io.out(HELP)
    return 0
  }
  const [verb = 'list', id] = positionals
  const client = createClient(io)
  const filter = Object.entries({
    domain: values.domain,
    run_id: values.run,
    stream: values.stream,
    type: values.type,
    level: values.level,
  }).filter((entry): entry is [string, string] => typeof entry[1] === 'string')
  if (verb === 'list') {
    const answer = await client.call(
      'GET',
      `/v1/events?${new URLSearchParams([...filter, ['limit', String(values.limit ?? '30')]])}`,
    )
    io.out(values.json ? JSON.stringify(answer) : answer.events.map(line).reverse().join('\n') || 'No events yet.')
    return 0
  }
  if (verb === 'follow') return follow(client.base, filter, values.json === true, io)
  if (verb !== 'causes' && verb !== 'effects') throw new CliError(`no verb "${verb}": see --help`)
  if (!id) throw new CliError(`${verb} needs the id of an event`)
  const answer = await client.call('GET', `/v1/events/${id}/${verb}?depth=${values.depth ?? 5}`)
  if (values.json) {
    io.out(JSON.stringify(answer))
    return 0
  }
  io.out(
    [line(answer.event), ...answer.related.map((one: any) => `${'  '.repeat(one.depth)}${line(one.event)}`)].join('\n'),
  )
  return 0
}

const RECONNECT_MS = 1_000

/** Prints events as they come, over lost connections without a gap, until Ctrl-C. */
async function follow(base: string, filter: [string, string][], json: boolean, io: Io): Promise<number> {
  let since: string | undefined
  let socket: WebSocket | undefined
  const token = io.env['TROUPE_TOKEN'] ?? io.env['API_TOKEN'] ?? io.env['API_KEY']
  return new Promise((resolve) => {
    const connect = () => {
      const url = `${base.replace(/^http/, 'ws')}/v1/live?${new URLSearchParams([...filter, ...(since ? [['since', since] as [string, string]] : [])])}`
      socket = new WebSocket(url, token ? { headers: { authorization: `Bearer ${token}` } } : {})
      socket.on('message', (raw) => {
        const frame = JSON.parse(String(raw)) as { events?: any[]; cursor?: string }
        since = frame.cursor ?? since
        for (const event of frame.events ?? []) io.out(json ? JSON.stringify(event) : line(event))
      })
      socket.on('error', (error) => io.err(`connection lost: ${error.message}, trying again`))
      socket.on('close', (code, reason) => {
        // 44xx: the server refuses what was asked, so asking again would not help; 4408 is a slow reader, which comes back.
        if (code < 4400 || code > 4499 || code === 4408) return void setTimeout(connect, RECONNECT_MS)
        io.err(`the server closed the stream: ${String(reason)} (${code})`)
        resolve(1)
      })
    }
    connect()
    process.once('SIGINT', () => {
      socket?.removeAllListeners('close')
      socket?.close()
      resolve(130)
    })
  })
}
