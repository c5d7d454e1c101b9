import type { Config } from '../config/load-config.ts'
import type { ModelProvider } from '../config/models-settings.ts'
import { ModelNotConfiguredError } from './errors.ts'

export type Access =
  | { method: 'none'; warnings: string[]; suggestion: string }
  | { method: 'claude_code'; path: string; model: string | undefined; warnings: string[] }
  | {
      method: 'direct_api'
      provider: Exclude<ModelProvider, 'none'>
      apiKey: string | undefined
      baseUrl: string | undefined
      model: string
      backupModel: string | undefined
      useEntra: boolean
      warnings: string[]
    }

// Sample values that people leave in a copied environment file.
const PLACEHOLDER =
  /^(<.*>|\[.*\]|\{.*\}|x{3,}|\*{3,}|\.{3}|none|null|undefined|todo|change[-_ ]?me|replace[-_ ]?me|placeholder|secret|key|api[-_ ]?key|dummy|test|example)$|^(sk-(ant-|or-)?)?(your|my|insert|replace|enter|put|example|placeholder|xxx|\.\.\.)|your[-_ ].*key|key[-_ ]?here/i

export const isPlaceholderKey = (key: string): boolean => PLACEHOLDER.test(key.trim())

const OPENROUTER = 'https://openrouter.ai/api/v1'
const DEFAULT_MODELS: Partial<Record<ModelProvider, string>> = { anthropic: 'claude-sonnet-4-5', openai: 'gpt-5-mini' }

/** Which provider the keys mean when none is named. */
function inferProvider(
  models: Config['models'],
  own: string | undefined,
  anthropic: string | undefined,
): ModelProvider {
  if (models.baseUrl !== undefined && (own !== undefined || anthropic === undefined)) return 'openai_compatible'
  if (anthropic !== undefined || own?.startsWith('sk-ant-')) return 'anthropic'
  if (own?.startsWith('sk-or-')) return 'openai_compatible'
  if (own?.startsWith('sk-')) return 'openai'
  return own === undefined ? 'none' : 'openai_compatible'
}

/**
 * How models are reached, from settings alone: no network, no look at the disk, the same answer every time. `CLAUDECODE=1` wins over a
 * key; `LLM_PROVIDER=none` wins over everything. A sample key counts as not set and is warned about.
 */
export function detectAccess(models: Config['models']): Access {
  const warnings: string[] = []
  const real = (name: string, key: string | undefined) => {
    if (key === undefined || !isPlaceholderKey(key)) return key
    warnings.push(`${name} holds a sample value and counts as not set: put in your own key or remove it.`)
    return undefined
  }
  const anthropicKey = real('ANTHROPIC_API_KEY', models.anthropicApiKey)
  const ownKey = real('LLM_API_KEY', models.apiKey)
  const none = (suggestion: string): Access => ({ method: 'none', warnings, suggestion })
  if (models.provider === 'none') return none('LLM_PROVIDER is none: set it to a provider to use a model.')
  if (models.claudeCode)
    return { method: 'claude_code', path: models.claudeCodePath ?? 'claude', model: models.model, warnings }

  const provider = models.provider ?? inferProvider(models, ownKey, anthropicKey)
  if (provider === 'none') return none(new ModelNotConfiguredError().suggestion)
  const useEntra = models.authMode === 'entra'
  const apiKey = provider === 'anthropic' ? (anthropicKey ?? ownKey) : ownKey
  const baseUrl = models.baseUrl ?? (ownKey?.startsWith('sk-or-') ? OPENROUTER : undefined)
  const missing: string[] = []
  const needsKey = provider !== 'openai_compatible' && !(useEntra && provider === 'azure')
  if (needsKey && apiKey === undefined) missing.push(provider === 'anthropic' ? 'ANTHROPIC_API_KEY' : 'LLM_API_KEY')
  if ((provider === 'openai_compatible' || provider === 'azure') && baseUrl === undefined) missing.push('LLM_BASE_URL')
  const model = models.model ?? DEFAULT_MODELS[provider]
  if (model === undefined) missing.push('LLM_MODEL')
  if (missing.length > 0 || model === undefined) {
    const suggestion = `The provider ${provider} also needs ${missing.join(' and ')}.`
    warnings.push(`The language model is not used. ${suggestion}`)
    return none(suggestion)
  }
  return { method: 'direct_api', provider, apiKey, baseUrl, model, backupModel: models.backupModel, useEntra, warnings }
}
