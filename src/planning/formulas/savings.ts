import { isReserve } from './reserves.ts'
import { money, round, sumMoney } from './round.ts'
import type { CostLine } from './variance.ts'

/** What negotiation saved against list prices, over lines without reserves; null when no line has a list price. Contract 6.5. */
export function savings(lines: readonly CostLine[]): { list: number; amount: number; percent: number } | null {
  const open = lines.filter((line) => !isReserve(line))
  if (!open.some(({ list_unit_cost }) => list_unit_cost != null)) return null
  const list = sumMoney(open.map((line) => money((line.list_unit_cost ?? line.unit_cost) * line.quantity)))
  const amount = money(list - sumMoney(open.map(({ total }) => total)))
  return { list, amount, percent: list === 0 ? 0 : round((amount / list) * 100) }
}
