/** US dollars per million tokens. */
export type Price = { input: number; cachedInput: number; output: number }

// List prices as published in late 2025; the first prefix that matches wins. LLM_PRICE_INPUT and LLM_PRICE_OUTPUT override them.
const LIST: readonly (readonly [prefix: string, price: Price])[] = [
  ['claude-opus-4-5', { input: 5, cachedInput: 0.5, output: 25 }],
  ['claude-opus', { input: 15, cachedInput: 1.5, output: 75 }],
  ['claude-sonnet', { input: 3, cachedInput: 0.3, output: 15 }],
  ['claude-haiku-4-5', { input: 1, cachedInput: 0.1, output: 5 }],
  ['claude-3-5-haiku', { input: 0.8, cachedInput: 0.08, output: 4 }],
  ['gpt-5-nano', { input: 0.05, cachedInput: 0.005, output: 0.4 }],
  ['gpt-5-mini', { input: 0.25, cachedInput: 0.025, output: 2 }],
  ['gpt-5', { input: 1.25, cachedInput: 0.125, output: 10 }],
  ['gpt-4.1-nano', { input: 0.1, cachedInput: 0.025, output: 0.4 }],
  ['gpt-4.1-mini', { input: 0.4, cachedInput: 0.1, output: 1.6 }],
  ['gpt-4.1', { input: 2, cachedInput: 0.5, output: 8 }],
  ['gpt-4o-mini', { input: 0.15, cachedInput: 0.075, output: 0.6 }],
  ['gpt-4o', { input: 2.5, cachedInput: 1.25, output: 10 }],
]

export type PriceTable = (model: string) => Price | undefined

/** Prices by model name, vendor prefixes ignored. Undefined: unknown, so money cannot be counted. */
export function createPriceTable(configured: { input: number | undefined; output: number | undefined }): PriceTable {
  const { input, output } = configured
  if (input !== undefined && output !== undefined) return () => ({ input, cachedInput: input, output })
  return (model) => {
    const name = model.toLowerCase().replace(/^.*\//, '')
    return LIST.find(([prefix]) => name.startsWith(prefix))?.[1]
  }
}

/** Cost in US dollars; cached input tokens are part of the input tokens. */
export function costOf(
  price: Price | undefined,
  usage: { inputTokens: number; cachedInputTokens: number; outputTokens: number },
): number | undefined {
  if (!price) return undefined
  const fresh = usage.inputTokens - usage.cachedInputTokens
  return (fresh * price.input + usage.cachedInputTokens * price.cachedInput + usage.outputTokens * price.output) / 1e6
}
