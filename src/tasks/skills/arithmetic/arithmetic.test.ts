import { describe, expect, it } from 'vitest'
import { request, testPorts } from '../_test-kit.ts'
import { arithmetic } from './arithmetic.ts'
import { toJson } from './exact.ts'
import { evaluateExpression } from './expression.ts'

const run = (text: string, inputData = {}) => arithmetic.run(request(text, { inputData }), testPorts())
const dataOf = async (text: string) => (await run(text)).data
const value = (text: string) => toJson(evaluateExpression(text)).value

describe('forms', () => {
  it.each<[string, Record<string, unknown>]>([
    ['Calculate factorial of 10', { factorial_10: 3628800 }],
    ['Calculate factorial of 5', { factorial_5: 120 }],
    ['What is 0!', { factorial_0: 1 }],
    ['Compute 5 factorial', { factorial_5: 120 }],
    ['Calculate the factorials of 3, 4 and 5', { factorial_3: 6, factorial_4: 24, factorial_5: 120 }],
    ['Calculate factorial of 20', { factorial_20: '2432902008176640000', exact: 'string' }],
    ['Calculate fibonacci of 10 independently', { fibonacci_10: 55 }],
    ['Find the 10th Fibonacci number', { fibonacci_10: 55 }],
    ['Compute F(50)', { fibonacci_50: 12586269025 }],
    ['fibonacci of 0', { fibonacci_0: 0 }],
    ['fibonacci of 1', { fibonacci_1: 1 }],
    ['the first 6 fibonacci numbers', { fibonacci_first_6: [0, 1, 1, 2, 3, 5] }],
    ['Calculate sum of 1 to 10', { sum_1_10: 55 }],
    ['Calculate sum 1–10', { sum_1_10: 55 }],
    ['sum of all integers from -3 to 5', { 'sum_-3_5': 9 }],
    ['sum of the numbers between 1 and 1,000', { sum_1_1000: 500500 }],
    ['calculate product of 1 to 5', { product_1_5: 120 }],
    ['primes between 90 and 100', { primes_90_100: [97], count: 1 }],
    ['prime numbers up to 10', { primes_2_10: [2, 3, 5, 7], count: 4 }],
    ['primes between 24 and 28', { primes_24_28: [], count: 0 }],
    ['Is 97 a prime number?', { is_prime_97: true }],
    ['Check whether 91 is prime', { is_prime_91: false }],
    ['is 1 prime', { is_prime_1: false }],
    ['is 2 prime', { is_prime_2: true }],
    ['is 561 prime', { is_prime_561: false }],
    ['is 9007199254740881 prime', { is_prime_9007199254740881: true }],
    ['gcd of 12 and 18', { gcd_12_18: 6 }],
    ['Find the greatest common divisor of 12, 18', { gcd_12_18: 6 }],
    ['lcm of 12 and 18', { lcm_12_18: 36 }],
    ['lcm of 0 and 7', { lcm_0_7: 0 }],
    ['Square root of 2', { sqrt_2: Math.SQRT2 }],
    ['√16', { sqrt_16: 4 }],
    ['2 to the power of 10', { power_2_10: 1024 }],
    ['2 raised to the power of 0', { power_2_0: 1 }],
    ['2^10', { power_2_10: 1024, expression: '2^10', result: 1024 }],
    ['15 % of 200', { percent_15_of_200: 30 }],
    ['15 percent of 200', { percent_15_of_200: 30 }],
    ['What is 12.5% of 80?', { 'percent_12.5_of_80': 10 }],
    ['Simple calculation: 2 + 2', { expression: '2 + 2', result: 4 }],
    ['Calculate (3+4)*2-5/2', { expression: '(3+4)*2-5/2', result: 11.5 }],
    ['What is 3 plus 4 times 2?', { expression: '3 + 4 * 2', result: 11 }],
    ['Calculate the mean of 5', { mean: 5 }],
    ['Calculate min, max, range and sum of 3, 9, 1', { min: 1, max: 9, range: 8, sum: 13 }],
    ['average of 1,000, 2,000', { mean: 1500 }],
    ['average of 100,200,300', { mean: 200 }],
    ['mode of 1, 1, 2, 2, 3', { mode: [1, 2] }],
    ['variance of 1, 2, 3, 4', { variance_population: 1.25, variance_sample: 5 / 3 }],
    ['standard deviation of 7', { stdev_population: 0, stdev_sample: null }],
    ['factorial of 5 and 2 + 2', { factorial_5: 120 }],
  ])('%s', async (text, data) => expect(await dataOf(text)).toMatchObject(data))

  it('computes all statistics of a list', async () => {
    const data = await dataOf('Calculate mean, median, mode and standard deviation of 2,4,4,4,5,5,7,9')
    expect(data).toEqual({ mean: 5, median: 4.5, mode: [4], stdev_population: 2, stdev_sample: 2.138089935299395 })
  })
  it('finds the 25 primes from 2 to 100', async () => {
    const data = await dataOf('Find all primes between 2 and 100')
    expect(data['count']).toBe(25)
    expect((data['primes_2_100'] as number[]).at(-1)).toBe(97)
  })
  it('answers at the upper limits', async () => {
    expect(String((await dataOf('factorial of 5000'))['factorial_5000'])).toHaveLength(16326)
    expect(String((await dataOf('fibonacci of 10000'))['fibonacci_10000'])).toHaveLength(2090)
  })
  it('takes the expression of input_data where the text has none', async () => {
    expect((await run('Do the calculation given', { expression: '6*7' })).data).toMatchObject({ result: 42 })
  })
})

