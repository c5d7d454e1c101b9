import type { Access } from '../access.ts'
import { ModelNotConfiguredError } from '../errors.ts'
import type { Provider } from '../types.ts'
import type { RunCommand } from './claude-code.ts'
import { limitedFetch } from './limited-fetch.ts'

export type ProviderDeps = {
  now?: () => number
  /** A token for Entra ID, when the access says so. */
  entraToken?: (scope: string) => Promise<string>
  /** How the command-line client is started; injected in tests. */
  runCommand?: RunCommand
}

const MAX_ANSWER_BYTES = 10_000_000
const AZURE_SCOPE = 'https://cognitiveservices.azure.com/.default'

/** The client for an access. Loads only the library it needs, at the first use. Throws ModelNotConfiguredError for `none`. */
export async function openProvider(access: Access, deps: ProviderDeps = {}): Promise<Provider> {
  if (access.method === 'none') throw new ModelNotConfiguredError(undefined, { suggestion: access.suggestion })
  if (access.method === 'claude_code') {
    const { createClaudeCodeProvider } = await import('./claude-code.ts')
    return createClaudeCodeProvider({ path: access.path, ...deps })
  }
  const { createAiSdkProvider } = await import('./ai-sdk-provider.ts')
  const { apiKey, baseUrl } = access
  const common = { fetch: limitedFetch(MAX_ANSWER_BYTES) }
  const base = { name: access.provider, enforcesSchema: true, ...(deps.now && { now: deps.now }) }
  // Addresses are always given: the libraries would else read variables of their own.
  switch (access.provider) {
    case 'anthropic': {
      const { createAnthropic } = await import('@ai-sdk/anthropic')
      const client = createAnthropic({ ...common, apiKey: apiKey!, baseURL: baseUrl ?? 'https://api.anthropic.com/v1' })
      // A forced tool takes any schema; the native format refuses many of its keywords.
      const providerOptions = { anthropic: { structuredOutputMode: 'jsonTool' } }
      return createAiSdkProvider({ ...base, languageModel: (id) => client(id), providerOptions })
    }
    case 'openai': {
      const { createOpenAI } = await import('@ai-sdk/openai')
      const client = createOpenAI({ ...common, apiKey: apiKey!, baseURL: baseUrl ?? 'https://api.openai.com/v1' })
      const providerOptions = { openai: { strictJsonSchema: false, store: false } }
      return createAiSdkProvider({ ...base, languageModel: (id) => client(id), providerOptions })
    }
    case 'azure': {
      const { createAzure } = await import('@ai-sdk/azure')
      const entraToken = deps.entraToken
      if (access.useEntra && !entraToken)
        throw new ModelNotConfiguredError('MODEL_AUTH_MODE is entra, but this process has no Entra ID sign-in.', {
          suggestion: 'Set LLM_API_KEY, or run where a managed identity or a command-line sign-in exists.',
        })
      const client = createAzure({
        ...common,
        baseURL: baseUrl!,
        ...(access.useEntra ? { tokenProvider: () => entraToken!(AZURE_SCOPE) } : { apiKey: apiKey! }),
      })
      const providerOptions = {
        openai: { strictJsonSchema: false, store: false },
        azure: { strictJsonSchema: false, store: false },
      }
      return createAiSdkProvider({ ...base, languageModel: (id) => client(id), providerOptions })
    }
    case 'openai_compatible': {
      const { createOpenAICompatible } = await import('@ai-sdk/openai-compatible')
      const client = createOpenAICompatible({
        ...common,
        name: 'compatible',
        baseURL: baseUrl!,
        includeUsage: true,
        supportsStructuredOutputs: true,
        ...(apiKey !== undefined && { apiKey }),
      })
      const providerOptions = { compatible: { strictJsonSchema: false } }
      return createAiSdkProvider({ ...base, languageModel: (id) => client(id), providerOptions })
    }
  }
}
