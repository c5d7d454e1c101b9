import { setTimeout as sleep } from 'node:timers/promises'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type ServiceCaller, ServiceOutageError } from '../../services-port.ts'
import { backOffSeconds, retryAfterSeconds } from './back-off.ts'
import { Bulkhead } from './bulkhead.ts'
import { CallError, isTransientStatus } from './call-error.ts'
import { CircuitBreaker } from './circuit-breaker.ts'
import { type CallRecord, ServiceLine } from './service-line.ts'

const caller: ServiceCaller = { workflow_id: null, project_id: 'p', priority: 5, correlation_id: 'c' }

describe('back-off', () => {
  test('doubles from one second to thirty, with full jitter', () => {
    expect([1, 2, 3, 4, 5, 6, 7].map((n) => backOffSeconds(n, 1))).toEqual([1, 2, 4, 8, 16, 30, 30])
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 40 }), fc.double({ min: 0, max: 1, noNaN: true }), (n, random) => {
        const seconds = backOffSeconds(n, random)
        expect(seconds).toBeGreaterThanOrEqual(0)
        expect(seconds).toBeLessThanOrEqual(30)
      }),
    )
  })

  test('Retry-After counts, as seconds and as a date', () => {
    const now = Date.parse('2026-01-01T00:00:00Z')
    expect(retryAfterSeconds('7', now)).toBe(7)
    expect(retryAfterSeconds('Thu, 01 Jan 2026 00:00:20 GMT', now)).toBe(20)
    expect(retryAfterSeconds('soon', now)).toBeUndefined()
    expect(backOffSeconds(1, 0.1, 1, 7)).toBe(7)
    expect(backOffSeconds(1, 0.1, 1, 9999)).toBe(300)
  })

  test('which answers are tried again', () => {
    expect([408, 425, 429, 500, 503, 504].every(isTransientStatus)).toBe(true)
    expect([400, 401, 403, 404, 409, 422].some(isTransientStatus)).toBe(false)
  })
})

describe('circuit breaker', () => {
  test('opens after five failures in a row, stays open 30 s, lets one trial through', () => {
    const circuit = new CircuitBreaker()
    for (let i = 0; i < 4; i++) expect(circuit.failure(0)).toBe(false)
    expect(circuit.admit(0)).toBe(true)
    expect(circuit.failure(0)).toBe(true)
    expect([circuit.state(0), circuit.admit(29_999), circuit.opensIn(10_000)]).toEqual(['open', false, 20_000])
    expect(circuit.state(30_000)).toBe('half_open')
    expect([circuit.admit(30_000), circuit.admit(30_000)]).toEqual([true, false])
    expect(circuit.failure(30_000)).toBe(true)
    expect(circuit.state(59_999)).toBe('open')
    expect(circuit.admit(60_000)).toBe(true)
    expect(circuit.success()).toBe(true)
    expect([circuit.state(60_000), circuit.admit(60_000)]).toEqual(['closed', true])
  })

  test('opens when half of the last twenty failed, not before there are twenty', () => {
    const circuit = new CircuitBreaker()
    const results = Array.from({ length: 20 }, (_, i) => i % 2 === 0)
    const opened = results.map((ok) => (ok ? circuit.success() : circuit.failure(0)))
    expect(opened.indexOf(true)).toBe(19)
  })

  test('a trial that is given up leaves room for the next', () => {
    const circuit = new CircuitBreaker()
    for (let i = 0; i < 5; i++) circuit.failure(0)
    expect(circuit.admit(30_000)).toBe(true)
    circuit.forget()
    expect(circuit.admit(30_000)).toBe(true)
  })
})

test('the bulkhead lets so many in and serves who waits by priority, then age', async () => {
  const bulkhead = new Bulkhead(1)
  const order: string[] = []
  let open: () => void = () => undefined
  const first = bulkhead.run(5, undefined, () => new Promise<void>((resolve) => (open = resolve)))
  const rest = [
    ['low', 1],
    ['old', 5],
    ['young', 5],
    ['high', 9],
  ].map(([name, priority]) => bulkhead.run(Number(priority), undefined, async () => void order.push(String(name))))
  const gone = new AbortController()
  const given = bulkhead.run(10, gone.signal, async () => void order.push('gone'))
  gone.abort(new Error('given up'))
  await expect(given).rejects.toThrow('given up')
  expect(bulkhead.waiting).toBe(4)
  open()
  await Promise.all([first, ...rest])
  expect(order).toEqual(['high', 'old', 'young', 'low'])
})

function line(over: Partial<ConstructorParameters<typeof ServiceLine>[0]> = {}) {
  const records: CallRecord[] = []
  const made = new ServiceLine({
    service: 'brain',
    limit: 4,
    timeoutSeconds: 0.05,
    retries: 3,
    backOffBase: 0.001,
    openSeconds: 0.05,
    now: () => performance.now(),
    random: () => 1,
    record: (call) => records.push(call),
    ...over,
  })
  return { line: made, records }
}
const failing =
  (status = '503') =>
  async () => {
    throw new CallError(status, `answered ${status}`, { transient: isTransientStatus(Number(status)) })
  }

describe('a line to a service', () => {
  test('tries transient failures three more times, each in the log, then calls it an outage', async () => {
    const { line: own, records } = line()
    await expect(own.call('read', caller, failing())).rejects.toThrow(ServiceOutageError)
    expect(records.map((r) => [r.attempt, r.status])).toEqual([1, 2, 3, 4].map((n) => [n, '503']))
    expect(own.state()).toBe('degraded')
  })

  test('a refusal is not tried again and does not count against the service', async () => {
    const { line: own, records } = line()
    for (let i = 0; i < 8; i++) await expect(own.call('read', caller, failing('422'))).rejects.toThrow(CallError)
    expect([records.length, own.circuit(), own.state()]).toEqual([8, 'closed', 'connected'])
  })

  test('a call that hangs ends at its limit; the open circuit answers at once; a trial brings it back', async () => {
    const { line: own, records } = line({ retries: 4 })
    const hang = (signal: AbortSignal) =>
      new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason), { once: true }))
    await expect(own.call('read', caller, hang)).rejects.toThrow('did not answer within 0.05 s')
    expect(own.circuit()).toBe('open')
    await expect(own.call('read', caller, async () => 1)).rejects.toThrow(ServiceOutageError)
    expect(records.at(-1)!.status).toBe('circuit_open')
    let recovered = 0
    own.onRecovered(() => recovered++)
    await sleep(60)
    expect(await own.call('read', caller, async () => 2)).toBe(2)
    expect([own.circuit(), own.state(), recovered]).toEqual(['closed', 'connected', 1])
  })

  test('a deadline ends retries; a call that is given up throws its own reason', async () => {
    const { line: own } = line({ retries: 50, openSeconds: 0.001, timeoutSeconds: 5 })
    await expect(own.call('read', caller, failing(), { deadlineSeconds: 0.05 })).rejects.toThrow(ServiceOutageError)
    const gone = new AbortController()
    setTimeout(() => gone.abort(new Error('not wanted any more')), 10)
    const waits = line({ timeoutSeconds: 5 }).line.call('read', caller, () => sleep(10_000), { signal: gone.signal })
    await expect(waits).rejects.toThrow('not wanted any more')
  })
})
