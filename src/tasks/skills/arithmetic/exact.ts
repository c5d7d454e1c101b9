import { invalid } from '../skill-error.ts'

/** An exact fraction with a positive, reduced denominator. */
export type Fraction = { n: bigint; d: bigint }
/** Exact as long as possible; a number only where no exact value exists (fractional powers, roots). */
export type Value = Fraction | number

/** Longer numbers are refused: nobody reads them and each operation on them costs. */
export const MAX_DIGITS = 40_000
const MAX_BITS = BigInt(Math.ceil(MAX_DIGITS * Math.log2(10)))

const abs = (n: bigint) => (n < 0n ? -n : n)
const bits = (n: bigint) => BigInt(abs(n).toString(16).length * 4)

export function gcd(a: bigint, b: bigint): bigint {
  let [x, y] = [abs(a), abs(b)]
  while (y) [x, y] = [y, x % y]
  return x
}

export function fraction(n: bigint, d = 1n): Fraction {
  if (d === 0n) throw invalid('division by zero has no result: change the divisor')
  const g = gcd(n, d) || 1n
  const sign = d < 0n ? -1n : 1n
  const made = { n: (sign * n) / g, d: (sign * d) / g }
  if (bits(made.n) > MAX_BITS || bits(made.d) > MAX_BITS)
    throw invalid(`the result has more than ${MAX_DIGITS} digits: use smaller numbers`)
  return made
}

/** `12`, `-0.5`, `1,000`, `2.5e3` -> exact. Throws INVALID_INPUT for anything else. */
export function parseNumber(text: string): Fraction {
  const match = /^([+-]?)(\d{1,3}(?:,\d{3})+|\d+)?(?:\.(\d+))?(?:e([+-]?\d{1,4}))?$/i.exec(text.trim())
  if (!match || (match[2] === undefined && match[3] === undefined))
    throw invalid(`"${text.slice(0, 50)}" is not a number`)
  const [, sign, whole = '', decimals = '', exponent = '0'] = match
  if (whole.length + decimals.length > MAX_DIGITS) throw invalid(`a number has more than ${MAX_DIGITS} digits`)
  const power = Number(exponent) - decimals.length
  const digits = BigInt(whole.replaceAll(',', '') + decimals || '0') * (sign === '-' ? -1n : 1n)
  return power >= 0 ? fraction(digits * 10n ** BigInt(power)) : fraction(digits, 10n ** BigInt(-power))
}

export const isInteger = (value: Value): value is Fraction => typeof value !== 'number' && value.d === 1n

/** The nearest double. */
export function toNumber(value: Value): number {
  if (typeof value === 'number') return value
  const safe = BigInt(Number.MAX_SAFE_INTEGER)
  if (abs(value.n) <= safe && value.d <= safe) return Number(value.n) / Number(value.d)
  // 30 significant digits, and a sticky one when something remains: enough to round like the exact value
  const shift = 30 - abs(value.n).toString().length + value.d.toString().length
  const scaled = shift >= 0 ? value.n * 10n ** BigInt(shift) : value.n
  const divisor = shift >= 0 ? value.d : value.d * 10n ** BigInt(-shift)
  const sticky = scaled % divisor === 0n ? '0' : '1'
  return Number(`${scaled / divisor}${sticky}e${-shift - 1}`)
}

const exactly = (a: Value, b: Value): [Fraction, Fraction] | undefined =>
  typeof a === 'number' || typeof b === 'number' ? undefined : [a, b]

export function add(a: Value, b: Value): Value {
  const both = exactly(a, b)
  return both
    ? fraction(both[0].n * both[1].d + both[1].n * both[0].d, both[0].d * both[1].d)
    : toNumber(a) + toNumber(b)
}

export const negate = (a: Value): Value => (typeof a === 'number' ? -a : { n: -a.n, d: a.d })
export const subtract = (a: Value, b: Value): Value => add(a, negate(b))

export function multiply(a: Value, b: Value): Value {
  const both = exactly(a, b)
  return both ? fraction(both[0].n * both[1].n, both[0].d * both[1].d) : toNumber(a) * toNumber(b)
}

const isZero = (a: Value) => (typeof a === 'number' ? a === 0 : a.n === 0n)

export function divide(a: Value, b: Value): Value {
  if (isZero(b)) throw invalid('division by zero has no result: change the divisor')
  const both = exactly(a, b)
  return both ? fraction(both[0].n * both[1].d, both[0].d * both[1].n) : toNumber(a) / toNumber(b)
}

/** Has the sign of the dividend. */
export function remainder(a: Value, b: Value): Value {
  if (isZero(b)) throw invalid('the remainder of a division by zero has no result: change the divisor')
  const both = exactly(a, b)
  if (!both) return toNumber(a) % toNumber(b)
  const [x, y] = both
  return fraction((x.n * y.d) % (y.n * x.d), x.d * y.d)
}

/** Exact for whole exponents, the nearest double otherwise. */
export function power(base: Value, exponent: Value): Value {
  if (isZero(base) && toNumber(exponent) < 0) throw invalid('zero to a negative power has no result')
  if (typeof base !== 'number' && isInteger(exponent)) {
    const isUnit = base.d === 1n && abs(base.n) <= 1n
    const wanted = abs(exponent.n)
    const times = isUnit && wanted > 2n ? 2n + (wanted % 2n) : wanted
    const size = bits(base.n) > bits(base.d) ? bits(base.n) : bits(base.d)
    if (!isUnit && (size - 4n) * times + times > MAX_BITS)
      throw invalid(`the power has more than ${MAX_DIGITS} digits: use smaller numbers`)
    const raised = fraction(base.n ** times, base.d ** times)
    return exponent.n < 0n ? fraction(raised.d, raised.n) : raised
  }
  const result = toNumber(base) ** toNumber(exponent)
  if (Number.isNaN(result)) throw invalid('a fractional power of a negative number has no real result')
  return result
}

/** How a value is written in JSON: whole numbers above 2^53 - 1 as decimal text. */
export function toJson(value: Value): { value: number | string; asString: boolean } {
  if (isInteger(value)) {
    const isSafe = abs(value.n) <= BigInt(Number.MAX_SAFE_INTEGER)
    return isSafe ? { value: Number(value.n), asString: false } : { value: value.n.toString(), asString: true }
  }
  const number = toNumber(value)
  if (!Number.isFinite(number)) throw invalid('the result is too large for a decimal number: use smaller numbers')
  return { value: Object.is(number, -0) ? 0 : number, asString: false }
}

/** Short exact text, for keys: `10`, `-3`, `2.5`. */
export const keyText = (value: Value): string => String(toJson(value).value)
