import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import type { InvalidAnswerError } from './errors.ts'
import { jsonInText, outermostJson, readAnswer } from './read-answer.ts'

const schema = z.object({ city: z.string(), seats: z.number() })
const read = (text: string) => readAnswer(text, { schema, kind: 'object', cutOff: false })
const violationsOf = (work: () => unknown): readonly string[] => {
  try {
    work()
  } catch (error) {
    return (error as InvalidAnswerError).violations
  }
  return []
}

describe('outermostJson', () => {
  it.each([
    ['Sure! {"a":1} done', '{"a":1}'],
    ['```json\n{"a":{"b":[1,2]}}\n```', '{"a":{"b":[1,2]}}'],
    ['text } { not json { "a": "}{" } more', '{ "a": "}{" }'],
    ['[1,2] {"a":1}', '[1,2]'],
    ['{"a":"say \\"hi\\" }"}', '{"a":"say \\"hi\\" }"}'],
    ['{"a":', undefined],
    ['nothing', undefined],
  ])('finds in %j', (text, expected) => expect(outermostJson(text)).toBe(expected))

  it('finds the wanted kind', () => {
    expect(outermostJson('{"x":1} then [1]', 'array')).toBe('[1]')
    expect(outermostJson('[{"x":1}]', 'object')).toBe('{"x":1}')
  })

  it('finds any JSON object between any words', () => {
    const words = fc.string().filter((text) => !/[{}[\]"]/.test(text))
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), words, words, (value, before, after) => {
        const text = JSON.stringify(value)
        expect(jsonInText(`${before}${text}${after}`, 'object')).toEqual(JSON.parse(text))
      }),
    )
  })
})

describe('readAnswer', () => {
  it('gives the checked value', () => {
    expect(read('Here: {"city":"Oslo","seats":4}')).toEqual({ city: 'Oslo', seats: 4 })
  })

  it('names every violation with its path', () => {
    const violations = violationsOf(() => read('{"city":5}'))
    expect(violations).toHaveLength(2)
    expect(violations[0]).toMatch(/^city: /)
    expect(violations[1]).toMatch(/^seats: /)
  })

  it('tells an empty answer, prose and a cut-off answer apart', () => {
    expect(violationsOf(() => read('  '))).toEqual(['the answer is empty'])
    expect(violationsOf(() => read('prose'))).toEqual(['the answer contains no complete JSON'])
    expect(violationsOf(() => readAnswer('{"ci', { schema, kind: 'object', cutOff: true }))[0]).toContain('cut off')
  })
})
