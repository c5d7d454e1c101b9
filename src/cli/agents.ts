import fs from 'node:fs'
import path from 'node:path'
import { readArguments } from './arguments.ts'
import { type Client, createClient } from './client.ts'
import { CliError, type Io } from './io.ts'
import { ago, printTable } from './print-table.ts'
import { readOwnerFile } from './server-file.ts'

const HELP = `troupe agents [list] [--pool P] [--dead]
troupe agents drain|offline|resume POOL ID
troupe agents try                                  which agents can be tried alone
troupe agents try planning AGENT BRIEF [--task T]  what it would make of this brief; nothing is saved
troupe agents try movies AGENT FILM
troupe agents try tasks AGENT "JOB" [FILES]        what it would make of this job`

export async function agents(argv: string[], io: Io): Promise<number> {
  const { values, positionals } = readArguments(argv, {
    pool: { type: 'string' },
    dead: { type: 'boolean' },
    task: { type: 'string' },
  })
  if (values.help) {
    io.out(HELP)
    return 0
  }
  const [verb = 'list', pool, id] = positionals
  const client = createClient(io)
  if (verb === 'try') return tryAgent(client, positionals.slice(1), values, io)
  if (verb === 'list') {
    const answer = await client.call(
      'GET',
      `/v1/agents?include_dead=${values.dead === true}${values.pool ? `&pool=${values.pool}` : ''}`,
    )
    if (values.json) {
      io.out(JSON.stringify(answer))
      return 0
    }
    const rows = answer.agents.map((agent: any) => [
      agent.pool,
      agent.id,
      agent.alive ? agent.status : 'dead',
      `${agent.running}/${agent.slots}`,
      agent.completed,
      ago(agent.seen_at),
      agent.capabilities.join(', '),
    ])
    const missing = notUpYet(client, answer.agents, io, values.pool)
    if (rows.length > 0) io.out(printTable(['POOL', 'ID', 'STATUS', 'LOAD', 'DONE', 'SEEN', 'CAPABILITIES'], rows))
    if (missing > 0)
      io.out(
        `${missing} agent${missing === 1 ? ' is' : 's are'} starting: ${missing === 1 ? 'it registers' : 'they register'} within seconds.`,
      )
    else if (rows.length === 0) io.out('No agents are registered.')
    return 0
  }
  if (!['drain', 'offline', 'resume'].includes(verb)) throw new CliError(`no verb "${verb}": see --help`)
  if (!pool || !id) throw new CliError(`${verb} needs pool and id, for example: troupe agents ${verb} tasks agent_1`)
  const agent = await client.call('POST', `/v1/agents/${pool}/${id}/${verb}`)
  io.out(values.json ? JSON.stringify(agent) : `${agent.id}: ${agent.status}`)
  return 0
}

/** How many of the server's own agents have not registered yet; 0 when another server is asked, or another pool. */
function notUpYet(client: Client, agents: readonly { pool: string; alive: boolean }[], io: Io, pool?: string): number {
  const own = readOwnerFile(io.env)
  if (!own?.agents || own.url.replace(/\/$/, '') !== client.base || (pool && pool !== 'tasks')) return 0
  return Math.max(0, own.agents - agents.filter((agent) => agent.pool === 'tasks' && agent.alive).length)
}

async function tryAgent(
  client: Client,
  [domain, agent, subject, ...files]: string[],
  { task, json }: { task?: string | undefined; json?: boolean | undefined },
  io: Io,
): Promise<number> {
  if (!domain) {
    const answer = await client.call('GET', '/v1/agents/try')
    io.out(
      json
        ? JSON.stringify(answer)
        : printTable(
            ['DOMAIN', 'AGENT', 'WHO', 'TASKS'],
            answer.agents.map((one: any) => [one.domain, one.agent, one.title, one.tasks.join(', ')]),
          ),
    )
    return 0
  }
  if (!agent || !subject) throw new CliError('try needs a domain, an agent and a brief, film or job: see --help')
  const given =
    domain === 'tasks'
      ? {
          input: subject,
          files: files.map((file) => ({ name: path.basename(file), text: fs.readFileSync(file, 'utf8') })),
        }
      : { subject }
  const made = await client.call('POST', '/v1/agents/try', { domain, agent, ...given, ...(task ? { task } : {}) })
  if (json) io.out(JSON.stringify(made))
  else {
    io.out(`${made.agent} worked ${made.duration_ms} ms by its ${made.made_by}; nothing was saved.`)
    for (const note of made.notes) io.out(`  ${note}`)
    for (const tool of made.tools)
      io.out(`  tool ${tool.name} ${JSON.stringify(tool.about)}${tool.ok ? '' : ' failed'}`)
    for (const file of made.files) io.out(`  file ${file.path} (${file.bytes} bytes)`)
    if (made.usage)
      io.out(`  ${made.usage.input_tokens} + ${made.usage.output_tokens} tokens, $${made.usage.cost_usd ?? '?'}`)
    io.out(JSON.stringify(made.output, null, 2))
  }
  return 0
}
