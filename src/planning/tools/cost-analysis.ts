import { z } from 'zod'
import { defineTool } from '../../kernel/tools/tool-descriptor.ts'
import { costPerAttendee } from '../formulas/others.ts'
import { reserveOf } from '../formulas/reserves.ts'
import { savings } from '../formulas/savings.ts'
import { categoryVariances, variance } from '../formulas/variance.ts'
import { planningTool } from './planning-tool.ts'

const Line = z.object({
  category: z.string(),
  quantity: z.number().min(0).default(1),
  unit_cost: z.number().min(0).default(0),
  total: z.number().min(0),
  list_unit_cost: z.number().nullish(),
  is_reserve: z.boolean().optional(),
})
export const CostQuestion = z.object({
  total_budget: z.number().min(0),
  line_items: z.array(Line).max(500),
  allocations: z.array(z.object({ category: z.string(), allocated: z.number() })).default([]),
  audience_size: z.int().min(1).optional(),
  max_variance_percent: z.number().min(0).default(5),
})

/** Variance, savings, reserve and cost per guest of cost lines, by the formulas of the contract. */
export function analyseCosts({
  total_budget,
  line_items,
  allocations,
  audience_size,
  max_variance_percent,
}: z.output<typeof CostQuestion>) {
  const found = variance(line_items, total_budget, max_variance_percent)
  return {
    ...found,
    category_variances: categoryVariances(line_items, allocations),
    savings_percent: savings(line_items)?.percent ?? null,
    reserve: reserveOf(line_items),
    cost_per_attendee: audience_size ? costPerAttendee(found.total_cost, audience_size) : null,
  }
}

export const costAnalysis = planningTool(
  defineTool({
    name: 'cost_analysis',
    title: 'Cost analysis',
    description: 'Variance, savings, reserve and cost per guest of cost lines against a budget.',
    input: CostQuestion,
    touches: [],
    approval: 'never',
    run: async (_ctx, question) => analyseCosts(question),
  }),
  {
    artifactMapping: [
      { from: 'variance_percent', to: 'CostModel.variance_percent' },
      { from: 'savings_percent', to: 'CostModel.savings.percent' },
    ],
    tests: ['src/planning/tools/calculations.test.ts'],
  },
)
