import type { Approval, Question } from '../../planning/schema.ts'

/** Puts one line to whoever answers; null when nobody is there any more. */
export type Ask = (prompt: string) => Promise<string | null>

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
    const answer = await ask(`${approvalText(approval)}\n  approve? [y]es, [n]o, [l]ater: `)
    const said = answer?.trim().toLowerCase() ?? 'later'
    if (said.startsWith('y')) return { decision: 'approved', comments: 'approved in the terminal' }
    if (said.startsWith('l')) return null
    if (!said.startsWith('n')) continue
    const comments = (await ask('  why not? '))?.trim()
    return { decision: 'rejected', comments: comments || 'rejected in the terminal' }
  }
}

/** The answer to a question of an agent; an empty line leaves it to the agent, null leaves the question open. */
export async function askQuestion(
  ask: Ask,
  { prompt, options }: Pick<Question, 'prompt' | 'options'>,
): Promise<string | null> {
  const answer = await ask(`${prompt}\n  answer${options ? ' (number or words)' : ''}, or Enter for best judgement: `)
  if (answer === null) return null
  const said = answer.trim()
  const number = Number(said)
  return options && Number.isInteger(number) && options[number - 1] ? options[number - 1]! : said
}