describe('summaries', () => {
  it.each([
    ['Calculate factorial of 10', 'Calculated factorial of 10 = 3,628,800'],
    ['primes between 2 and 100', 'Found 25 primes between 2 and 100, last 97'],
    ['is 91 prime', '91 is not prime'],
    ['Simple calculation: 2 + 2', 'Calculated 2 + 2 = 4'],
  ])('%s -> %s', async (text, summary) => expect((await run(text)).summary).toBe(summary))
})

describe('errors', () => {
  it.each([
    ['factorial of -1', /0 to 5000/],
    ['factorial of 5001', /0 to 5000/],
    ['factorial of 2.5', /whole number/],
    ['fibonacci of 10001', /0 to 10000/],
    ['Calculate 1/0', /division by zero/],
    ['Calculate 5 % 0', /division by zero/],
    ['square root of -4', /not real/],
    ['sum of 10 to 1', /smaller number first/],
    ['primes between 2 and 9999999', /up to 1000000/],
    ['Calculate 0^-1', /zero to a negative power/],
    ['Calculate 9^9^9^9', /digits/],
    ['Calculate (2 + 3', /not complete/],
    ['write something', /no calculation found/],
  ])('%s', async (text, message) => {
    await expect(run(text)).rejects.toMatchObject({ code: 'INVALID_INPUT', message: expect.stringMatching(message) })
  })
})

describe('expressions', () => {
  it.each<[string, unknown]>([
    ['-2^2', -4],
    ['2^3^2', 512],
    ['(-2)^2', 4],
    ['2^-1', 0.5],
    ['-7 % 3', -1],
    ['7 % -3', 1],
    ['7.5 % 2', 1.5],
    ['10/4', 2.5],
    ['10/5', 2],
    ['1/3*3', 1],
    ['0.1+0.2', 0.3],
    ['1,000 * 2', 2000],
    ['2**10', 1024],
    ['--3', 3],
    ['4^0.5', 2],
    ['9007199254740991', 9007199254740991],
    ['9007199254740991+1', '9007199254740992'],
    ['-9007199254740991-1', '-9007199254740992'],
    ['2^64', '18446744073709551616'],
    ['.5+.5', 1],
    ['1e3+1', 1001],
  ])('%s = %s', (text, expected) => expect(value(text)).toBe(expected))
  it.each(['', '2 +', '(2', '2)', '2 2', 'a+1', '2//3', '*2', '1..2', `${'('.repeat(300)}1${')'.repeat(300)}`])(
    'refuses %j',
    (text) => expect(() => value(text)).toThrow(/./),
  )
})

describe('confidence', () => {
  it.each([
    'Calculate factorial of 10',
    'Simple calculation: 2 + 2',
    'calculate fibonacci of 10 independently',
    'Calculate 15% of 200 and 7!',
  ])('is certain of "%s"', (text) => expect(arithmetic.confidence(request(text))).toBeGreaterThanOrEqual(0.95))
  it.each([
    'Write a poem about the factorial of 10',
    'Calculate the average revenue for 2024 and 2025 in the attached CSV file',
    'Write code that computes 2 + 2',
    'Test subtask execution',
    '1234567890',
    'Summarise pages 3-5 of the report',
    'Read the report of 2025-01-05 about things',
  ])('leaves "%s" to others', (text) => expect(arithmetic.confidence(request(text))).toBeLessThan(0.8))
})
