import { type AgentDefinition, type CheckFinding, defineAgent } from '../../kernel/agents/definition.ts'
import type { AgentName } from '../schema.ts'
import { budgetCraft } from './budget-craft.ts'
import { cateringCraft } from './catering-craft.ts'
import { AGENT_SHEETS, sheetOf } from './instructions.ts'
import { cateringContract, logisticsCraft } from './logistics-craft.ts'
import { planCraft } from './planner-craft.ts'
import { type TurnOutput as Output, TurnInput, TurnOutput } from './turn.ts'
import { venueCraft } from './venue-craft.ts'

const CRAFTS: Readonly<Record<AgentName, (input: TurnInput) => Output>> = {
  'event-planner': planCraft,
  'venue-researcher': venueCraft,
  'budget-analyst': budgetCraft,
  'logistics-coordinator': logisticsCraft,
  'catering-coordinator': (input) => (input.task === 'contract' ? cateringContract(input) : cateringCraft(input)),
}

/** Artifact types each task must deliver, when it asks nothing. */
const TASK_OUTPUTS: Readonly<Record<string, readonly string[]>> = {
  scope: ['Requirements'],
  plan: ['Timeline', 'TaskRegister', 'RiskRegister'],
  venues: ['VenueScorecard'],
  baseline: ['BudgetBaseline'],
  costs: ['CostModel', 'BudgetDecision'],
  contracts: ['VendorContracts'],
  contract: ['VendorContracts'],
  operations: ['LogisticsPlan', 'ResourceRoster', 'Schedule', 'ContingencyPlan'],
  'catering-only': ['LogisticsPlan'],
}

/** Minimum output of a turn (contract 4.5): the types its task owes, in the numbers of its level. */
export function checkTurn(input: TurnInput, output: Output): CheckFinding[] {
  if (output.user_input_needed) return []
  const counts = new Map<string, number>()
  for (const { type } of output.artifacts) counts.set(type, (counts.get(type) ?? 0) + 1)
  if (input.task === 'proposal')
    return output.catering ? [] : [{ code: 'OUTPUT_INVALID', message: 'catering is missing', field: 'catering' }]
  const minimum = new Map(
    sheetOf(input.agent).instruction_sets[input.level].outputs.map(({ artifact, minimum: n }) => [
      artifact as string,
      n,
    ]),
  )
  const redo = input.task === 'venues' && input.board.artifacts.VenueShortlist.length > 0
  return (TASK_OUTPUTS[input.task] ?? []).flatMap((type) => {
    const wanted = redo ? 1 : Math.max(1, minimum.get(type) ?? 1)
    const found = counts.get(type) ?? 0
    return found >= wanted
      ? []
      : [{ code: 'OUTPUT_INVALID', message: `${type}: ${found} of at least ${wanted}`, field: 'artifacts' }]
  })
}

/** The five agents of the planning team. The craft alone delivers every artifact; a model may write them instead. */
export const PLANNING_AGENTS: readonly AgentDefinition<typeof TurnInput, typeof TurnOutput>[] = AGENT_SHEETS.map(
  (sheet) =>
    defineAgent({
      id: sheet.name,
      title: sheet.display_name,
      domain: 'planning',
      capabilities: sheet.capabilities,
      input: TurnInput,
      output: TurnOutput,
      instructions: Object.fromEntries(
        Object.entries(sheet.instruction_sets).map(([level, { text }]) => [level, text]),
      ),
      tools: sheet.tools,
      craft: (input) => CRAFTS[sheet.name](input) as never,
      check: (input, output) => checkTurn(input, output as Output),
    }),
)

export const agentNamed = (name: AgentName) => PLANNING_AGENTS.find(({ id }) => id === name)!

/** Start-up check of the declarations (contract 4.2): levels, outputs and tests are all there. Returns what is wrong. */
export function checkSheets(sheets = AGENT_SHEETS): string[] {
  return sheets.flatMap((sheet) => [
    ...(sheet.tests.length === 0 ? [`${sheet.name}: tests is empty`] : []),
    ...(['Beginner', 'Intermediate', 'Advanced'] as const).flatMap((level) =>
      sheet.instruction_sets[level]?.outputs.length ? [] : [`${sheet.name}: instruction_sets.${level} has no outputs`],
    ),
  ])
}
