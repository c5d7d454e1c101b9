import { writeXlsx } from 'hucre/xlsx'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type TestApp, testActor, testApp } from '../../../test/_app.ts'
import { planningModule } from '../index.ts'
import { BASELINE, COST, newEvent, type Walk } from '../routes/_scenario.ts'

let t: TestApp
beforeAll(async () => {
  t = await testApp([planningModule])
})
afterAll(() => t[Symbol.asyncDispose]())

const CSV = { 'content-type': 'text/csv' }
const code = ({ status, body }: { status: number; body: any }) => `${status} ${body?.error ?? ''}`.trim()
const preview = (event: Walk, kind: string, text: string) => t.call('POST', event.url(`imports/${kind}`), text, CSV)

it('makes a previewed budget the cost lines, and takes it back as a newer version', async () => {
  const event = await newEvent(t)
  await event.post('budget-baseline', BASELINE)
  await event.post('cost-model', COST)
  const { body } = await preview(
    event,
    'budget',
    'Category,Item,Quantity,Unit cost\nVenue,"=HYPERLINK(""x"")",1,300\nFood,Buns,20,"7,50"\n',
  )
  expect(body.problems).toEqual([])
  const applied = await event.post('imports/budget/apply', { lines: body.lines })
  expect(applied).toMatchObject({
    kind: 'budget',
    rows: 2,
    wrote: [{ artifact_type: 'CostModel', version: 2, before: 1 }],
  })
  const model = (await t.call('GET', event.url('cost-model'))).body
  expect(model).toMatchObject({ version: 2, total_cost: 450 })
  expect(model.line_items[0].item).toBe(`'=HYPERLINK("x")`)
  const undone = await t.call('POST', event.url(`imports/${applied.id}/undo`))
  expect(undone.body.undone_at).toBeTruthy()
  expect((await t.call('GET', event.url('cost-model'))).body).toMatchObject({ version: 3, total_cost: 479 })
  expect(code(await t.call('POST', event.url(`imports/${applied.id}/undo`)))).toBe('409 INVALID_TRANSITION')
  const changes = (await t.call('GET', event.url('changes'))).body
  expect(changes.filter((one: any) => /CostModel/.test(one.description))).toHaveLength(2)
})

it('writes the baseline of the sums when there is none, which cannot be taken back', async () => {
  const event = await newEvent(t)
  const applied = await event.post('imports/budget/apply', {
    lines: [
      { category: 'Venue', item: 'Hall', quantity: 1, unit_cost: 200 },
      { category: 'Food', item: 'Buns', quantity: 10, unit_cost: 10 },
    ],
  })
  expect((await t.call('GET', event.url('budget-baseline'))).body).toMatchObject({
    total_budget: 300,
    category_allocations: [
      { category: 'Venue', allocated: 200 },
      { category: 'Food', allocated: 100 },
    ],
  })
  expect(code(await t.call('POST', event.url(`imports/${applied.id}/undo`)))).toBe('409 INVALID_TRANSITION')
})

it('refuses to undo what was changed since, and asks for a new decision when the budget moved far', async () => {
  const event = await newEvent(t)
  await event.post('budget-baseline', BASELINE)
  await event.post('cost-model', COST)
  await event.post('budget-decision', { approved_total: 479 })
  const lines = [{ category: 'Venue', item: 'Castle', quantity: 1, unit_cost: 5000 }]
  const applied = await event.post('imports/budget/apply', { lines })
  expect((await t.call('GET', event.url('budget-decision'))).body.status).toBe('superseded')
  await event.post('cost-model', COST)
  expect(code(await t.call('POST', event.url(`imports/${applied.id}/undo`)))).toBe('409 VERSION_CONFLICT')
})

it('keeps a guest list out of sight of viewers, counts diets, moves the size of the event, and takes all of it back', async () => {
  const event = await newEvent(t)
  const bytes = await writeXlsx({
    sheets: [
      {
        name: 'Guests',
        rows: [
          ['Name', 'Email', 'Diet'],
          ['Ada', 'ada@example.org', 'Vegan'],
          ['Bo', '', 'vegan'],
          ['+Cy', 'cy@example.org', ''],
        ],
      },
    ],
  })
  const xlsx = { 'content-type': 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet' }
  const read = await t.call('POST', event.url('imports/guests'), Buffer.from(bytes), xlsx)
  expect(read.body).toMatchObject({ head_count: 3, problems: [] })
  expect(code(await t.call('GET', event.url('guests')))).toBe('404 NOT_FOUND')
  const first = await event.post('imports/guests/apply', { guests: read.body.guests })
  expect(first.wrote).toEqual([
    { artifact_type: 'GuestList', version: 1, before: 0 },
    { artifact_type: 'EventBrief', version: 2, before: 1 },
  ])
  const list = (await t.call('GET', event.url('guests'))).body
  expect(list).toMatchObject({
    head_count: 3,
    diets: { vegan: 2 },
    guests: [{ name: 'Ada' }, { name: 'Bo' }, { name: "'+Cy" }],
  })
  expect((await t.call('GET', event.url(''))).body.audience_size).toBe(3)
  const { rows } = await t.kernel.db.query('select body::text as text from planning.guest_lists')
  expect(rows.some(({ text }) => text.includes('ada@example.org'))).toBe(false)
  const before = t.actor
  t.actor = testActor(['Viewer'])
  expect(code(await t.call('GET', event.url('guests')))).toBe('403 FORBIDDEN')
  t.actor = before
  const second = await event.post('imports/guests/apply', { guests: [{ name: 'Only' }], update_audience: false })
  await t.call('POST', event.url(`imports/${second.id}/undo`))
  expect((await t.call('GET', event.url('guests'))).body).toMatchObject({ version: 3, head_count: 3 })
  expect((await t.call('GET', event.url('imports'))).body).toHaveLength(2)
})

it.each([
  ['no lines', 'budget', { lines: [] }],
  ['an amount of three decimals', 'budget', { lines: [{ category: 'A', item: 'B', quantity: 1, unit_cost: 0.001 }] }],
  [
    'more lines than an artifact may have',
    'budget',
    { lines: Array(501).fill({ category: 'A', item: 'B', quantity: 1, unit_cost: 1 }) },
  ],
  ['no guests', 'guests', { guests: [] }],
  ['an address that is none', 'guests', { guests: [{ name: 'A', email: 'nowhere' }] }],
])('refuses %s', async (_name, kind, body) => {
  const event = await newEvent(t)
  expect(code(await t.call('POST', event.url(`imports/${kind}/apply`), body))).toBe('400 VALIDATION_ERROR')
})
