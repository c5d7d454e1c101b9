import { AppError } from '../../kernel/errors/app-error.ts'
import { exposure, isReserve, reserveAdequacy, reserveOf } from '../formulas/reserves.ts'
import { savings } from '../formulas/savings.ts'
import { categoryVariances, variance } from '../formulas/variance.ts'
import type {
  BudgetBaseline,
  BudgetBaselineInput,
  BudgetDecisionInput,
  CostModel,
  CostModelInput,
  ServiceType,
  VendorContract,
  VendorContractInput,
} from '../schema.ts'
import type { Board } from './board.ts'
import type { ArtifactDefinition, Body, RuleInput } from './definition.ts'
import { invalid, requireUnique, unknownReference } from './rules-initiation.ts'

type Rules = Pick<ArtifactDefinition, 'prepare' | 'recompute' | 'validate'>

const near = (a: number, b: number, tolerance: number) => Math.abs(a - b) <= tolerance + 1e-9

export const baselineRules: Rules = {
  prepare({ input, board }: RuleInput<BudgetBaselineInput>) {
    const allocations = input.category_allocations
    requireUnique(
      allocations.map(({ category }) => category.toLowerCase()),
      'category_allocations.category',
      'category',
    )
    const allocated = allocations.reduce((sum, one) => sum + one.allocated, 0)
    const shares = allocations.reduce((sum, { percentage }) => sum + percentage, 0)
    if (!near(allocated, input.total_budget, 0.01) || !near(shares, 1, 0.01)) {
      const wrong = near(allocated, input.total_budget, 0.01) ? 'percentage' : 'allocated'
      const message =
        wrong === 'allocated'
          ? `allocated amounts sum to ${allocated.toFixed(2)}, they must sum to total_budget ${input.total_budget.toFixed(2)} (± 0.01)`
          : `percentages sum to ${Math.round(shares * 1e6) / 1e6}, they must sum to 1 (± 0.01)`
      throw new AppError('ALLOCATION_SUM_INVALID', message, {
        fields: [{ field: `category_allocations.${wrong}`, message }],
      })
    }
    return { event_brief_id: board.brief.id, ...input }
  },
}

function costSystem(model: Pick<CostModel, 'line_items' | 'variance_rules' | 'savings'>, board: Board): Body {
  const lines = model.line_items
  const baseline = board.artifacts.BudgetBaseline as BudgetBaseline
  const result = variance(lines, baseline.total_budget, model.variance_rules.max_variance_percent)
  const saved = savings(lines)
  const amount = reserveOf(lines)
  const exposed = exposure(board.artifacts.RiskRegister, baseline.total_budget)
  return {
    ...result,
    category_variances: categoryVariances(lines, baseline.category_allocations),
    savings: { amount: saved?.amount ?? 0, percent: saved?.percent ?? null, actions: model.savings?.actions ?? [] },
    reserve: {
      amount,
      exposure: exposed,
      adequacy_percent: reserveAdequacy(amount, exposed, board.artifacts.RiskRegister.length),
    },
  }
}

export const costRules: Rules = {
  prepare({ input, board, current }: RuleInput<CostModelInput>) {
    for (const [index, line] of input.line_items.entries()) {
      const where = `line_items.${index}`
      const expected = line.quantity * line.unit_cost
      if (!near(line.total, expected, 0.01)) {
        const message = `total ${line.total} must be quantity × unit_cost = ${expected.toFixed(2)}`
        throw new AppError('LINE_TOTAL_MISMATCH', `${where}: ${message}`, {
          fields: [{ field: `${where}.total`, message, value: line.total }],
        })
      }
      if (line.list_unit_cost != null && line.list_unit_cost < line.unit_cost)
        throw invalid(`${where}.list_unit_cost`, 'must not be below unit_cost: it is the price before negotiation')
      if (line.vendor_contract_id && !board.artifacts.VendorContracts.some(({ id }) => id === line.vendor_contract_id))
        throw unknownReference(line.vendor_contract_id, 'Vendor contract')
    }
    for (const { risk_id } of input.hedges)
      if (!board.artifacts.RiskRegister.some(({ id }) => id === risk_id)) throw unknownReference(risk_id, 'Risk')
    const { savings_actions, ...fields } = input
    const line_items = input.line_items.map((line) => ({ ...line, is_reserve: isReserve(line) }))
    const actions = savings_actions ?? (current?.['savings'] as CostModel['savings'] | undefined)?.actions ?? []
    const body = { budget_baseline_id: board.artifacts.BudgetBaseline!.id, ...fields, line_items }
    return { ...body, ...costSystem({ ...body, savings: { amount: 0, percent: null, actions } } as never, board) }
  },
  recompute: (stored, board) => (board.artifacts.BudgetBaseline ? costSystem(stored as never, board) : {}),
}

