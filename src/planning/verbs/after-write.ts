import type { Ctx } from '../../kernel/context.ts'
import type { Tx } from '../../kernel/db/database.ts'
import type { Board } from '../artifacts/board.ts'
import type { Stored } from '../artifacts/definition.ts'
import { money } from '../formulas/round.ts'
import { approvalThreshold } from '../propagation/re-approvals.ts'
import type {
  ArtifactRef,
  ArtifactType,
  BudgetDecision,
  Change,
  VendorContract,
  VenueScorecard,
  VenueShortlist,
} from '../schema.ts'
import { isoTime } from '../schema.ts'
import { updateApproval } from '../store/approvals.ts'
import { appendChange, appendDecision } from '../store/logs.ts'
import { patchBody } from '../store/write-artifact.ts'
import { contractDetails, decisionDetails, venueDetails } from './approval-details.ts'
import { type RunInfo, raiseApproval, supersedeApprovals } from './raise-approval.ts'

/** What follows a write (1.7, 5.3): approvals asked and overtaken, decisions recorded. `board` is the settled state after it. */
export type AfterWrite = {
  board: Board
  before: Board
  stored: Stored
  current: Stored | null
  change: Change | null
  run?: RunInfo | undefined
}
type Effect = (tx: Tx, ctx: Ctx, after: AfterWrite) => Promise<void>

const refOf = (type: ArtifactType, { id, version }: { id: string; version: number }): ArtifactRef => ({
  artifact_type: type,
  artifact_id: id,
  version,
})
const about = (id: string) => (approval: { artifact_id: string }) => approval.artifact_id === id

export const thresholdOf = approvalThreshold

/** Budget figures moved after a decision: small steps are logged, larger ones need a new decision. Steps add up. */
const budgetMoved: Effect = async (tx, ctx, { board, before, stored, current, run }) => {
  const decision = before.artifacts.BudgetDecision as (BudgetDecision & { basis?: Basis }) | null
  if (!decision || !current) return
  const type: ArtifactType = 'total_budget' in stored ? 'BudgetBaseline' : 'CostModel'
  const basis = decision.basis ?? basisOf(before)
  const { total_budget, total_cost } = basisOf(board)
  const deltas = [
    type === 'BudgetBaseline' ? total_budget - basis.total_budget : 0,
    type === 'CostModel' ? total_cost - basis.total_cost : 0,
  ]
  const amount = money(deltas[0]! !== 0 ? deltas[0]! : deltas[1]!)
  const large = Math.abs(amount) > thresholdOf(before) && decision.status !== 'superseded'
  const now = isoTime(ctx.kernel.clock.now())
  const change = await appendChange(tx, ctx, board.brief.id, {
    change_type: 'budget_adjustment',
    description: `${type} ${stored.id} revised: ${amount >= 0 ? '+' : ''}${amount.toFixed(2)} against the last decision`,
    impact: large
      ? `Above the threshold of ${thresholdOf(before)}: the budget needs a new decision`
      : `Within the threshold of ${thresholdOf(before)}`,
    impacted_artifacts: [
      refOf(type, stored),
      ...(large ? [{ ...refOf('BudgetDecision', decision), field: 'status' }] : []),
    ],
    amount,
    previous_version: current.version,
    new_version: stored.version,
    ...(large ? { approvals: [{ approver: 'pending', status: 'pending' as const, requested_at: now }] } : {}),
  })
  if (!large) return
  await patchBody(tx, ctx, 'BudgetDecision', decision.id, { status: 'superseded' })
  await supersedeApprovals(tx, ctx, board, (approval) => approval.artifact_id === decision.id)
  await raiseApproval(tx, ctx, board, {
    type: 'change_request',
    artifact: refOf('ChangeLog', change),
    details: { amount, total_budget, total_cost, description: change.description, change_id: change.id },
    title: change.description,
    run,
  })
}

type Basis = { total_budget: number; total_cost: number }
export const basisOf = ({ artifacts }: Board): Basis => ({
  total_budget: artifacts.BudgetBaseline?.total_budget ?? 0,
  total_cost: artifacts.CostModel?.total_cost ?? 0,
})

