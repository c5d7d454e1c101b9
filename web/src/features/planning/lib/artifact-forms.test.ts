import { expect, it } from 'vitest'
import { artifactSchemas } from '../../../../../src/planning/routes/artifact-routes.ts'
import { type FormSchema, formIssues } from '../../../components/schema-form-rules.ts'
import { derive, formSchema, type Known, startOf } from './artifact-forms.ts'

const brief = {
  id: 'evt-20250101-a',
  version: 1,
  title: 'A',
  date_range_start: '2025-11-15T18:00:00Z',
  date_range_end: '2025-11-15T21:00:00Z',
  audience_size: 20,
} as Known['brief']
const known: Known = {
  brief,
  people: [{ name: 'Ada', role: 'Owner' }],
  tasks: [{ id: 'task-1', title: 'Book' }] as never,
  milestones: [],
  venues: [{ id: 'vs-1', venue_name: 'Mill', status: 'active' }] as never,
  leads: [],
  resources: [],
  sessions: [],
  risks: [],
  contracts: [],
  changes: [],
  baseline: { category_allocations: [{ category: 'Venue', allocated: 300, percentage: 1 }] } as never,
  costs: { total_cost: 300 } as never,
  scorecard: null,
}

it.each(artifactSchemas().filter(({ input_schema, path }) => input_schema && path))(
  'the form of $artifact_type begins with values its own schema knows',
  ({ artifact_type, input_schema }) => {
    const schema = formSchema(artifact_type, input_schema as FormSchema)
    const value = startOf(artifact_type, input_schema as FormSchema, known, null)
    const fields = Object.keys((input_schema as FormSchema).properties!)
    expect(Object.keys(value).filter((name) => !fields.includes(name))).toEqual([])
    // what is still to fill in is only what nobody but the writer knows
    expect(formIssues(schema, value).filter(({ message }) => message !== 'is needed')).toSatisfy(
      (rest: { message: string }[]) => rest.every(({ message }) => /needs at least/.test(message)),
    )
  },
)

it('scales the amounts with the total to the cent, and follows amounts typed by hand', () => {
  const start = startOf('BudgetBaseline', BASELINE, known, null)
  const scaled = derive('BudgetBaseline', { ...start, total_budget: 100.01 }, start)
  expect(scaled.category_allocations.map(({ allocated }: any) => allocated)).toEqual([60.01, 30, 10])
  const rows = scaled.category_allocations.map((row: any, i: number) => (i === 0 ? { ...row, allocated: 50 } : row))
  const typed = derive('BudgetBaseline', { ...scaled, category_allocations: rows }, scaled)
  expect(typed.category_allocations[0]).toMatchObject({ allocated: 50, percentage: 0.49995 })
})
const BASELINE = artifactSchemas().find(({ artifact_type }) => artifact_type === 'BudgetBaseline')!
  .input_schema as FormSchema

it('works out the total of a cost line and the scores of each criterion', () => {
  expect(derive('CostModel', { line_items: [{ quantity: 3, unit_cost: 0.1 }] }).line_items[0].total).toBe(0.3)
  const card = derive('VenueScorecard', {
    criteria_weights: [{ criterion: 'Cost' }, { criterion: 'Light' }],
    candidate_scores: [{ venue_id: 'a', scores: { Cost: 1, Old: 1 }, total: 0.5, rank: 1 }],
  })
  expect(card.candidate_scores).toEqual([{ venue_id: 'a', scores: { Cost: 1, Light: undefined } }])
})
