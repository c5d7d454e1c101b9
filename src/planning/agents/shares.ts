import { exposure } from '../formulas/reserves.ts'
import { money, round, splitMoney } from '../formulas/round.ts'
import { inferBudget } from '../inference/budget.ts'
import type { TurnInput } from './turn.ts'

export type Split = readonly (readonly [category: string, share: number])[]

const BEGINNER: Split = [
  ['Venue', 0.6],
  ['Food', 0.3],
  ['Materials', 0.1],
]
const FULL: Split = [
  ['Venue', 0.5],
  ['Catering', 0.2],
  ['AV', 0.08],
  ['Marketing', 0.05],
  ['Staff', 0.05],
  ['Contingency', 0.12],
]

export type Strategy = { name: string; venue: number; catering: number; other: number }
export const STRATEGIES: readonly Strategy[] = [
  { name: 'venue-focused', venue: 0.65, catering: 0.2, other: 0.15 },
  { name: 'balanced', venue: 0.55, catering: 0.3, other: 0.15 },
  { name: 'experience-focused', venue: 0.5, catering: 0.35, other: 0.15 },
]

/** The default shares of a level with a strategy laid over them: the other categories keep their proportions within its rest. */
function withStrategy(split: Split, strategy: Strategy | null): Split {
  if (!strategy) return split
  const rest = split.slice(2)
  const weight = rest.reduce((sum, [, share]) => sum + share, 0)
  return [
    [split[0]![0], strategy.venue],
    [split[1]![0], strategy.catering],
    ...rest.map(([name, share]) => [name, (strategy.other * share) / weight] as const),
  ]
}

/** Total and allocations for this run (contract 4.8, 4.9): the reserve of an Advanced run is at least the exposure of its risks. */
export function allocationsFor(input: Pick<TurnInput, 'board' | 'level'>, strategy: Strategy | null = null) {
  const budget = inferBudget(input.board.brief)
  const total = budget.amount
  let split = withStrategy(input.level === 'Beginner' ? BEGINNER : FULL, strategy)
  if (input.level === 'Advanced') {
    const needed = exposure(input.board.artifacts.RiskRegister, total) / total
    const reserve = split.find(([name]) => name === 'Contingency')![1]
    if (needed > reserve) {
      const factor = (1 - needed) / (1 - reserve)
      split = split.map(([name, share]) => [name, name === 'Contingency' ? needed : share * factor] as const)
    }
  }
  const amounts = splitMoney(
    total,
    split.map(([, share]) => share),
  )
  return {
    ...budget,
    total: money(total),
    allocations: split.map(([category], index) => ({
      category,
      allocated: amounts[index]!,
      percentage: round(amounts[index]! / total, 4),
    })),
  }
}