const budgetDecided: Effect = async (tx, ctx, { board, stored, run }) => {
  const decision = stored as never as BudgetDecision
  const now = isoTime(ctx.kernel.clock.now())
  const settled = decision.change_log_ids
  const change = await appendChange(tx, ctx, board.brief.id, {
    change_type: 'budget_decision',
    description: `Budget decision ${decision.id} version ${decision.version}: ${decision.approved_total.toFixed(2)} proposed`,
    impact: `Spending of ${decision.approved_total.toFixed(2)} ${board.artifacts.BudgetBaseline?.currency ?? 'USD'}${decision.over_budget ? ', over the total budget' : ''}`,
    impacted_artifacts: [refOf('BudgetDecision', decision)],
    approvals: [{ approver: 'pending', status: 'pending', requested_at: now }],
    previous_version: decision.version > 1 ? decision.version - 1 : null,
    new_version: decision.version,
  })
  await patchBody(tx, ctx, 'BudgetDecision', decision.id, {
    change_log_ids: [...settled, change.id],
    basis: basisOf(board),
  })
  Object.assign(stored, { change_log_ids: [...settled, change.id], basis: basisOf(board) })
  await supersedeApprovals(
    tx,
    ctx,
    board,
    ({ artifact_id, approval_type }) =>
      artifact_id === decision.id || (approval_type === 'change_request' && settled.includes(artifact_id)),
  )
  const card = board.artifacts.VenueScorecard
  const consolidate =
    run?.instruction_level === 'Beginner' &&
    card?.selected_venue_id &&
    !board.approvals.some(({ approval_type, status }) => approval_type === 'venue_selection' && status !== 'superseded')
  await raiseApproval(tx, ctx, board, {
    type: 'budget_decision',
    artifact: refOf('BudgetDecision', decision),
    covers: consolidate ? [refOf('VenueScorecard', card)] : [],
    details: {
      ...decisionDetails(board, decision),
      ...(consolidate ? venueDetails(board, card) : {}),
    },
    title: `${decision.approved_total.toFixed(2)} ${board.artifacts.BudgetBaseline?.currency ?? 'USD'}`,
    run,
  })
}

const venueScored: Effect = async (tx, ctx, { board, stored, current, run }) => {
  const card = stored as never as VenueScorecard
  const earlier = (current as VenueScorecard | null)?.selected_venue_id ?? null
  const moved = earlier !== card.selected_venue_id
  const mine = (approval: { artifact_id: string; approval_type: string }) =>
    approval.approval_type === 'venue_selection' && approval.artifact_id === card.id
  const overtaken = await supersedeApprovals(tx, ctx, board, mine, moved)
  const covering = board.approvals.find(
    ({ status, covers }) => status === 'pending' && covers.some(({ artifact_id }) => artifact_id === card.id),
  )
  if (moved && card.selected_venue_id) {
    const venue = (id: string) => board.artifacts.VenueShortlist.find((entry) => entry.id === id)
    await appendDecision(tx, ctx, board.brief.id, {
      decision_type: 'venue_selection',
      description: `${venue(card.selected_venue_id)?.venue_name ?? card.selected_venue_id} selected`,
      rationale: card.selection_rationale ?? '',
      alternatives_considered: card.candidate_scores.map(({ venue_id, total, rank, scores }) => ({
        option: venue(venue_id)?.venue_name ?? venue_id,
        score: total,
        rank,
        pros: Object.keys(scores).filter((criterion) => scores[criterion]! >= 0.8),
        cons: Object.keys(scores).filter((criterion) => scores[criterion]! < 0.6),
      })),
      impacted_artifacts: [refOf('VenueScorecard', card)],
      session_id: run?.session_id ?? null,
    })
  }
  if (covering) {
    const others = covering.covers.filter(({ artifact_id }) => artifact_id !== card.id)
    const keep = run?.instruction_level === 'Beginner' && card.selected_venue_id
    Object.assign(
      covering,
      await updateApproval(tx, ctx, covering, {
        covers: keep ? [...others, refOf('VenueScorecard', card)] : others,
        details: { ...covering.details, ...(keep ? venueDetails(board, card) : { selected_venue_id: null }) },
      }),
    )
    if (keep) return
  }
  // covered by the consolidated approval that the budget decision will raise
  if (run?.instruction_level === 'Beginner' && !covering && earlier === null) return
  // what people rejected is asked again once it is written anew; a Beginner run asks with its budget decision
  const last = board.approvals.findLast(
    (approval) =>
      approval.status !== 'superseded' &&
      (mine(approval) || approval.covers.some(({ artifact_id }) => artifact_id === card.id)),
  )
  const revised = last?.status === 'rejected' && run?.instruction_level !== 'Beginner'
  const wanted = card.selected_venue_id && (moved || overtaken.length > 0 || covering || revised)
  if (!wanted) return
  await raiseApproval(tx, ctx, board, {
    type: 'venue_selection',
    artifact: refOf('VenueScorecard', card),
    details: venueDetails(board, card),
    title: String(venueDetails(board, card).venue_name),
    run,
  })
}