export const decisionRules: Rules = {
  prepare({ input, board }: RuleInput<BudgetDecisionInput>) {
    for (const id of input.change_log_ids)
      if (!board.changes.some((change) => change.id === id)) throw unknownReference(id, 'ChangeLog entry')
    return {
      cost_model_id: board.artifacts.CostModel!.id,
      ...input,
      change_log_ids: [...new Set(input.change_log_ids)],
      status: 'pending_approval',
      approved_date: null,
      approvals: [],
      over_budget: input.approved_total > board.artifacts.BudgetBaseline!.total_budget,
    }
  },
  recompute: (stored, { artifacts: { BudgetBaseline: baseline } }) =>
    baseline ? { over_budget: stored['approved_total'] > baseline.total_budget } : {},
}

const CATEGORIES: Partial<Record<ServiceType, readonly string[]>> = {
  venue: ['venue'],
  catering: ['catering', 'food'],
  av: ['av'],
  streaming: ['av'],
  marketing: ['marketing'],
  staffing: ['staff'],
}

/** The allocation a contract draws on: by service, else Contingency, else none. */
export function categoryOf(service: ServiceType, baseline: Pick<BudgetBaseline, 'category_allocations'>) {
  const find = (names: readonly string[]) =>
    baseline.category_allocations.find(({ category }) => names.includes(category.toLowerCase()))
  return find(CATEGORIES[service] ?? [service]) ?? find(['contingency'])
}

function overAllocation(
  contract: { id: string; service_type: ServiceType; terms: { total_cost: number } | null },
  board: Board,
): { available: number; category: string } | null {
  if (!board.artifacts.BudgetBaseline || !contract.terms) return null
  const allocation = categoryOf(contract.service_type, board.artifacts.BudgetBaseline)
  const others = board.artifacts.VendorContracts.filter(
    ({ id, status, service_type }) =>
      id !== contract.id &&
      status !== 'cancelled' &&
      categoryOf(service_type, board.artifacts.BudgetBaseline!)?.category === allocation?.category,
  )
  const available = (allocation?.allocated ?? 0) - others.reduce((sum, { terms }) => sum + (terms?.total_cost ?? 0), 0)
  return contract.terms.total_cost > available + 0.01
    ? { available: Math.max(0, Math.round(available * 100) / 100), category: allocation?.category ?? 'no category' }
    : null
}

export const contractRules: Rules = {
  prepare({ input, board, current, id }: RuleInput<VendorContractInput & { status?: 'cancelled' }>) {
    if (current?.['status'] === 'cancelled')
      throw new AppError('INVALID_TRANSITION', `Invalid transition from cancelled to ${input.status ?? 'changed'}`, {
        current: 'cancelled',
        target: input.status ?? 'changed',
      })
    if (input.terms.end_date < input.terms.start_date)
      throw invalid('terms.end_date', 'must not be before start_date', input.terms.end_date)
    for (const [index, { target }] of input.sla.entries())
      if (!/\d/.test(target))
        throw invalid(`sla.${index}.target`, 'must contain a number, for example "< 60 minutes"', target)
    const twin = board.artifacts.VendorContracts.find(
      (contract) =>
        contract.id !== id &&
        contract.status !== 'cancelled' &&
        contract.vendor_name.toLowerCase() === input.vendor_name.toLowerCase(),
    )
    if (twin)
      throw invalid(
        'vendor_name',
        `"${input.vendor_name}" already has the contract ${twin.id}: change or cancel it`,
        input.vendor_name,
      )
    const cancelling = input.status === 'cancelled'
    const over = overAllocation({ id, ...input }, board)
    if (over && !cancelling && !input.exception_rationale?.trim())
      throw new AppError(
        'CONTRACT_OVER_ALLOCATION',
        `terms.total_cost ${input.terms.total_cost} is over the ${over.available} left in ${over.category}: reduce it or give exception_rationale`,
        { category: over.category, available: over.available, total_cost: input.terms.total_cost },
      )
    const policy = input.cancellation_policy
    const { status: _status, ...fields } = input
    return {
      event_brief_id: board.brief.id,
      ...fields,
      cancellation_policy:
        typeof policy === 'string'
          ? { notice_days: null, penalty: null, text: policy }
          : { ...policy, text: policy.text ?? null },
      status: cancelling ? 'cancelled' : ((current?.['status'] as string | undefined) ?? 'pending_approval'),
      approval_id: (current?.['approval_id'] as string | undefined) ?? null,
    }
  },
  validate(stored, board) {
    const contract = stored as never as VendorContract
    if (contract.status === 'cancelled' || contract.exception_rationale?.trim()) return []
    const over = overAllocation(contract, board)
    return over
      ? [
          {
            code: 'CONTRACT_OVER_ALLOCATION',
            message: `total is over the ${over.available} left in ${over.category}`,
            field: 'terms.total_cost',
          },
        ]
      : []
  },
}
