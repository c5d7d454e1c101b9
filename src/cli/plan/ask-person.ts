import readline from 'node:readline/promises'
import type { Approval, Question } from '../../planning/schema.ts'

/** Puts one line to whoever sits at the terminal. */
export type Ask = (prompt: string) => Promise<string>

/** The terminal's own, where input and output are one; else nobody can be asked. */
export function terminalAsk(): Ask | undefined {
  if (!process.stdin.isTTY || !process.stderr.isTTY) return undefined
  return async (prompt) => {
    const line = readline.createInterface({ input: process.stdin, output: process.stderr })
    try {
      return await line.question(prompt)
    } finally {
      line.close()
    }
  }
}

const money = (value: unknown) => (typeof value === 'number' ? value.toLocaleString('en-US') : '?')

/** What an approval is about, in one or two lines for a terminal. */
export function approvalText({ approval_type, details }: Approval): string {
  const named = approval_type.replaceAll('_', ' ')
  if (approval_type === 'budget_decision')
    return `${named}: ${money(details['approved_total'])} of ${money(details['total_budget'])} ${details['currency'] ?? ''}, variance ${details['variance_percent'] ?? '?'} %${details['venue_name'] ? `; with it the venue ${details['venue_name']} for ${money(details['venue_cost'])}` : ''}`
  if (approval_type === 'venue_selection')
    return `${named}: ${details['venue_name']} for ${money(details['venue_cost'])}. ${details['selection_rationale'] ?? ''}`
  if (approval_type === 'vendor_contract') {
    const terms = details['terms'] as { total_cost?: number; payment_terms?: string } | undefined
    return `${named}: ${details['vendor_name']} (${details['service_type']}) for ${money(terms?.total_cost)}, ${terms?.payment_terms ?? ''}`
  }
  return `${named}: ${details['description'] ?? ''}`
}

export type Verdict = { decision: 'approved' | 'rejected'; comments?: string } | null

/** Yes, no with a reason, or later. */
export async function askApproval(ask: Ask, approval: Approval): Promise<Verdict> {
  for (;;) {
    const said = (await ask(`${approvalText(approval)}\n  approve? [y]es, [n]o, [l]ater: `)).trim().toLowerCase()
    if (said.startsWith('y')) return { decision: 'approved', comments: 'approved in the terminal' }
    if (said.startsWith('l')) return null
    if (!said.startsWith('n')) continue
    const comments = (await ask('  why not? ')).trim()
    return { decision: 'rejected', comments: comments || 'rejected in the terminal' }
  }
}

/** The answer to a question of an agent; an empty line leaves it to the agent. */
export async function askQuestion(
  ask: Ask,
  { prompt, options }: Pick<Question, 'prompt' | 'options'>,
): Promise<string> {
  const said = (
    await ask(`${prompt}\n  answer${options ? ' (number or words)' : ''}, or Enter for best judgement: `)
  ).trim()
  const number = Number(said)
  return options && Number.isInteger(number) && options[number - 1] ? options[number - 1]! : said
}
