import { describe, expect, it } from 'vitest'
import { type FormSchema, fieldKind, fieldTitle, formIssues, initialValue, withoutBlanks } from './schema-form-rules.ts'

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
  it('asks lists of things row by row, names by ticks, numbers by name', () => {
    const rows: FormSchema = {
      properties: {
        lines: {
          type: 'array',
          minItems: 1,
          items: { type: 'object', required: ['item'], properties: { item: { type: 'string' } } },
        },
        task_ids: { type: 'array', items: { type: 'string', 'x-ref': 'task' } },
        scores: { type: 'object', additionalProperties: { type: 'number' } },
        at: { type: 'string', format: 'date-time' },
        policy: {
          anyOf: [{ type: 'object', properties: { days: { type: 'integer' } } }, { type: 'string' }],
        },
        menu: {
          default: null,
          anyOf: [{ type: 'object', properties: { name: { type: 'string' } } }, { type: 'null' }],
        },
      },
      required: ['lines'],
    }
    expect(Object.values(rows.properties!).map(fieldKind)).toEqual([
      'rows',
      'picks',
      'map',
      'datetime',
      'group',
      'group',
    ])
    expect(fieldTitle('task_ids', rows.properties!.task_ids!)).toBe('Tasks')
    expect(initialValue(rows)).toEqual({ policy: {}, menu: null })
    expect(formIssues(rows, { lines: [{ item: 'A' }, {}] })).toEqual([{ field: 'lines.1.item', message: 'is needed' }])
    expect(formIssues(rows, { lines: [] })).toEqual([{ field: 'lines', message: 'needs at least 1' }])
  })
  it('leaves out what was left empty', () => {
    expect(withoutBlanks(schema, { guests: 3, venue: '', note: '', contact: { name: 'Ada', other: 1 } })).toEqual({
      guests: 3,
      contact: { name: 'Ada' },
    })
  })
})
