import { paragraph, section, table } from '../../pages/html.ts'
import type { JsonObject } from '../../schema.ts'
import type { Skill, SkillRequest } from '../skill.ts'
import { invalid } from '../skill-error.ts'
import { type Found, jsonOf } from './forms.ts'
import { readForms } from './read-forms.ts'

const SHOWN_DIGITS = 40

/** `3628800` -> `3,628,800`; very long numbers are cut in the middle. */
export function showNumber(value: unknown): string {
  if (value === null) return 'not defined'
  if (Array.isArray(value)) return value.map(showNumber).join(', ')
  const text = String(value)
  if (!/^-?\d+$/.test(text)) return text
  if (text.length <= SHOWN_DIGITS) return text.replace(/\B(?=(\d{3})+$)/g, ',')
  return `${text.slice(0, 20)}…${text.slice(-5)} (${text.replace('-', '').length} digits)`
}

function sentence(kind: string, { label, headline }: Found): string {
  const { value } = jsonOf(headline)
  if (kind === 'is_prime') return `${label.replace(' is prime', '')} is ${value ? '' : 'not '}prime`
  if (kind === 'primes' && Array.isArray(value))
    return `Found ${value.length} ${label}${value.length > 0 ? `, last ${showNumber(value.at(-1))}` : ''}`
  return `Calculated ${label} = ${showNumber(value)}`
}

/** The text, and `input_data.expression` where the text has no calculation or a retry gave it. */
function textOf({ description, inputData, overrides }: SkillRequest): string {
  const given = inputData['expression']
  if (typeof given !== 'string') return description
  return overrides.has('expression') || readForms(description).forms.length === 0 ? `Calculate ${given}` : description
}

/** S1: exact arithmetic. Nothing is evaluated as code. */
export const arithmetic: Skill = {
  name: 'arithmetic',
  title: 'Arithmetic',
  capabilities: ['data_analysis'],
  confidence: (request) => readForms(textOf(request)).confidence,

  async run(request) {
    const { forms } = readForms(textOf(request))
    if (forms.length === 0)
      throw invalid('no calculation found: name one, for example "factorial of 10" or "(3 + 4) * 2"')
    const data: JsonObject = {}
    const expressions: { expression: string; result: unknown }[] = []
    const lines: { what: string; value: string }[] = []
    const sentences: string[] = []
    for (const form of forms)
      for (const found of form.run()) {
        for (const [key, value] of Object.entries(found.data)) {
          const json = jsonOf(value)
          if (form.kind === 'expression' && key === 'result') {
            data['expression'] = form.text
            expressions.push({ expression: form.text, result: json.value })
          }
          data[key] = json.value
          if (json.asString) data['exact'] = 'string'
          lines.push({ what: key === 'result' ? found.label : key.replaceAll('_', ' '), value: showNumber(json.value) })
        }
        sentences.push(sentence(form.kind, found))
      }
    if (expressions.length > 1) data['results'] = expressions
    const summary = sentences.join('; ')
    const shown = lines.map(({ what, value }) => ({ Calculation: what, Result: value }))
    return { data, summary, result: section('Summary', paragraph(`${summary}.`)) + section('Results', table(shown)) }
  },
}
