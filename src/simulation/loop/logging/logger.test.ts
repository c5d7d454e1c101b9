import { describe, expect, it } from 'vitest'
import { configureLogging, type LoggingOptions, withLogContext } from './logger.ts'

function logging(options: LoggingOptions = {}, isTTY = false) {
  const lines: string[] = []
  const sink = { isTTY, write: (text: string) => void lines.push(text) }
  return {
    log: configureLogging({ ...options, sink, now: () => new Date(2025, 0, 2, 3, 4, 5) }),
    lines,
    json: () => lines.map((line) => JSON.parse(line)),
  }
}

describe('the operational log', () => {
  it('binds without changing the original; later and nearer fields win', () => {
    const { log, json } = logging({ context: { run: 'a', who: 'context' } })
    const child = log.bind({ who: 'bound', x: 1 }).bind({ x: 2 })
    child.info('one', { who: 'call' })
    child.info('two')
    log.info('three')
    expect(json().map(({ event, who, x, run }) => [event, who, x, run])).toEqual([
      ['one', 'call', 2, 'a'],
      ['two', 'bound', 2, 'a'],
      ['three', 'context', undefined, 'a'],
    ])
    expect(json()[0]).toMatchObject({
      level: 'INFO',
      logger: 'simulation',
      timestamp: new Date(2025, 0, 2, 3, 4, 5).toISOString(),
    })
  })

  it('refuses what JSON cannot hold, unknown levels and formats', () => {
    const { log } = logging()
    const circle: Record<string, unknown> = {}
    circle['self'] = circle
    expect(() => log.bind({ circle })).toThrow(TypeError)
    expect(() => log.info('x', { fn: () => 1 })).toThrow(/fn is not JSON-serialisable/)
    expect(() => log.info('x', { big: 1n })).toThrow(TypeError)
    expect(() => configureLogging({ level: 'LOUD' })).toThrow(/DEBUG, INFO, WARNING, ERROR/)
    expect(() => configureLogging({ format: 'xml' })).toThrow(/json, console, auto/)
  })

  it('writes nothing below its level', () => {
    const { log, lines } = logging({ level: 'WARNING' })
    log.debug('a')
    log.info('b')
    log.warning('c')
    log.error('d')
    expect(lines).toHaveLength(2)
  })

  it('has a console form, coloured only on a terminal', () => {
    const plain = logging({ format: 'console' })
    plain.log.warning('turn_started', { turn: 3, note: 'two words', map: { a: 1 } })
    expect(plain.lines[0]).toBe(
      `2025-01-02 03:04:05 [warning  ] ${'turn_started'.padEnd(35)}  turn=3 note="two words" map="{\\"a\\":1}"\n`,
    )
    const coloured = logging({ format: 'console' }, true)
    coloured.log.error('x')
    expect(coloured.lines[0]).toContain('\u001b[31merror')
  })

  it('chooses by environment when asked to', () => {
    const make = (environment: string) => {
      const { log, lines } = logging({ format: 'auto', environment })
      log.info('x')
      return lines[0]!.startsWith('{')
    }
    expect([make('production'), make('development')]).toEqual([true, false])
  })

  it('carries context through awaits without mixing concurrent tasks', async () => {
    const { log, json } = logging()
    const task = (id: string, ms: number) =>
      withLogContext({ request_id: id }, async () => {
        await new Promise((resolve) => setTimeout(resolve, ms))
        log.info(id)
      })
    await Promise.all([task('a', 10), task('b', 1)])
    log.info('outside')
    expect(json().map(({ event, request_id }) => [event, request_id])).toEqual([
      ['b', 'b'],
      ['a', 'a'],
      ['outside', undefined],
    ])
  })

  it('never throws when its sink does', () => {
    const sink = {
      write: () => {
        throw new Error('EPIPE')
      },
    }
    configureLogging({ sink }).error('x')
  })
})
