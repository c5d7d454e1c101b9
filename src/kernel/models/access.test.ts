import { describe, expect, it } from 'vitest'
import { loadConfig } from '../config/load-config.ts'
import { detectAccess, isPlaceholderKey } from './access.ts'

const access = (env: Record<string, string>) => detectAccess(loadConfig(env).models)

describe('detectAccess', () => {
  it('prefers the command-line client over a key', () => {
    expect(access({ CLAUDECODE: '1', ANTHROPIC_API_KEY: 'sk-ant-real-0123456789' })).toMatchObject({
      method: 'claude_code',
      path: 'claude',
    })
    expect(access({ CLAUDECODE: '1', CLAUDE_CODE_PATH: '/opt/claude' })).toMatchObject({ path: '/opt/claude' })
  })

  it('uses a key alone', () => {
    expect(access({ CLAUDECODE: '0', ANTHROPIC_API_KEY: 'sk-ant-real-0123456789' })).toMatchObject({
      method: 'direct_api',
      provider: 'anthropic',
    })
  })

  it('says what to set when nothing is configured', () => {
    expect(access({})).toMatchObject({ method: 'none', suggestion: expect.stringContaining('ANTHROPIC_API_KEY') })
  })

  it('refuses CLAUDECODE values other than 0 and 1', () => {
    expect(() => access({ CLAUDECODE: 'yes' })).toThrow(/CLAUDECODE.*must be 0 or 1/)
  })

  it('lets LLM_PROVIDER=none switch the model off', () => {
    expect(access({ LLM_PROVIDER: 'none', CLAUDECODE: '1', ANTHROPIC_API_KEY: 'sk-ant-real-0123456789' }).method).toBe(
      'none',
    )
  })

  it.each([
    [
      { OPENROUTER_API_KEY: 'sk-or-v1-abcdef', OPENROUTER_DEFAULT_MODEL: 'a/b', OPENROUTER_BACKUP_MODEL: 'c/d' },
      'openai_compatible',
      'a/b',
      'https://openrouter.ai/api/v1',
    ],
    [
      {
        MODEL_PROVIDER: 'azure',
        MODEL_ENDPOINT: 'https://x.openai.azure.com/openai',
        MODEL_DEPLOYMENT: 'd',
        MODEL_AUTH_MODE: 'entra',
      },
      'azure',
      'd',
      'https://x.openai.azure.com/openai',
    ],
    [
      { LLM_PROVIDER: 'ollama', LLM_BASE_URL: 'http://127.0.0.1:11434/v1', LLM_MODEL: 'm' },
      'openai_compatible',
      'm',
      'http://127.0.0.1:11434/v1',
    ],
    [
      { LLM_BASE_URL: 'http://127.0.0.1:11434/v1', LLM_MODEL: 'm' },
      'openai_compatible',
      'm',
      'http://127.0.0.1:11434/v1',
    ],
    [{ LLM_PROVIDER: 'openai', LLM_API_KEY: 'sk-abcdefghij', LLM_MODEL: 'm' }, 'openai', 'm', undefined],
  ] as [Record<string, string>, string, string, string | undefined][])('reads %j', (env, provider, model, baseUrl) => {
    expect(access(env)).toMatchObject({ method: 'direct_api', provider, model, baseUrl, warnings: [] })
  })

  it('names what a provider still needs, and warns', () => {
    const missing = access({ LLM_PROVIDER: 'openai_compatible', LLM_API_KEY: 'abcdefghij' })
    expect(missing).toMatchObject({ method: 'none', suggestion: expect.stringContaining('LLM_BASE_URL and LLM_MODEL') })
    expect(missing.warnings).toHaveLength(1)
  })

  it.each([
    'your-api-key-here',
    'sk-ant-your-key',
    '<your key>',
    'changeme',
    'sk-ant-xxxxxxxx',
    'xxx',
    'YOUR_API_KEY',
    'sk-...',
    'insert-key-here',
  ])('counts the sample key %s as not set, with a warning', (key) => {
    const found = access({ ANTHROPIC_API_KEY: key })
    expect(found.method).toBe('none')
    expect(found.warnings[0]).toContain('ANTHROPIC_API_KEY')
    expect(found.warnings[0]).not.toContain(key)
  })

  it.each(['sk-ant-api03-Zk1x2y3w4v5u', 'sk-or-v1-0a1b2c3d', 'k-test-1234', 'fake-key', 'test-key'])(
    'takes %s for a key',
    (key) => {
      expect(isPlaceholderKey(key)).toBe(false)
    },
  )
})
