import { describe, expect, it } from 'vitest'
import { ConfigError, loadConfig } from './load-config.ts'

describe('loadConfig', () => {
  it('gives defaults when nothing is set', () => {
    const { core } = loadConfig({})
    expect(core.port).toBe(8000)
    expect(core.host).toBe('127.0.0.1')
  })

  it('accepts an alias', () => {
    expect(loadConfig({ API_PORT: '9000' }).core.port).toBe(9000)
  })

  it('takes log levels in any case and under their other names', () => {
    const levels = ['INFO', 'Warning', 'CRITICAL', 'debug'].map((LOG_LEVEL) => loadConfig({ LOG_LEVEL }).core.logLevel)
    expect(levels).toEqual(['info', 'warn', 'error', 'debug'])
    expect(() => loadConfig({ LOG_LEVEL: 'loud' })).toThrow(/LOG_LEVEL/)
  })

  it('refuses two names of one setting with different values, naming both', () => {
    expect(() => loadConfig({ PORT: '1', API_PORT: '2' })).toThrow(/PORT and API_PORT/)
  })

  it('reports every wrong value at once with its remedy', () => {
    try {
      loadConfig({ PORT: 'abc', AUTH_MODE: 'open' })
      expect.unreachable()
    } catch (error) {
      expect(error).toBeInstanceOf(ConfigError)
      expect((error as ConfigError).problems).toEqual([
        'PORT (is "abc"): must be a whole number from 0 to 65535',
        'AUTH_MODE (is "open"): must be one of: dev, keys, oidc',
      ])
    }
  })

  it('never prints a secret', () => {
    expect(() => loadConfig({ DATABASE_URL: 'x', POSTGRES_URL: 'hunter2' })).toThrow(/^((?!hunter2)[\s\S])*$/)
  })
})
