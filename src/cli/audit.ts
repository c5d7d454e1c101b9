import { once } from 'node:events'
import fs from 'node:fs'
import readline from 'node:readline'
import { type AuditReport, verifyExport } from '../kernel/audit/verify-audit.ts'
import { readArguments } from './arguments.ts'
import { createClient } from './client.ts'
import { CliError, type Io } from './io.ts'
import { ago, printTable } from './print-table.ts'

const HELP = `troupe audit [list] [--actor ID] [--action TEXT] [--target ID] [--limit N]
troupe audit verify [FILE]     check the chain of the server, or of an exported file without a server; exit code 1 when broken
troupe audit export FILE       rows and seals as lines of JSON
troupe audit seal              seal what is there now instead of at the end of the hour`

export async function audit(argv: string[], io: Io): Promise<number> {
  const { values, positionals } = readArguments(argv, {
    actor: { type: 'string' },
    action: { type: 'string' },
    target: { type: 'string' },
    limit: { type: 'string' },
  })
  if (values.help) {
    io.out(HELP)
    return 0
  }
  const [verb = 'list', file] = positionals
  const client = createClient(io)
  if (verb === 'verify')
    return tellReport(
      file ? await verifyFile(file) : await client.call('GET', '/v1/audit/verify'),
      values.json === true,
      io,
    )
  if (verb === 'export') {
    if (!file) throw new CliError('export needs the name of a file')
    const response = await client.fetch('/v1/audit/export')
    if (!response.ok || !response.body) throw new CliError(`The export was refused (${response.status})`, 1)
    const out = fs.createWriteStream(file)
    for await (const chunk of response.body) if (!out.write(chunk)) await once(out, 'drain')
    out.end()
    await once(out, 'finish')
    io.out(`${file}: ${out.bytesWritten} bytes`)
    return 0
  }
  if (verb === 'seal') {
    const { seal } = await client.call('POST', '/v1/audit/seal')
    io.out(
      values.json
        ? JSON.stringify(seal)
        : seal
          ? `Seal ${seal.no}: ${seal.rows} rows, ${seal.seal}`
          : 'Everything is sealed.',
    )
    return 0
  }
  if (verb !== 'list') throw new CliError(`no verb "${verb}": see --help`)
  const query = new URLSearchParams(
    Object.entries({
      actor: values.actor,
      action: values.action,
      target_id: values.target,
      limit: values.limit ?? '20',
    }).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
  )
  const answer = await client.call('GET', `/v1/audit?${query}`)
  io.out(
    values.json
      ? JSON.stringify(answer)
      : answer.rows.length === 0
        ? 'No rows yet.'
        : printTable(
            ['WHEN', 'WHO', 'ACTION', 'TARGET', 'OUTCOME'],
            answer.rows.map((row: any) => [ago(row.at), row.actor_name, row.action, row.target_id, row.outcome]),
          ),
  )
  return 0
}

async function verifyFile(file: string): Promise<AuditReport> {
  if (!fs.existsSync(file)) throw new CliError(`There is no file ${file}`)
  return verifyExport(
    readline.createInterface({ input: fs.createReadStream(file), crlfDelay: Number.POSITIVE_INFINITY }),
  )
}

function tellReport(report: AuditReport, json: boolean, io: Io): number {
  if (json) io.out(JSON.stringify(report))
  else {
    io.out(
      `${report.ok ? 'The chain is whole' : 'THE CHAIN IS BROKEN'}: ${report.seals} seals, ${report.rows} rows, ${report.unsealed} not sealed yet`,
    )
    io.out(`Head ${report.head}`)
    for (const { seal, problem } of report.problems) io.out(`  seal ${seal}: ${problem}`)
  }
  return report.ok ? 0 : 1
}
