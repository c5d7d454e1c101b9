import { invalid } from '../skill-error.ts'
import { type Fraction, fraction, gcd, isInteger, keyText, toNumber, type Value } from './exact.ts'

/** Upper limits of the contract (4.4 S1) and, where it names none, what answers within a second. */
export const LIMITS = { factorial: 5000, fibonacci: 10_000, productSpan: 5000, primesTo: 1_000_000, sequence: 1000 }

/** The value as a whole number within limits, or INVALID_INPUT naming what is allowed. */
export function wholeNumber(value: Value, what: string, min = -Infinity, max = Infinity): bigint {
  const allowed =
    min === -Infinity && max === Infinity
      ? 'a whole number'
      : max === Infinity
        ? `a whole number of at least ${min}`
        : `a whole number from ${min} to ${max}`
  if (!isInteger(value)) throw invalid(`${what} needs ${allowed}, not ${keyText(value)}`)
  const number = toNumber(value)
  if (number < min || number > max) throw invalid(`${what} needs ${allowed}, not ${value.n.toString().slice(0, 30)}`)
  return value.n
}

/** Multiplies by halves, so that the factors stay of similar size. */
function productOf(from: bigint, to: bigint): bigint {
  if (from > to) return 1n
  if (to - from < 8n) {
    let product = from
    for (let i = from + 1n; i <= to; i++) product *= i
    return product
  }
  const middle = (from + to) / 2n
  return productOf(from, middle) * productOf(middle + 1n, to)
}

export const factorial = (n: Value): bigint => productOf(2n, wholeNumber(n, 'factorial', 0, LIMITS.factorial))

/** F(0) = 0, F(1) = 1. */
export function fibonacci(n: Value): bigint {
  let [a, b] = [0n, 1n]
  for (let i = wholeNumber(n, 'fibonacci', 0, LIMITS.fibonacci); i > 0n; i--) [a, b] = [b, a + b]
  return a
}

export function fibonacciSequence(count: Value): bigint[] {
  const terms: bigint[] = []
  let [a, b] = [0n, 1n]
  for (let i = wholeNumber(count, 'a fibonacci sequence', 1, LIMITS.sequence); i > 0n; i--) {
    terms.push(a)
    ;[a, b] = [b, a + b]
  }
  return terms
}

function range(from: Value, to: Value, what: string): [bigint, bigint] {
  const [a, b] = [wholeNumber(from, what), wholeNumber(to, what)]
  if (a > b) throw invalid(`${what} needs its smaller number first: ${a} is above ${b}`)
  return [a, b]
}

export function rangeSum(from: Value, to: Value): bigint {
  const [a, b] = range(from, to, 'a sum over a range')
  return ((a + b) * (b - a + 1n)) / 2n
}

export function rangeProduct(from: Value, to: Value): bigint {
  const [a, b] = range(from, to, 'a product over a range')
  if (a <= 0n && b >= 0n) return 0n
  if (b - a >= BigInt(LIMITS.productSpan))
    throw invalid(`a product over a range takes at most ${LIMITS.productSpan} numbers`)
  return fraction(productOf(a, b)).n
}

export function primesBetween(from: Value, to: Value): number[] {
  const [a, b] = range(from, to, 'primes in a range')
  if (b > BigInt(LIMITS.primesTo)) throw invalid(`primes are listed up to ${LIMITS.primesTo}`)
  const top = Number(b)
  if (top < 2) return []
  const composite = new Uint8Array(top + 1)
  for (let i = 2; i * i <= top; i++) if (!composite[i]) for (let j = i * i; j <= top; j += i) composite[j] = 1
  const primes: number[] = []
  for (let i = Math.max(2, Number(a)); i <= top; i++) if (!composite[i]) primes.push(i)
  return primes
}

const WITNESSES = [2n, 3n, 5n, 7n, 11n, 13n, 17n, 19n, 23n, 29n, 31n, 37n, 41n]
/** Below this the witnesses above decide for certain. */
const CERTAIN_BELOW = 3_317_044_064_679_887_385_961_981n

function powerModulo(base: bigint, exponent: bigint, modulus: bigint): bigint {
  let result = 1n
  let square = base % modulus
  for (let e = exponent; e > 0n; e >>= 1n) {
    if (e & 1n) result = (result * square) % modulus
    square = (square * square) % modulus
  }
  return result
}

export function isPrime(value: Value): boolean {
  const n = wholeNumber(value, 'a prime test')
  if (n >= CERTAIN_BELOW) throw invalid(`a prime test takes numbers below ${CERTAIN_BELOW}`)
  if (n < 2n) return false
  for (const p of WITNESSES) if (n % p === 0n) return n === p
  let odd = n - 1n
  let twos = 0
  for (; (odd & 1n) === 0n; odd >>= 1n) twos++
  return WITNESSES.every((witness) => {
    let x = powerModulo(witness, odd, n)
    if (x === 1n || x === n - 1n) return true
    for (let i = 1; i < twos; i++) {
      x = (x * x) % n
      if (x === n - 1n) return true
    }
    return false
  })
}

export const greatestCommonDivisor = (a: Value, b: Value): bigint => gcd(wholeNumber(a, 'gcd'), wholeNumber(b, 'gcd'))

export function leastCommonMultiple(a: Value, b: Value): bigint {
  const [x, y] = [wholeNumber(a, 'lcm'), wholeNumber(b, 'lcm')]
  if (x === 0n || y === 0n) return 0n
  const multiple = (x / gcd(x, y)) * y
  return multiple < 0n ? -multiple : multiple
}

function integerRoot(n: bigint): bigint {
  if (n < 2n) return n
  let guess = 1n << (BigInt(n.toString(2).length + 1) / 2n)
  for (;;) {
    const next = (guess + n / guess) >> 1n
    if (next >= guess) return guess
    guess = next
  }
}

/** Exact for squares of whole numbers and fractions, else the nearest double. */
export function squareRoot(value: Value): Value {
  if (toNumber(value) < 0) throw invalid('the square root of a negative number is not real: use a number of at least 0')
  if (typeof value !== 'number') {
    const root: Fraction = { n: integerRoot(value.n), d: integerRoot(value.d) }
    if (root.n * root.n === value.n && root.d * root.d === value.d) return root
  }
  return Math.sqrt(toNumber(value))
}
