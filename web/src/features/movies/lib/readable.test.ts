import { expect, it } from 'vitest'
import { inWords, readable } from './readable.ts'

it('writes values out in words', () => {
  expect(inWords({ name: 'Ida', ages: [3, 4], gone: null, ok: true })).toBe('name: Ida; ages: 3, 4; ok: yes')
})
it('makes texts, lists, media and tables of a content and leaves empty fields out', () => {
  const parts = readable({
    logline: 'A boat.',
    tone: ['dry', 'warm'],
    image_url: '/a.png',
    notes: [],
    scenes: [{ n: 1, who: ['Ida'] }, { n: 2 }],
  })
  expect(parts).toEqual([
    { kind: 'text', title: 'Logline', text: 'A boat.' },
    { kind: 'list', title: 'Tone', items: ['dry', 'warm'] },
    { kind: 'media', title: 'Image', url: '/a.png' },
    {
      kind: 'table',
      title: 'Scenes',
      columns: ['n', 'who'],
      rows: [
        { n: '1', who: 'Ida' },
        { n: '2', who: '' },
      ],
    },
  ])
})
