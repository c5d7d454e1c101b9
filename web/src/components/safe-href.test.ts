import { expect, it } from 'vitest'
import { safeHref } from './safe-href.ts'

it('lets a text link to pages and mail only', () => {
  expect(['https://a.b/c', 'mailto:a@b.c', '/tasks/1', '#x'].map(safeHref)).toEqual([
    'https://a.b/c',
    'mailto:a@b.c',
    '/tasks/1',
    '#x',
  ])
  expect(
    ['javascript:alert(1)', 'java\nscript:alert(1)', ' data:text/html,x', '//evil.example', ''].map(safeHref),
  ).toEqual(Array(5).fill(undefined))
})
