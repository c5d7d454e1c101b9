import { describe, expect, it } from 'vitest'
import { type FormSchema, fieldKind, fieldTitle, formIssues, initialValue } from './schema-form-rules.ts'

const schema: FormSchema = {
  type: 'object',
  required: ['guests', 'venue', 'catering'],
  properties: {
    guests: { type: 'integer', minimum: 1, maximum: 800 },
    venue: { enum: ['Harbour Hall', 'Old Mill'] },
    catering: { type: 'boolean' },
    note: { anyOf: [{ type: 'string', maxLength: 500 }, { type: 'null' }] },
    contact: { type: 'object', required: ['name'], properties: { name: { type: 'string', minLength: 2 } } },
  },
}

describe('a form made from a schema', () => {
  it('picks the input by what is asked', () => {
    expect(Object.values(schema.properties!).map(fieldKind)).toEqual(['integer', 'choice', 'flag', 'long', 'group'])
  })
  it('starts with defaults, and unset required flags off', () => {
    expect(initialValue(schema)).toEqual({ catering: false, contact: {} })
  })
  it('names each missing or wrong field', () => {
    expect(formIssues(schema, { guests: 900, catering: false, contact: { name: 'A' } })).toEqual([
      { field: 'guests', message: 'must be at most 800' },
      { field: 'venue', message: 'is needed' },
      { field: 'contact.name', message: 'needs at least 2 characters' },
    ])
  })
  it('reads keys as words', () => {
    expect([fieldTitle('start_date', {}), fieldTitle('guestCount', {}), fieldTitle('x', { title: 'Given' })]).toEqual([
      'Start date',
      'Guest count',
      'Given',
    ])
  })
})
