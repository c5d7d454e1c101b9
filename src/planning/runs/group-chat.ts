import type { Ctx } from '../../kernel/context.ts'
import type { Tx } from '../../kernel/db/database.ts'
import { sumMoney } from '../formulas/round.ts'
import { amount } from '../operations/words.ts'
import type { AgentName, ArtifactRef, CostModel, VendorContract } from '../schema.ts'
import { loadBoard } from '../store/load-board.ts'
import { appendDecision } from '../store/logs.ts'
import { saveArtifactIn } from '../verbs/save-artifact.ts'
import { addMessage, agentCtx, type Session, say } from './session-store.ts'

const CATEGORY: Readonly<Record<string, string>> = {
  venue: 'Venue',
  catering: 'Catering',
  av: 'AV',
  streaming: 'AV',
  marketing: 'Marketing',
  staffing: 'Staff',
}

/** The cost model with each line tied to the contract of its category. */
export function linesWithContracts(model: CostModel, contracts: readonly VendorContract[]) {
  return model.line_items.map((line) => {
    const contract = contracts.find(
      ({ service_type, status, vendor_name }) =>
        status !== 'cancelled' &&
        CATEGORY[service_type] === line.category &&
        (!line.item.startsWith('Hire of ') || line.item === `Hire of ${vendor_name}`),
    )
    return contract && !line.is_reserve ? { ...line, vendor_contract_id: contract.id } : line
  })
}

/** Budget Analyst and Logistics Coordinator settle the vendor contracts; the hub closes. Numbers in every turn, both options in the log. */
export async function vendorChat(tx: Tx, base: Ctx, session: Session): Promise<ArtifactRef[]> {
  const eventId = session.event_brief_id
  const board = await loadBoard(tx, eventId, new Date(base.kernel.clock.now()))
  const contracts = board.artifacts.VendorContracts.filter(({ status }) => status !== 'cancelled')
  const model = board.artifacts.CostModel!
  const total = sumMoney(contracts.map(({ terms }) => terms?.total_cost ?? 0))
  const options = [
    {
      option: 'Budget Analyst: keep every contract within its allocation',
      score: 0.9,
      rank: 1,
      pros: [`Total ${total} stays inside ${model.total_cost}`],
      cons: ['No room for late wishes'],
    },
    {
      option: 'Logistics Coordinator: add on-call technicians for 5 % more',
      score: 0.7,
      rank: 2,
      pros: ['Faster repair than 60 minutes'],
      cons: [`About ${Math.round(total * 0.05)} from the reserve`],
    },
  ]
  const log = {
    session_id: session.session_id,
    instruction_level: session.instruction_level,
    alternatives_considered: options,
  }
  const conflict = await appendDecision(tx, agentCtx(base, 'budget-analyst', session.correlation_id), eventId, {
    decision_type: 'conflict',
    description: 'Vendor contracts: cost against response time',
    rationale: `${contracts.length} contracts for ${total}; Budget Analyst and Logistics Coordinator weigh 5 % more for service.`,
    agent_name: 'Budget Analyst Agent',
    ...log,
  })
  await say(tx, base, session, 'conflict_detected', conflict.description, { decision_id: conflict.id, options })
  const turns: [AgentName, string][] = [
    ['budget-analyst', `Proposal: ${contracts.length} contracts for ${amount(total)}, each within its allocation.`],
    [
      'logistics-coordinator',
      `Objection: a response time under 60 minutes is the least; on-call technicians would cost about ${amount(Math.round(total * 0.05))}.`,
    ],
    [
      'budget-analyst',
      `The reserve of ${amount(model.reserve.amount)} must cover ${amount(model.reserve.exposure)} of exposure; the penalty of 5 % already binds the vendors.`,
    ],
    ['logistics-coordinator', 'Agreed: response time under 60 minutes with 5 % penalty, no extra cost.'],
    ['event-planner', `Settled: option 1, total ${amount(total)}.`],
  ]
  for (const [agent, content] of turns)
    await addMessage(tx, base, session, { role: 'agent', agent, content, metadata: { topic: 'vendor contracts' } })
  const ctx = agentCtx(base, 'budget-analyst', session.correlation_id)
  const stored = await saveArtifactIn(
    tx,
    ctx,
    eventId,
    'CostModel',
    {
      line_items: linesWithContracts(model, contracts),
      variance_rules: model.variance_rules,
      savings_actions: [...model.savings.actions, 'Service penalties of 5 % instead of paid on-call staff'],
      hedges: model.hedges,
      scenarios: model.scenarios,
      mitigation_options: model.mitigation_options,
    },
    { run: { session_id: session.session_id, instruction_level: session.instruction_level } },
  )
  const ref = { artifact_type: 'CostModel', artifact_id: stored.id, version: stored.version }
  const resolution = await appendDecision(tx, agentCtx(base, 'event-planner', session.correlation_id), eventId, {
    decision_type: 'conflict_resolution',
    description: 'Vendor contracts stay within their allocations',
    rationale: `Option 1 scores 0.9 against 0.7: total ${total}, no extra cost, penalty 5 %.`,
    agent_name: 'Event Planner Agent',
    impacted_artifacts: [ref],
    relates_to: conflict.id,
    ...log,
  })
  await say(tx, base, session, 'conflict_resolved', resolution.description, {
    decision_id: resolution.id,
    resolution: resolution.rationale,
  })
  session.artifacts_generated.push(ref)
  return [ref]
}
