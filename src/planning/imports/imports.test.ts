import { writeXlsx } from 'hucre/xlsx'
import { describe, expect, it } from 'vitest'
import { amountOf, previewBudget, previewGuests } from './preview-import.ts'

const text = (content: string) => new TextEncoder().encode(content)

describe('imports', () => {
  it('previews cost lines of a CSV file with each problem and its row', async () => {
    const made = await previewBudget(
      'b.csv',
      text('Category,Item,Quantity,Unit cost\nVenue,Hall,1,"$1,200.50"\n,Nothing,1,5\nFood,=SUM(A1),2,10\n'),
    )
    expect(made.total).toBe(1220.5)
    expect(made.problems).toEqual([{ row: 3, field: 'category', message: 'is missing' }])
    expect(made.lines[1]!.item).toBe("'=SUM(A1)")
  })
  it('reads a workbook and counts each guest once', async () => {
    const bytes = await writeXlsx({
      sheets: [
        {
          name: 'G',
          rows: [
            ['Name', 'Email', 'Diet'],
            ['Ada', 'ada@example.org', 'vegan'],
            ['Ada', 'ADA@example.org', ''],
            ['Bo', 'nowhere', ''],
          ],
        },
      ],
    })
    const made = await previewGuests('g.xlsx', bytes)
    expect(made.head_count).toBe(1)
    expect(made.problems.map(({ row }) => row)).toEqual([3, 4])
  })
  it('refuses files that are not what their name says', async () => {
    await expect(previewGuests('g.xlsx', text('Name\nAda\n'))).rejects.toMatchObject({ code: 'VALIDATION_ERROR' })
    await expect(previewGuests('g.csv', new Uint8Array([0x50, 0x4b, 3, 4]))).rejects.toMatchObject({
      code: 'VALIDATION_ERROR',
    })
    await expect(previewGuests('g.exe', text('x'))).rejects.toMatchObject({ code: 'VALIDATION_ERROR' })
  })
  it.each([
    ['1,200.50', 1200.5],
    ['1.200,50', 1200.5],
    ['€ 1 200', 1200],
    ['$5,000', 5000],
    ['12,5', 12.5],
    ['USD 1,234,567.89', 1234567.89],
    ["'-5", -5],
    ['1.2.3', Number.NaN],
    ['1,2,3.4', Number.NaN],
    ['=1+1', Number.NaN],
    ['ten', Number.NaN],
    ['', Number.NaN],
  ])('reads %s as an amount the way it was meant, or not at all', (text, amount) => {
    expect(amountOf(text)).toBe(amount)
  })
})
