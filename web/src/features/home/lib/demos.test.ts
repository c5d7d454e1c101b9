import { describe, expect, it } from 'vitest'
import { DEMOS, salesCsv } from './demos.ts'

describe('the demonstrations', () => {
  it('are one for each domain', () => {
    expect(DEMOS.map((demo) => demo.key)).toEqual(['task', 'event', 'film', 'world'])
  })
  it('give everybody the same table', () => {
    const text = salesCsv(3)
    expect(text).toBe(salesCsv(3))
    expect(text.split('\n')).toEqual([
      'date,region,product,units,price',
      '2023-01-01,North,Lamp,1,10.00',
      '2023-01-02,South,Chair,8,67.29',
      '2023-01-03,East,Table,15,34.58',
      '',
    ])
  })
})
