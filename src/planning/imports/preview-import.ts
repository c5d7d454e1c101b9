import { money, sumMoney } from '../formulas/round.ts'
import { readRows } from './read-rows.ts'

export type Problem = { row: number; field: string; message: string }
export type BudgetPreview = {
  lines: { category: string; item: string; quantity: number; unit_cost: number; total: number }[]
  total: number
  problems: Problem[]
}
export type GuestPreview = {
  guests: { name: string; email: string; diet: string }[]
  head_count: number
  problems: Problem[]
}

/**
 * A number as people write it, with currency signs and either way of grouping: 1,200.50 and 1.200,50 and 1 200. NaN for anything else, also for
 * what could be read two ways into different amounts of more than three digits after a single separator.
 */
export function amountOf(text: string | undefined): number {
  const plain = (text ?? '').replace(/^'/, '').replaceAll(/[\s\u00a0\u202f']|[A-Za-z]{3}|\p{Sc}/gu, '')
  const [, sign = '', whole, separator, decimals] =
    /^(-?)(\d+(?:[.,]\d{3})*|\d+)(?:([.,])(\d{1,2}))?$/.exec(plain) ?? []
  if (whole === undefined) return Number.NaN
  const groups = new Set(whole.match(/[.,]/g) ?? [])
  if (groups.size > 1 || (separator && groups.has(separator))) return Number.NaN
  return Number(`${sign}${whole.replaceAll(/[.,]/g, '')}.${decimals ?? 0}`)
}

/** Cost lines of a budget file and what is wrong with them; nothing is stored. Columns: category, item, quantity, unit_cost. */
export async function previewBudget(name: string, bytes: Uint8Array): Promise<BudgetPreview> {
  const problems: Problem[] = []
  const lines = (await readRows(name, bytes)).flatMap((row, index) => {
    const quantity = row['quantity'] ? amountOf(row['quantity']) : 1
    const unit_cost = money(amountOf(row['unit_cost'] ?? row['cost'] ?? row['amount']))
    const say = (field: string, message: string) => problems.push({ row: index + 2, field, message })
    if (!row['category']) say('category', 'is missing')
    if (!Number.isInteger(quantity) || quantity < 1) say('quantity', 'must be a whole number of at least 1')
    if (!(unit_cost >= 0)) say('unit_cost', 'must be an amount of at least 0')
    if (!row['category'] || !Number.isInteger(quantity) || quantity < 1 || !(unit_cost >= 0)) return []
    return [
      {
        category: row['category'],
        item: row['item'] || row['category'],
        quantity,
        unit_cost,
        total: money(quantity * unit_cost),
      },
    ]
  })
  return { lines, total: sumMoney(lines.map(({ total }) => total)), problems }
}

/** Guests of a list, each address once, and what is wrong with it; nothing is stored. Columns: name, email, diet. */
export async function previewGuests(name: string, bytes: Uint8Array): Promise<GuestPreview> {
  const problems: Problem[] = []
  const seen = new Set<string>()
  const guests = (await readRows(name, bytes)).flatMap((row, index) => {
    const guest = {
      name: row['name'] ?? '',
      email: (row['email'] ?? '').toLowerCase(),
      diet: row['diet'] ?? row['diets'] ?? '',
    }
    const wrong = !guest.name
      ? ['name', 'is missing']
      : guest.email && !/^[^@\s]+@[^@\s]+\.[^@\s]+$/.test(guest.email)
        ? ['email', 'is not an address']
        : guest.email && seen.has(guest.email)
          ? ['email', 'is in the list twice']
          : null
    if (wrong) problems.push({ row: index + 2, field: wrong[0]!, message: wrong[1]! })
    if (wrong) return []
    seen.add(guest.email)
    return [guest]
  })
  return { guests, head_count: guests.length, problems }
}
