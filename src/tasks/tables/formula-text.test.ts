import fc from 'fast-check'
import { expect, it } from 'vitest'
import { guarded, unguarded } from './formula-text.ts'

it.each([
  '=1+1',
  "=cmd|'/C calc'!A0",
  '+SUM(1)',
  "-2+3+cmd|' /C calc'!A0",
  '@SUM(1+1)',
  '=HYPERLINK("http://x")',
  '\t=1|2',
])('marks %j as text', (text) => expect(guarded(text)).toBe(`'${text}`))
it.each(['-5', '+49 30 123456', '@handle', '- milk (organic)', 'a=b', '', '-1.5e3', "'quoted'"])('leaves %j', (text) =>
  expect(guarded(text)).toBe(text),
)
it('is taken back exactly, whatever the text', () =>
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string(),
        fc.string().map((text) => `=${text}`),
        fc.string().map((text) => `''=${text}`),
      ),
      (text) => {
        expect(unguarded(guarded(text))).toBe(text)
      },
    ),
  ))
