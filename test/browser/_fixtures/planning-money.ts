import { common, type Row, SUMMIT } from './planning-base.ts'

export const allocations: [string, number, number][] = [
  ['Venue', 25_000, 0.5],
  ['Catering', 12_500, 0.25],
  ['AV', 5000, 0.1],
  ['Marketing', 2500, 0.05],
  ['Contingency', 5000, 0.1],
]
export const baseline = {
  ...common(`bud-${SUMMIT}`),
  event_brief_id: SUMMIT,
  total_budget: 50_000,
  currency: 'USD',
  category_allocations: allocations.map(([category, allocated, percentage]) => ({ category, allocated, percentage })),
  assumptions: 'Prices include tax.',
}
export const line = (category: string, item: string, quantity: number, unit: number, rest: Row = {}): Row => ({
  category,
  item,
  quantity,
  unit_cost: unit,
  total: quantity * unit,
  ...rest,
})
export const costs = {
  ...common(`cost-bud-${SUMMIT}`, 2),
  budget_baseline_id: baseline.id,
  line_items: [
    line('Venue', 'Spree Forum, two days', 2, 12_000, { list_unit_cost: 13_600, actual_total: 12_000 }),
    line('Catering', 'Lunch and coffee', 400, 36, { list_unit_cost: 40.9 }),
    line('AV', 'Sound, light, streaming', 1, 6200, { list_unit_cost: 7000, actual_total: 1500 }),
    line('Marketing', 'Campaign', 1, 2500),
    line('Contingency', 'Reserve', 1, 6000, { is_reserve: true }),
  ],
  variance_rules: { max_variance_percent: 5, require_approval_threshold: 1000 },
  total_cost: 53_100,
  variance_amount: 3100,
  variance_percent: 6.2,
  within_variance: false,
  category_variances: [],
  savings: { amount: 5960, percent: 11.2, actions: [] },
  reserve: { amount: 6000, exposure: 3600, adequacy_percent: 100 },
  mitigation_options: [
    {
      kind: 'negotiation',
      description: 'One-day stage instead of two',
      saving: 2200,
      trade_off: 'No second stage on day 2',
      rank: 1,
    },
    { kind: 'scope_reduction', description: 'Coffee without pastry', saving: 900, trade_off: 'Less comfort', rank: 2 },
  ],
}
export const decision = {
  ...common(`bdec-cost-bud-${SUMMIT}`),
  cost_model_id: costs.id,
  approved_total: 53_100,
  status: 'pending_approval',
  approved_date: null,
  approvals: [],
  change_log_ids: [],
  over_budget: true,
  rationale: 'Sound and reserve exceed the plan by 3,100 USD (6.2 %); savings of 11.2 % were negotiated.',
}
