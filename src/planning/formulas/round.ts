/** Rounds half up (away from zero for negatives) to so many decimals, unmoved by binary noise such as 1.005. */
export function round(value: number, decimals = 4): number {
  const factor = 10 ** decimals
  const scaled = Math.abs(value) * factor
  const rounded = Math.floor(scaled + 0.5 + Math.max(1, scaled) * 1e-12)
  return rounded === 0 ? 0 : (Math.sign(value) * rounded) / factor
}

/** An amount in whole cents, so that sums are exact. */
export const cents = (amount: number): number => round(amount * 100, 0)

/** Money to two decimals, half up. */
export const money = (amount: number): number => round(amount, 2)

/** Exact sum of amounts. */
export const sumMoney = (amounts: readonly number[]): number =>
  amounts.reduce((total, amount) => total + cents(amount), 0) / 100

const DAY_MS = 86_400_000

/** Fractional days from one time to another. */
export const daysBetween = (from: string, to: string): number => (Date.parse(to) - Date.parse(from)) / DAY_MS

/** Splits a total into parts by shares, exact to the cent: the largest part takes the rounding. */
export function splitMoney(total: number, shares: readonly number[]): number[] {
  const weight = shares.reduce((sum, share) => sum + share, 0)
  const parts = shares.map((share) => cents(weight === 0 ? 0 : (total * share) / weight))
  const rest = cents(total) - parts.reduce((sum, part) => sum + part, 0)
  const largest = parts.indexOf(Math.max(...parts))
  if (largest >= 0) parts[largest] = parts[largest]! + rest
  return parts.map((part) => part / 100)
}
