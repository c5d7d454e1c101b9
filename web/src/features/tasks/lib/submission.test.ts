import { expect, it } from 'vitest'
import { descriptionIssue, fileIssue, readInputData } from './submission.ts'

it('refuses before sending what the server would refuse', () => {
  expect(fileIssue({ name: 'sales.csv', size: 10 })).toBeUndefined()
  expect(fileIssue({ name: 'app.py', size: 10 })).toContain('.py files are not taken')
  expect(fileIssue({ name: 'a.txt', size: 0 })).toBe('is empty')
  expect(fileIssue({ name: 'a.txt', size: 60 * 1024 * 1024 })).toBe('is larger than 50 MB')
})

it('counts the description after trimming', () => {
  expect(descriptionIssue('   too short ')).toContain('1 more')
  expect(descriptionIssue('x'.repeat(5000))).toBeUndefined()
  expect(descriptionIssue('x'.repeat(5001))).toContain('1 too many')
})

it('takes an object as input data and nothing else', () => {
  expect(readInputData(' ')).toEqual({})
  expect(readInputData('{"sql":"SELECT 1"}').value).toEqual({ sql: 'SELECT 1' })
  expect(readInputData('[1]').issue).toContain('JSON object')
  expect(readInputData('{').issue).toBe('is no valid JSON')
})
