import { z } from 'zod'
import {
  Common,
  category,
  date,
  freeText,
  idOf,
  ids,
  idsOf,
  idText,
  list,
  money,
  name,
  positiveMoney,
  requiredText,
  share,
} from './common.ts'
import { BudgetDecisionStatus, ContractStatus, MitigationKind, ServiceType } from './enums.ts'

const baselineFields = {
  total_budget: positiveMoney,
  currency: z
    .string()
    .regex(/^[A-Z]{3}$/, 'must be three upper-case letters (ISO 4217)')
    .refine((code) => Intl.supportedValuesOf('currency').includes(code), 'must be an ISO 4217 currency')
    .default('USD'),
  category_allocations: list(z.object({ category: name, allocated: money, percentage: share }), 1),
  assumptions: freeText.default(''),
}
export const BudgetBaselineInput = z.object(baselineFields)
export type BudgetBaselineInput = z.infer<typeof BudgetBaselineInput>
export const BudgetBaseline = Common.extend({ event_brief_id: idText, ...baselineFields })
export type BudgetBaseline = z.infer<typeof BudgetBaseline>

const quantity = z.int().min(1).max(100_000_000)
export const LineItemInput = z.object({
  category,
  item: name,
  quantity,
  unit_cost: money,
  total: money,
  list_unit_cost: money.nullish(),
  actual_total: money.nullish(),
  vendor_contract_id: idOf('contract').nullish(),
  is_reserve: z.boolean().optional(),
})
export const LineItem = LineItemInput.extend({ is_reserve: z.boolean() })
export type LineItem = z.infer<typeof LineItem>
export const VarianceRules = z.object({
  max_variance_percent: z.number().min(0).max(100).default(5),
  require_approval_threshold: money.default(1000),
})
export const Hedge = z.object({ risk_id: idOf('risk'), instrument: name, cost: money, covers: freeText })
export const CostScenario = z.object({ name, total_cost: money, variance_percent: z.number() })
export const MitigationOption = z.object({
  kind: MitigationKind,
  description: requiredText,
  saving: money,
  trade_off: requiredText,
  rank: z.int().min(1),
})
const costOptional = {
  hedges: list(Hedge).default([]),
  scenarios: list(CostScenario).default([]),
  mitigation_options: list(MitigationOption).default([]),
}
export const CostModelInput = z.object({
  line_items: list(LineItemInput, 1),
  variance_rules: VarianceRules.default({ max_variance_percent: 5, require_approval_threshold: 1000 }),
  savings_actions: list(requiredText).optional(),
  ...costOptional,
})
export type CostModelInput = z.infer<typeof CostModelInput>
export const CategoryVariance = z.object({
  category: z.string(),
  allocated: z.number(),
  cost: z.number(),
  variance_amount: z.number(),
  variance_percent: z.number().nullable(),
})
export const CostModel = Common.extend({
  budget_baseline_id: idText,
  line_items: list(LineItem, 1),
  variance_rules: VarianceRules,
  total_cost: z.number(),
  variance_amount: z.number(),
  variance_percent: z.number(),
  within_variance: z.boolean(),
  category_variances: z.array(CategoryVariance),
  savings: z.object({ amount: z.number(), percent: z.number().nullable(), actions: z.array(z.string()) }),
  reserve: z.object({ amount: z.number(), exposure: z.number(), adequacy_percent: z.number().nullable() }),
  ...costOptional,
})
export type CostModel = z.infer<typeof CostModel>

export const ApprovalEntry = z.object({
  approver: z.string(),
  role: z.string(),
  timestamp: z.string(),
  kind: z.enum(['human', 'agent']),
  version: z.int(),
  comments: z.string().optional(),
})
export type ApprovalEntry = z.infer<typeof ApprovalEntry>
export const BudgetDecisionInput = z.object({
  approved_total: positiveMoney,
  rationale: freeText.nullable().default(null),
  change_log_ids: idsOf('change').default([]),
})
export type BudgetDecisionInput = z.infer<typeof BudgetDecisionInput>
export const BudgetDecision = Common.extend({
  cost_model_id: idText,
  approved_total: positiveMoney,
  rationale: freeText.nullable(),
  change_log_ids: ids,
  status: BudgetDecisionStatus,
  approved_date: z.string().nullable(),
  approvals: z.array(ApprovalEntry),
  over_budget: z.boolean(),
})
export type BudgetDecision = z.infer<typeof BudgetDecision>

export const ContractTerms = z.object({
  start_date: date,
  end_date: date,
  total_cost: money,
  payment_terms: freeText.default(''),
})
export const ServiceLevel = z.object({ metric: requiredText, target: requiredText, penalty: freeText.nullish() })
export const CancellationPolicy = z.object({
  notice_days: z.int().min(0).max(3650),
  penalty: requiredText,
  text: freeText.nullish(),
})
const contractFields = {
  vendor_name: name,
  service_type: ServiceType,
  terms: ContractTerms,
  sla: list(ServiceLevel),
  cancellation_policy: z.union([CancellationPolicy, requiredText], 'must be {notice_days, penalty, text?} or a text'),
  exception_rationale: freeText.nullable(),
}
export const VendorContractInput = z.object({
  ...contractFields,
  sla: contractFields.sla.default([]),
  exception_rationale: contractFields.exception_rationale.default(null),
})
export type VendorContractInput = z.infer<typeof VendorContractInput>
export const VendorContractPatch = z.object({ ...contractFields, status: z.literal('cancelled') }).partial()
export type VendorContractPatch = z.infer<typeof VendorContractPatch>
export const VendorContract = Common.extend({
  event_brief_id: idText,
  vendor_name: name,
  service_type: ServiceType,
  /** null when redacted for the reader. */
  terms: ContractTerms.nullable(),
  sla: list(ServiceLevel).nullable(),
  cancellation_policy: z
    .object({ notice_days: z.int().nullable(), penalty: z.string().nullable(), text: z.string().nullish() })
    .nullable(),
  exception_rationale: freeText.nullable(),
  status: ContractStatus,
  approval_id: z.string().nullable(),
  redacted: z.boolean().optional(),
})
export type VendorContract = z.infer<typeof VendorContract>
