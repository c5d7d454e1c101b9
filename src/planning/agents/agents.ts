import { type AgentDefinition, type CheckFinding, defineAgent } from '../../kernel/agents/definition.ts'
import type { AgentName, CoreAgent } from '../schema.ts'
import { budgetCraft } from './budget-craft.ts'
import { cateringCraft } from './catering-craft.ts'
import { cateringContract, reviseContract } from './contract-craft.ts'
import { AGENT_SHEETS, type AgentSheet } from './instructions.ts'
import { logisticsCraft } from './logistics-craft.ts'
import { planCraft } from './planner-craft.ts'
import { taskOf } from './tasks.ts'
import { agentCalled, sheetOf, specialists } from './team.ts'
import { type TurnOutput as Output, TurnInput, TurnOutput } from './turn.ts'
import { venueCraft } from './venue-craft.ts'

const CRAFTS: Readonly<Record<CoreAgent, (input: TurnInput) => Output>> = {
  'event-planner': planCraft,
  'venue-researcher': venueCraft,
  'budget-analyst': budgetCraft,
  'logistics-coordinator': logisticsCraft,
  'catering-coordinator': (input) =>
    input.task === 'contract'
      ? cateringContract(input)
      : input.task === 'revise-contract'
        ? reviseContract(input)
        : cateringCraft(input),
}

/** Minimum output of a turn (contract 4.5): the types its task owes, in the numbers of its level. */
export function checkTurn(input: TurnInput, output: Output): CheckFinding[] {
  if (output.next_agent && !agentCalled(output.next_agent))
    return [
      { code: 'OUTPUT_INVALID', message: `next_agent: there is no agent ${output.next_agent}`, field: 'next_agent' },
    ]
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
  const redo =
    ['revise-contract', 'venue-contract'].includes(input.task) ||
    (input.task === 'venues' && input.board.artifacts.VenueShortlist.length > 0)
  return taskOf(input.agent, input.task).owes.flatMap((type) => {
    const wanted = redo ? 1 : Math.max(1, minimum.get(type) ?? 1)
    const found = counts.get(type) ?? 0
    return found >= wanted
      ? []
      : [{ code: 'OUTPUT_INVALID', message: `${type}: ${found} of at least ${wanted}`, field: 'artifacts' }]
  })
}

type PlanningAgent = AgentDefinition<typeof TurnInput, typeof TurnOutput>
const asAgent = (sheet: AgentSheet, craft: (input: TurnInput) => Output): PlanningAgent =>
  defineAgent({
    id: sheet.name,
    title: sheet.display_name,
    domain: 'planning',
    capabilities: sheet.capabilities,
    input: TurnInput,
    output: TurnOutput,
    instructions: Object.fromEntries(Object.entries(sheet.instruction_sets).map(([level, { text }]) => [level, text])),
    tools: sheet.tools,
    craft: (input) => craft(input) as never,
    check: (input, output) => checkTurn(input, output as Output),
  })

/** The five agents of the planning team. The craft alone delivers every artifact; a model may write them instead. */
export const PLANNING_AGENTS: readonly PlanningAgent[] = AGENT_SHEETS.map((sheet) =>
  asAgent(sheet, CRAFTS[sheet.name as CoreAgent]),
)

/** An agent of the team, specialists included. */
export function agentNamed(name: AgentName): PlanningAgent {
  const core = PLANNING_AGENTS.find(({ id }) => id === name)
  if (core) return core
  const specialist = specialists().find((one) => one.name === name)
  if (!specialist) throw new Error(`no agent ${name}`)
  return asAgent(specialist, specialist.craft)
}

/** Start-up check of the declarations (contract 4.2): levels, outputs and tests are all there. Returns what is wrong. */
export function checkSheets(sheets = AGENT_SHEETS): string[] {
  return sheets.flatMap((sheet) => [
    ...(sheet.tests.length === 0 ? [`${sheet.name}: tests is empty`] : []),
    ...(['Beginner', 'Intermediate', 'Advanced'] as const).flatMap((level) =>
      sheet.instruction_sets[level]?.outputs.length ? [] : [`${sheet.name}: instruction_sets.${level} has no outputs`],
    ),
  ])
}
