import { isMap, show } from '../core/json.ts'
import type { AnswerSchema } from './llm-client.ts'

/** An answer that is not JSON or does not fit its schema. */
export class AnswerError extends Error {
  constructor(message: string) {
    super(message)
    this.name = 'AnswerError'
  }
}

type FieldRule = {
  json: Record<string, unknown>
  expected: string
  isRight(value: unknown): boolean
  optional?: boolean
}

export const text = (min: number, max: number, oneLine = false): FieldRule => ({
  json: { type: 'string', minLength: min, maxLength: max },
  expected: `${oneLine ? 'one line of ' : 'text of '}${min} to ${max} characters`,
  isRight: (v) => typeof v === 'string' && v.length >= min && v.length <= max && !(oneLine && /[\r\n]/.test(v)),
})

export const number = (min: number, max: number): FieldRule => ({
  json: { type: 'number', minimum: min, maximum: max },
  expected: `a number from ${min} to ${max}`,
  isRight: (v) => typeof v === 'number' && v >= min && v <= max,
})

export const flag: FieldRule = {
  json: { type: 'boolean' },
  expected: 'true or false',
  isRight: (v) => typeof v === 'boolean',
}

export const optionalMap: FieldRule = {
  json: { type: 'object' },
  expected: 'a map',
  isRight: (v) => v === undefined || v === null || isMap(v),
  optional: true,
}

/** A schema from field rules: what the provider is told and what every answer is checked against. Other fields pass. */
export function answerSchema<T>(name: string, fields: Readonly<Record<string, FieldRule>>): AnswerSchema<T> {
  const required = Object.entries(fields).filter(([, rule]) => !rule.optional)
  return {
    name,
    jsonSchema: {
      type: 'object',
      properties: Object.fromEntries(Object.entries(fields).map(([key, rule]) => [key, rule.json])),
      required: required.map(([key]) => key),
    },
    parse(value) {
      if (!isMap(value)) throw new AnswerError('The answer must be a JSON object')
      for (const [key, rule] of Object.entries(fields))
        if (!rule.isRight(value[key]))
          throw new AnswerError(`${key} must be ${rule.expected}, but is ${show(value[key])}`)
      return value as T
    },
  }
}

const reasoning = text(10, 2000)
const confidence = number(0, 1)

export type PolicyDecision = { action: string; reasoning: string; confidence: number; parameters?: Record<string, any> }
export const policyDecision = answerSchema<PolicyDecision>('policy_decision', {
  action: text(1, 500, true),
  reasoning,
  confidence,
  parameters: optionalMap,
})

export type ValidationAnswer = { is_valid: boolean; reasoning: string; confidence: number; action_evaluated: string }
export const validationAnswer = answerSchema<ValidationAnswer>('validation_result', {
  is_valid: flag,
  reasoning,
  confidence,
  action_evaluated: text(1, 500),
})

export type StateUpdate = { reasoning: string; confidence: number; action_applied: string; [value: string]: any }
/** Schema of an engine's answer: its own values beside reasoning, confidence and action_applied. */
export const stateUpdateSchema = (values: Readonly<Record<string, FieldRule>>): AnswerSchema<StateUpdate> =>
  answerSchema<StateUpdate>('state_update_decision', { ...values, reasoning, confidence, action_applied: text(1, 500) })

/** The first balanced `{…}` of a text; strings may hold braces. */
function firstObject(text: string): string | undefined {
  for (let start = text.indexOf('{'); start >= 0; start = text.indexOf('{', start + 1)) {
    let depth = 0
    let inString = false
    for (let i = start; i < text.length; i++) {
      const c = text[i]
      if (inString) {
        if (c === '\\') i++
        else if (c === '"') inString = false
      } else if (c === '"') inString = true
      else if (c === '{') depth++
      else if (c === '}' && --depth === 0) return text.slice(start, i + 1)
    }
  }
  return undefined
}

/** A model's text -> checked value. The whole text as JSON, failing that its first balanced object. Throws AnswerError. */
export function parseAnswer<T>(answer: string, schema: AnswerSchema<T>): T {
  for (const candidate of [answer, firstObject(answer)]) {
    if (candidate === undefined) continue
    let value: unknown
    try {
      value = JSON.parse(candidate)
    } catch {
      continue // Prose around the object, or no JSON at all: decided below.
    }
    return schema.parse(value)
  }
  throw new AnswerError(`The answer is not JSON: ${answer.slice(0, 120)}`)
}
