import { describe, expect, it } from 'vitest'
import { createLogger, withLogContext } from './logger.ts'
import { createSecrets } from './secrets.ts'
import { secretsOfConfig } from './secrets-of-config.ts'

const SECRET = 'pa"ss\\w0rd/ü&x'

function logged(act: (log: ReturnType<typeof createLogger>) => void, format: 'json' | 'text' = 'json'): string {
  const lines: string[] = []
  const secrets = createSecrets([SECRET])
  act(createLogger({ level: 'debug', format, secrets, write: (line) => lines.push(line), now: () => new Date(0) }))
  return lines.join('')
}

describe('secrets', () => {
  it.each([
    ['plain', SECRET],
    ['JSON', JSON.stringify({ a: SECRET })],
    ['URL', `https://x/?k=${encodeURIComponent(SECRET)}`],
    ['base64', Buffer.from(SECRET).toString('base64')],
  ])('masks a known secret in %s', (_how, text) => {
    const masked = createSecrets([SECRET]).mask(text)
    expect(masked).toContain('***')
    expect(masked).not.toContain(text.length > 20 ? 'ss\\\\w0rd' : SECRET)
  })

  it('masks what looks like a secret though nobody registered it', () => {
    const { mask } = createSecrets()
    expect(mask('Authorization: Bearer abcdefghijk.lmn')).toBe('Authorization: Bearer ***')
    expect(mask('postgres://user:geheim@db:5432/x')).toBe('postgres://***@db:5432/x')
    expect(mask('key sk-ant-api03-abcdefghijklmnop rejected')).toBe('key *** rejected')
    expect(mask('a task about risk-assessment-and-more')).toBe('a task about risk-assessment-and-more')
  })

  it('ignores values that are too short to be secrets', () => {
    expect(createSecrets(['abc', '', undefined]).mask('abc')).toBe('abc')
  })

  it('hides fields named like secrets and keeps counts of tokens', () => {
    const { maskValue } = createSecrets()
    expect(
      maskValue({
        apiKey: 'x',
        'X-Api-Key': 'x',
        callback_token: 'x',
        headers: { authorization: 'x' },
        input_tokens: 5,
        token: 7,
        author: 'Ada',
      }),
    ).toEqual({
      apiKey: '***',
      'X-Api-Key': '***',
      callback_token: '***',
      headers: { authorization: '***' },
      input_tokens: 5,
      token: 7,
      author: 'Ada',
    })
  })

  it('survives circles, depth, bytes and big integers', () => {
    const { maskValue } = createSecrets()
    const circle: Record<string, unknown> = { big: 10n, bytes: new Uint8Array(3) }
    circle['self'] = circle
    expect(maskValue(circle)).toEqual({ big: '10', bytes: '[3 bytes]', self: '[circular]' })
    let deep: unknown = 'x'
    for (let i = 0; i < 50; i++) deep = { deep }
    expect(JSON.stringify(maskValue(deep))).toContain('[deep]')
  })

  it('reads the secrets of a configuration, also passwords inside addresses', () => {
    const found = secretsOfConfig({
      core: { databaseUrl: 'postgres://u:p%40ssword@h/d', apiToken: 'tok-12345', port: 1 },
    })
    expect(found).toEqual(expect.arrayContaining(['p@ssword', 'tok-12345']))
  })
})

describe('logger', () => {
  it('writes one JSON object a line with level, message, fields and context', () => {
    const out = logged((log) =>
      withLogContext({ correlationId: 'corr-1' }, () => log.child({ logger: 'tasks' }).warn({ taskId: 't1' }, 'slow')),
    )
    expect(out.endsWith('}\n')).toBe(true)
    expect(JSON.parse(out)).toEqual({
      level: 'WARNING',
      timestamp: '1970-01-01T00:00:00.000Z',
      logger: 'tasks',
      correlationId: 'corr-1',
      taskId: 't1',
      message: 'slow',
    })
  })

  it.each(['json', 'text'] as const)(
    'lets no secret through as %s: message, field, child, context, error, cause',
    (format) => {
      const out = logged((log) => {
        log.info(`used ${SECRET}`)
        log.info({ value: SECRET, nested: [{ x: SECRET }] }, 'x')
        log.child({ password: 'anything', note: SECRET }).info('child')
        withLogContext({ note: SECRET }, () => log.info('context'))
        log.error({ err: new Error(`bad ${SECRET}`, { cause: new Error(SECRET) }) }, 'failed')
      }, format)
      expect(out).not.toContain('w0rd')
      expect(out).not.toContain('anything')
      expect(out.match(/\*\*\*/g)!.length).toBeGreaterThanOrEqual(7)
    },
  )

  it('keeps the level', () => {
    const lines: string[] = []
    const log = createLogger({ level: 'warn', write: (line) => lines.push(line) })
    log.info('no')
    log.error('yes')
    expect(lines).toHaveLength(1)
  })
})
