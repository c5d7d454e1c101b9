import { expect, it } from 'vitest'
import { parseFilters } from './saved-filters.ts'

it('reads kept filters and survives nonsense', () => {
  expect(parseFilters('[{"name":"failed","search":{"type":"task.failed"}},{"x":1}]')).toEqual([
    { name: 'failed', search: { type: 'task.failed' } },
  ])
  expect(parseFilters('{')).toEqual([])
})
