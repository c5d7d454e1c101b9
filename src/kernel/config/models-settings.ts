import { z } from 'zod'
import { choice, int, number, optionalText, url } from './parsers.ts'
import { setting } from './table.ts'

export const MODEL_PROVIDERS = ['none', 'anthropic', 'openai', 'openai_compatible', 'azure'] as const
export type ModelProvider = (typeof MODEL_PROVIDERS)[number]

const provider = () =>
  z
    .string()
    .trim()
    .toLowerCase()
    .transform((value) => value.replaceAll('-', '_'))
    .transform((value) => (['openrouter', 'ollama', 'compatible'].includes(value) ? 'openai_compatible' : value))
    .transform((value) => (value === 'azure_openai' ? 'azure' : value))
    .pipe(z.enum(MODEL_PROVIDERS, `must be one of: ${MODEL_PROVIDERS.join(', ')}`))

const zeroOrOne = () =>
  z
    .string()
    .trim()
    .refine((value) => value === '0' || value === '1', 'must be 0 or 1')
    .transform((value) => value === '1')

/** Which language model is used, and how. All unset: every agent works by its craft. */
export const modelsSettings = {
  provider: setting({
    names: ['LLM_PROVIDER', 'MODEL_PROVIDER'],
    schema: provider(),
    fallback: undefined as ModelProvider | undefined,
    doc: 'none, anthropic, openai, openai_compatible (OpenRouter, Ollama, vLLM, …), azure. Unset: inferred from the keys',
  }),
  anthropicApiKey: setting({
    names: ['ANTHROPIC_API_KEY'],
    schema: optionalText(),
    fallback: undefined,
    doc: 'Key of the Anthropic API; alone it selects provider anthropic',
    secret: true,
  }),
  apiKey: setting({
    names: ['LLM_API_KEY', 'OPENROUTER_API_KEY', 'MODEL_API_KEY'],
    schema: optionalText(),
    fallback: undefined,
    doc: 'Key of the configured provider',
    secret: true,
  }),
  baseUrl: setting({
    names: ['LLM_BASE_URL', 'OPENROUTER_BASE_URL', 'MODEL_ENDPOINT'],
    schema: url().optional(),
    fallback: undefined as string | undefined,
    doc: 'Address of the model API, for example http://127.0.0.1:11434/v1; alone it selects provider openai_compatible',
  }),
  model: setting({
    names: ['LLM_MODEL', 'CLAUDE_MODEL', 'OPENROUTER_DEFAULT_MODEL', 'MODEL_DEPLOYMENT'],
    schema: optionalText(),
    fallback: undefined,
    doc: 'Name of the model (azure: of the deployment)',
  }),
  backupModel: setting({
    names: ['LLM_BACKUP_MODEL', 'OPENROUTER_BACKUP_MODEL'],
    schema: optionalText(),
    fallback: undefined,
    doc: 'Model tried when the first one keeps failing',
  }),
  authMode: setting({
    names: ['MODEL_AUTH_MODE'],
    schema: choice(['key', 'entra']),
    fallback: 'key' as 'key' | 'entra',
    doc: '`entra` fetches an Entra ID token instead of using a key (azure)',
  }),
  claudeCode: setting({
    names: ['CLAUDECODE'],
    schema: zeroOrOne(),
    fallback: false,
    doc: '1 uses the locally installed command-line client instead of a key',
  }),
  claudeCodePath: setting({
    names: ['CLAUDE_CODE_PATH'],
    schema: optionalText(),
    fallback: 'claude' as string | undefined,
    doc: 'Path of that client',
  }),
  maxTokens: setting({
    names: ['LLM_MAX_TOKENS'],
    schema: int(1, 200_000),
    fallback: 4096,
    doc: 'Longest answer, in tokens, where a caller says nothing else',
  }),
  temperature: setting({
    names: ['LLM_TEMPERATURE'],
    schema: number(0, 1),
    fallback: undefined as number | undefined,
    doc: 'Temperature of all calls; unset: as the caller says (0 for plans and checks)',
  }),
  retries: setting({
    names: ['LLM_MAX_RETRIES'],
    schema: int(0, 20),
    fallback: undefined as number | undefined,
    doc: 'Repeats of a failed call; unset: as the caller says (3)',
  }),
  timeoutSeconds: setting({
    names: ['LLM_TIMEOUT_SECONDS'],
    schema: number(0.001, 3600),
    fallback: undefined as number | undefined,
    doc: 'Limit of one call; unset: as the caller says (30)',
  }),
  maxConcurrent: setting({
    names: ['LLM_MAX_CONCURRENT'],
    schema: int(1, 1000),
    fallback: 20,
    doc: 'Calls at the same time, per process',
  }),
  budgetTokens: setting({
    names: ['LLM_BUDGET_TOKENS'],
    schema: int(1, 1_000_000_000),
    fallback: undefined as number | undefined,
    doc: 'Tokens one run may spend; the craft goes on after that',
  }),
  budgetUsd: setting({
    names: ['LLM_BUDGET_USD'],
    schema: number(0, 1_000_000),
    fallback: undefined as number | undefined,
    doc: 'Money one run may spend, in US dollars; needs known prices',
  }),
  priceInput: setting({
    names: ['LLM_PRICE_INPUT'],
    schema: number(0, 100_000),
    fallback: undefined as number | undefined,
    doc: 'US dollars per million input tokens of LLM_MODEL',
  }),
  priceOutput: setting({
    names: ['LLM_PRICE_OUTPUT'],
    schema: number(0, 100_000),
    fallback: undefined as number | undefined,
    doc: 'US dollars per million output tokens of LLM_MODEL',
  }),
  cassetteDir: setting({
    names: ['LLM_CASSETTE'],
    schema: optionalText(),
    fallback: undefined,
    doc: 'Folder in which model calls are recorded or from which they are replayed',
  }),
  cassetteMode: setting({
    names: ['LLM_CASSETTE_MODE'],
    schema: choice(['replay', 'record', 'auto']),
    fallback: 'replay' as 'replay' | 'record' | 'auto',
    doc: 'replay: recorded answers only, no network; record: always call and store; auto: call what is not recorded',
  }),
}
