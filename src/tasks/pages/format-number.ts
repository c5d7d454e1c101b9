/**
 * `1234567.5` -> `1,234,567.5`, rounded half away from zero to `decimals` places. Own, because the locale data behind
 * toLocaleString would be a tenth of an agent's memory.
 */
export function formatNumber(value: number, decimals = 6): string {
  if (!Number.isFinite(value)) return String(value)
  const rounded = roundTo(Math.abs(value), decimals)
  const text = rounded < 1e21 ? plainDigits(rounded) : BigInt(rounded).toString()
  const [whole = '', fraction] = text.split('.')
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, ',')
  return `${value < 0 && rounded !== 0 ? '-' : ''}${grouped}${fraction === undefined ? '' : `.${fraction}`}`
}

/** Rounds what a reader sees (the shortest decimal form), so that 1.005 becomes 1.01. */
function roundTo(value: number, decimals: number): number {
  if (Number.isInteger(value) || value >= 1e15) return value
  const [digits = '', exponent = '0'] = String(value).split('e')
  return Number(`${Math.round(Number(`${digits}e${Number(exponent) + decimals}`))}e-${decimals}`)
}

/** Small numbers print as 1e-7. */
const plainDigits = (value: number): string => {
  const text = String(value)
  if (!text.includes('e')) return text
  return value.toFixed(20).replace(/\.?0+$/, '')
}
