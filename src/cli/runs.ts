import { readArguments } from './arguments.ts'
import { createClient } from './client.ts'
import { CliError, type Io, readJsonOption } from './io.ts'
import { ago, printTable } from './print-table.ts'

const HELP = `troupe runs [list] [--status S] [--domain D] [--limit N]
troupe runs show ID
troupe runs pause|resume|cancel|retry ID
troupe runs fork ID --stage N [--state JSON]`

const CONTROLS = ['pause', 'resume', 'cancel', 'retry']

export async function runs(argv: string[], io: Io): Promise<number> {
  const { values, positionals } = readArguments(argv, {
    status: { type: 'string' },
    domain: { type: 'string' },
    limit: { type: 'string' },
    stage: { type: 'string' },
    state: { type: 'string' },
  })
  if (values.help) {
    io.out(HELP)
    return 0
  }
  const [verb = 'list', id] = positionals
  const client = createClient(io)
  if (verb === 'list') {
    const query = new URLSearchParams(
      Object.entries({ status: values.status, domain: values.domain, limit: values.limit ?? '20' }).filter(
        (entry): entry is [string, string] => typeof entry[1] === 'string',
      ),
    )
    const answer = await client.call('GET', `/v1/runs?${query}`)
    if (values.json) {
      io.out(JSON.stringify(answer))
      return 0
    }
    io.out(
      answer.runs.length === 0
        ? 'No runs yet.'
        : printTable(
            ['ID', 'STATUS', 'DOMAIN', 'STARTED', 'TITLE'],
            answer.runs.map((run: any) => [run.id, run.status, run.domain, ago(run.created_at), run.title]),
          ),
    )
    return 0
  }
  if (!id) throw new CliError(`${verb} needs the id of a run: see --help`)
  if (verb === 'show') {
    const run = await client.call('GET', `/v1/runs/${id}`)
    const { steps } = await client.call('GET', `/v1/runs/${id}/steps`)
    if (values.json) {
      io.out(JSON.stringify({ run, steps }))
      return 0
    }
    io.out(
      `${run.title}\n${run.status}${run.holds.length > 0 ? `, waits for ${run.holds.join(', ')} since ${ago(run.waiting_since)}` : ''}, ${Math.round(run.progress)} %`,
    )
    if (run.error) io.out(`${run.error.code}: ${run.error.message}`)
    io.out(
      printTable(
        ['NO', 'STAGE', 'STEP', 'STATUS', 'STARTED'],
        steps.map((step: any) => [
          step.stage_no,
          step.stage,
          step.step || '(stage)',
          step.status,
          ago(step.started_at),
        ]),
      ),
    )
    return 0
  }
  if (verb !== 'fork' && !CONTROLS.includes(verb)) throw new CliError(`no verb "${verb}": see --help`)
  const body =
    verb === 'fork'
      ? {
          stage_no: Number(values.stage ?? 1),
          ...(values.state ? { state: readJsonOption('state', String(values.state)) } : {}),
        }
      : verb === 'retry'
        ? {}
        : undefined
  const run = await client.call('POST', `/v1/runs/${id}/${verb}`, body)
  io.out(values.json ? JSON.stringify(run) : `${run.id}: ${run.status}`)
  return 0
}