const contractWritten: Effect = async (tx, ctx, { board, stored, current, run }) => {
  const contract = stored as never as VendorContract
  const old = current as VendorContract | null
  if (contract.status === 'cancelled') {
    await supersedeApprovals(tx, ctx, board, about(contract.id))
    return
  }
  const same = (a: unknown, b: unknown) => JSON.stringify(a) === JSON.stringify(b)
  const material =
    !old ||
    old.status === 'rejected' ||
    old.terms?.total_cost !== contract.terms?.total_cost ||
    !same(old.sla, contract.sla) ||
    !same(old.cancellation_policy, contract.cancellation_policy)
  const pending = board.approvals.some(({ artifact_id, status }) => artifact_id === contract.id && status === 'pending')
  if (!material && !pending) return
  await supersedeApprovals(tx, ctx, board, about(contract.id), material)
  const approval = await raiseApproval(tx, ctx, board, {
    type: 'vendor_contract',
    artifact: refOf('VendorContracts', contract),
    details: contractDetails(contract),
    title: contract.vendor_name,
    run,
  })
  const fields = { approval_id: approval.approval_id, status: 'pending_approval' as const }
  await patchBody(tx, ctx, 'VendorContracts', contract.id, fields)
  Object.assign(stored, fields)
}

const venueListed: Effect = async (tx, ctx, { board, stored, current, run }) => {
  const entry = stored as never as VenueShortlist
  if (current || (entry.budget_fit && entry.capacity_fit)) return
  const criteria = board.artifacts.VenueCriteria!
  await appendDecision(tx, ctx, board.brief.id, {
    decision_type: 'budget_mismatch',
    description: `${entry.venue_name} shortlisted outside the criteria`,
    rationale: `${entry.exception_rationale} (cost ${entry.cost_estimate} of ${criteria.budget_range_min} to ${criteria.budget_range_max}, capacity ${entry.capacity} of at least ${criteria.min_capacity})`,
    alternatives_considered: board.artifacts.VenueShortlist.filter(({ id }) => id !== entry.id)
      .map((other) => ({
        option: other.venue_name,
        score: other.initial_score,
        pros: [],
        cons: [],
      }))
      .concat([{ option: 'Leave it out', score: 0, pros: [], cons: [] }]),
    impacted_artifacts: [refOf('VenueShortlist', entry)],
    session_id: run?.session_id ?? null,
  })
}

export const EFFECTS: Partial<Record<ArtifactType, Effect>> = {
  BudgetBaseline: budgetMoved,
  CostModel: budgetMoved,
  BudgetDecision: budgetDecided,
  VenueScorecard: venueScored,
  VenueShortlist: venueListed,
  VendorContracts: contractWritten,
}

/** Revisions that write their own entry instead of `artifact_revision`. */
export const logsItself = (type: ArtifactType, board: Board): boolean =>
  type === 'BudgetDecision' ||
  ((type === 'BudgetBaseline' || type === 'CostModel') && board.artifacts.BudgetDecision !== null)
