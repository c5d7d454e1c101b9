import type { Ctx } from '../../kernel/context.ts'
import type { Tx } from '../../kernel/db/database.ts'
import { categoryOf } from '../artifacts/rules-budget.ts'
import type { Incident, VendorContract } from '../schema.ts'
import { loadBoard, notFound } from '../store/load-board.ts'
import { appendChange, appendDecision } from '../store/logs.ts'
import { reportIncidentIn } from './incidents.ts'
import type { RunInfo } from './raise-approval.ts'
import { saveArtifactIn } from './save-artifact.ts'

/**
 * A vendor cancels (5.5): incident and contingency `vendor_cancellation`, the analyst's and the coordinator's options in the decision log,
 * a change entry, the risk marked. The contract is cancelled here when it is not yet.
 */
export async function cancelVendorIn(
  tx: Tx,
  ctx: Ctx,
  eventId: string,
  contractId: string,
  options: { injected?: boolean; run?: RunInfo } = {},
): Promise<Incident> {
  const find = async () => {
    const board = await loadBoard(tx, eventId, new Date(ctx.kernel.clock.now()))
    return { board, contract: board.artifacts.VendorContracts.find(({ id }) => id === contractId) }
  }
  const before = await find()
  if (!before.contract) throw notFound('VendorContracts', contractId)
  if (before.contract.status !== 'cancelled')
    await saveArtifactIn(
      tx,
      ctx,
      eventId,
      'VendorContracts',
      { status: 'cancelled' },
      { patchId: contractId, run: options.run },
    )
  const { board } = await find()
  const contract = (await find()).contract as VendorContract
  const risk = board.artifacts.RiskRegister.find(
    ({ description, status }) => status !== 'closed' && /vendor.*cancel/i.test(description),
  )
  const { incident } = await reportIncidentIn(
    tx,
    ctx,
    eventId,
    {
      title: `Vendor cancelled: ${contract.vendor_name}`,
      kind: 'vendor_cancellation',
      severity: 'high',
      description: `${contract.service_type} contract ${contract.id} is cancelled`,
      ...(risk ? { risk_id: risk.id } : {}),
    },
    options.injected,
  )
  const cost = contract.terms?.total_cost ?? 0
  const category = board.artifacts.BudgetBaseline
    ? categoryOf(contract.service_type, board.artifacts.BudgetBaseline)?.category
    : undefined
  const ref = { artifact_type: 'VendorContracts', artifact_id: contract.id, version: contract.version }
  await appendDecision(tx, ctx, eventId, {
    decision_type: 'escalation',
    description: `${contract.vendor_name} cancelled: replacement or reallocation`,
    rationale: `${cost.toFixed(2)} of ${category ?? 'no category'} is free again; the work of the contract is not covered`,
    owner: 'Event Planner Agent',
    alternatives_considered: [
      {
        option: `Budget Analyst: another vendor within ${cost.toFixed(2)}`,
        rank: 1,
        pros: ['The scope stays'],
        cons: ['Needs a new contract and its approval'],
      },
      {
        option: 'Logistics Coordinator: do it with the own crew and drop what they cannot',
        rank: 2,
        pros: [`Frees ${cost.toFixed(2)}`],
        cons: ['Less service for the guests'],
      },
      {
        option: `Move the ${cost.toFixed(2)} to another category`,
        rank: 3,
        pros: ['Strengthens what is contracted'],
        cons: ['The service falls away'],
      },
    ],
    impacted_artifacts: [ref],
    session_id: options.run?.session_id ?? null,
  })
  await appendChange(tx, ctx, eventId, {
    change_type: 'contract_change',
    description: `Contract ${contract.id} cancelled after ${incident.id}`,
    impact: `${contract.service_type} is not covered any more, ${cost.toFixed(2)} is free`,
    impacted_artifacts: [ref],
    affected_agents: ['Budget Analyst Agent', 'Logistics Coordinator Agent'],
  })
  return incident
}
