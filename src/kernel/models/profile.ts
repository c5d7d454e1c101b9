import type { Config } from '../config/load-config.ts'
import type { ModelProfile } from './types.ts'

/** The numbers of the task contract; other callers name theirs. */
export const DEFAULT_PROFILE: ModelProfile = {
  purpose: 'general',
  maxTokens: 4096,
  temperature: 0,
  timeoutMs: 30_000,
  retries: 3,
  useBackup: true,
  onInvalid: 'repair',
  backoff: { firstMs: 1000, maxMs: 30_000 },
  limits: { systemChars: 10_000, promptChars: { min: 10, max: 100_000 } },
}

export const defineProfile = (purpose: string, more: Partial<Omit<ModelProfile, 'purpose'>> = {}): ModelProfile => ({
  ...DEFAULT_PROFILE,
  ...more,
  purpose,
})

/** What the operator set wins over what a caller asks for. */
export function profileWithSettings(profile: ModelProfile, models: Config['models']): ModelProfile {
  return {
    ...profile,
    temperature: models.temperature ?? profile.temperature,
    retries: models.retries ?? profile.retries,
    timeoutMs: models.timeoutSeconds === undefined ? profile.timeoutMs : models.timeoutSeconds * 1000,
    maxTokens: profile.maxTokens === DEFAULT_PROFILE.maxTokens ? models.maxTokens : profile.maxTokens,
  }
}
