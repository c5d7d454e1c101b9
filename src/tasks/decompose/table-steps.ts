import type { Capability } from '../schema.ts'
import { readForms } from '../skills/arithmetic/read-forms.ts'
import { capabilityOf } from './capability-of.ts'
import { type Fragment, join } from './split-text.ts'

export const TABLE_CAPABILITIES: readonly Capability[] = ['data_analysis', 'file_processing']

const OPERATION =
  /^(?:(?:please|also|now)\s+)?(?:read|load|open|parse|filter|sort|order|group|calculate|compute|chart|plot|save|(?:create|generate|write|build)\s+(?:an?\s+|the\s+)?(?:[\w-]+\s+){0,3}?(?:charts?|plots?|graphs?|histograms?))\b/i
/** Operations that are no action verbs of the splitting rule, so they stay inside their fragment. */
const FURTHER_OPERATION = /(?:,|\band)\s+(?:sort|order|group)\b/i
const READS = /^(?:(?:please|also|now)\s+)?(?:read|load|open|parse)\b/i
const TABLE_WORDS =
  /\b(?:csv|tsv|xlsx?|excel|spreadsheet|table|rows?|columns?|dataset|data|file|attached|attachment|records?)\b|\.(?:csv|tsv|xlsx?|json)\b/i
const PLACE = new Set<Capability>(['database_operations', 'api_integration', 'web_scraping', 'code_generation'])

/** Works on the table at hand: not on numbers written in the step, and not with a database, page or service. */
function isTableOperation(text: string): boolean {
  if (!OPERATION.test(text)) return false
  const capability = capabilityOf(text)
  return (capability === undefined || !PLACE.has(capability)) && readForms(text).confidence < 0.8
}

export type TableStep = Fragment & { isTable: boolean }

/** Table operations on one table that only commas or "and" join stay together as one step (contract 5.6.1, rule 3). */
export function joinTableSteps(text: string, fragments: readonly Fragment[]): TableStep[] {
  const steps: TableStep[] = []
  let open = false
  for (const fragment of fragments) {
    const last = steps.at(-1)
    const isOperation = isTableOperation(fragment.text)
    const soft = fragment.joint === 'comma' || fragment.joint === 'and'
    const sameTable =
      last !== undefined && TABLE_WORDS.test(`${last.text} ${fragment.text}`) && !READS.test(fragment.text)
    if (last && open && isOperation && soft && sameTable)
      steps[steps.length - 1] = { ...join(text, last, fragment), isTable: true }
    else steps.push({ ...fragment, isTable: isOperation && FURTHER_OPERATION.test(fragment.text) })
    open = isOperation
  }
  return steps
}
