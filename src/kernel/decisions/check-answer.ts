import { Ajv } from 'ajv'
import formats from 'ajv-formats'
import { ValidationError } from '../errors/app-error.ts'
import type { AnswerInput, Decision } from './schema.ts'

const ajv = new Ajv({ allErrors: true, strict: false })
;(formats as unknown as (instance: Ajv) => void)(ajv)

/** Throws a ValidationError when the answer does not fit the question: its options, or its form. */
export function checkAnswer(decision: Pick<Decision, 'kind' | 'options' | 'form'>, answer: AnswerInput): void {
  if (decision.kind !== 'answer') {
    const allowed = decision.options.length > 0 ? decision.options.map((option) => option.id) : ['approve', 'deny']
    if (answer.choice === undefined || !allowed.includes(answer.choice))
      throw new ValidationError(`choice must be one of: ${allowed.join(', ')}`, [
        {
          field: 'choice',
          message: `must be one of: ${allowed.join(', ')}`,
          ...(answer.choice === undefined ? {} : { value: answer.choice }),
        },
      ])
    if (answer.value === undefined || answer.value === null) return
    if (!decision.form)
      throw new ValidationError('value: this question offers nothing to edit', [
        { field: 'value', message: 'this question offers nothing to edit' },
      ])
  }
  if (answer.value === undefined || answer.value === null || answer.value === '')
    throw new ValidationError('value is missing: give the answer', [{ field: 'value', message: 'is required' }])
  if (!decision.form) return
  const validate = ajv.compile(decision.form)
  if (validate(answer.value)) return
  const fields = (validate.errors ?? []).map((error) => ({
    field: `value${error.instancePath.replaceAll('/', '.')}`,
    message: error.message ?? 'does not fit',
    constraint: error.keyword,
  }))
  throw new ValidationError(fields.map(({ field, message }) => `${field} ${message}`).join('; '), fields)
}
