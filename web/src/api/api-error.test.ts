import { describe, expect, it } from 'vitest'
import { readApiError } from './api-error.ts'

describe('error bodies of the contracts', () => {
  it("reads the task contract's detail, code and errors", () => {
    const error = readApiError(400, {
      detail: 'description is too short',
      code: 'VALIDATION_ERROR',
      errors: [{ field: 'description', message: 'at least 10 characters' }],
    })
    expect(error).toMatchObject({ status: 400, code: 'VALIDATION_ERROR', message: 'description is too short' })
    expect(error.fields).toEqual([{ field: 'description', message: 'at least 10 characters' }])
  })
  it("reads the simulation contract's code, message and problems", () => {
    const error = readApiError(400, {
      code: 'INVALID_CONFIG',
      message: '1 problem',
      details: { problems: [{ path: 'simulation.max_turns', message: 'must be > 0' }] },
    })
    expect(error.message).toBe('1 problem')
    expect(error.fields).toEqual([{ field: 'simulation.max_turns', message: 'must be > 0' }])
  })
  it("reads the planning contract's code under error, beside its message", () => {
    const body = { error: 'PRECONDITIONS_NOT_MET', message: 'Quality gate failed', details: { fields: [] } }
    expect(readApiError(409, body)).toMatchObject({ code: 'PRECONDITIONS_NOT_MET', message: 'Quality gate failed' })
  })
  it('reads an error nested under "error", and plain text', () => {
    expect(readApiError(409, { error: { code: 'CONFLICT', message: 'Someone answered first' } })).toMatchObject({
      code: 'CONFLICT',
      message: 'Someone answered first',
    })
    expect(readApiError(502, 'bad gateway')).toMatchObject({ code: 'HTTP_502', message: 'bad gateway' })
  })
})
