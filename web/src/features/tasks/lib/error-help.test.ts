import { expect, it } from 'vitest'
import { errorHelp } from './error-help.ts'

it('splits code and message and offers what helps', () => {
  expect(errorHelp('SQL_ERROR: relation "x" does not exist')).toEqual({
    code: 'SQL_ERROR',
    message: 'relation "x" does not exist',
    advice: 'Correct the query, then retry.',
    retry: 'edit',
  })
})

it('treats a message without a known code as internal', () => {
  expect(errorHelp('boom')).toMatchObject({ code: 'INTERNAL', message: 'boom', retry: 'plain' })
})
