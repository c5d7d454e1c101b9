import { readArguments } from './arguments.ts'
import { createClient } from './client.ts'
import { CliError, type Io, readJsonOption } from './io.ts'
import { ago, printTable } from './print-table.ts'

const HELP = `troupe decisions [list] [--status open|answered|…] [--domain D]
troupe decisions show ID
troupe decisions answer ID CHOICE [--comment TEXT]        approve or choose
troupe decisions answer ID --value JSON [--comment TEXT]  answer a form`

export async function decisions(argv: string[], io: Io): Promise<number> {
  const { values, positionals } = readArguments(argv, {
    status: { type: 'string' },
    domain: { type: 'string' },
    comment: { type: 'string' },
    value: { type: 'string' },
  })
  if (values.help) {
    io.out(HELP)
    return 0
  }
  const [verb = 'list', id, choice] = positionals
  const client = createClient(io)
  if (verb === 'list') {
    const query = new URLSearchParams([
      ['status', String(values.status ?? 'open')],
      ...(values.domain ? [['domain', String(values.domain)] as [string, string]] : []),
    ])
    const answer = await client.call('GET', `/v1/decisions?${query}`)
    if (values.json) {
      io.out(JSON.stringify(answer))
      return 0
    }
    io.out(
      answer.decisions.length === 0
        ? 'Nothing waits for you.'
        : printTable(
            ['ID', 'DOMAIN', 'ASKED', 'DUE', 'QUESTION'],
            answer.decisions.map((one: any) => [
              one.id,
              one.domain,
              ago(one.created_at),
              one.deadline ?? '–',
              one.title,
            ]),
          ),
    )
    return 0
  }
  if (!id) throw new CliError(`${verb} needs the id of a question`)
  if (verb === 'show') {
    const one = await client.call('GET', `/v1/decisions/${id}`)
    if (values.json) {
      io.out(JSON.stringify(one))
      return 0
    }
    io.out(
      `${one.title}\n\n${one.prompt}\n\n${one.options.map((option: any) => `  ${option.id}: ${option.label}${option.description ? ` – ${option.description}` : ''}`).join('\n')}`,
    )
    for (const piece of one.evidence)
      io.out(
        `\n${piece.title}\n${typeof piece.value === 'string' ? piece.value : JSON.stringify(piece.value, null, 2)}`,
      )
    if (one.answer)
      io.out(`\n${one.status} by ${one.answered_by}: ${one.answer.choice ?? JSON.stringify(one.answer.value)}`)
    return 0
  }
  if (verb !== 'answer') throw new CliError(`no verb "${verb}": see --help`)
  if (!choice && values.value === undefined) throw new CliError('give a choice, or --value with JSON')
  const answer = await client.call('POST', `/v1/decisions/${id}/answer`, {
    ...(choice ? { choice } : {}),
    ...(values.value === undefined ? {} : { value: readJsonOption('value', String(values.value)) }),
    ...(values.comment ? { comment: values.comment } : {}),
  })
  io.out(values.json ? JSON.stringify(answer) : `${answer.title}: ${answer.answer.choice ?? 'answered'}`)
  return 0
}
