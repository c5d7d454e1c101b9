import type {
  JSONSchema7,
  LanguageModelV4,
  LanguageModelV4CallOptions,
  LanguageModelV4Content,
  LanguageModelV4FinishReason,
  LanguageModelV4Prompt,
  LanguageModelV4StreamPart,
  LanguageModelV4Usage,
  SharedV4ProviderOptions,
} from '@ai-sdk/provider'
import { ModelError } from '../errors.ts'
import type { Delta, Message, ModelAnswer, ModelCall, Provider } from '../types.ts'
import { mapProviderError } from './map-error.ts'

export type AiSdkOptions = {
  name: string
  languageModel: (modelId: string) => LanguageModelV4
  providerOptions?: SharedV4ProviderOptions
  /** False: the shape is asked for in the prompt only. */
  enforcesSchema: boolean
  now?: () => number
}

function toPrompt(system: string, messages: readonly Message[]): LanguageModelV4Prompt {
  const prompt: LanguageModelV4Prompt = system ? [{ role: 'system', content: system }] : []
  for (const message of messages) {
    if (message.role === 'user') prompt.push({ role: 'user', content: [{ type: 'text', text: message.text }] })
    else if (message.role === 'assistant')
      prompt.push({
        role: 'assistant',
        content: [
          ...(message.text ? [{ type: 'text' as const, text: message.text }] : []),
          ...(message.toolCalls ?? []).map(({ id, name, input }) => ({
            type: 'tool-call' as const,
            toolCallId: id,
            toolName: name,
            input,
          })),
        ],
      })
    else
      prompt.push({
        role: 'tool',
        content: message.results.map(({ id, name, output, isError }) => ({
          type: 'tool-result',
          toolCallId: id,
          toolName: name,
          output: { type: isError ? 'error-text' : 'text', value: output },
        })),
      })
  }
  return prompt
}

function toOptions(call: ModelCall, options: AiSdkOptions): LanguageModelV4CallOptions {
  // Vendors enforce objects only; another shape is asked for in the prompt.
  const enforced = options.enforcesSchema && call.schema?.['type'] === 'object' ? call.schema : undefined
  return {
    prompt: toPrompt(call.system, call.messages),
    maxOutputTokens: call.maxTokens,
    abortSignal: call.signal,
    ...(call.temperature !== undefined && { temperature: call.temperature }),
    ...(call.seed !== undefined && { seed: call.seed }),
    ...(call.effort && { reasoning: call.effort }),
    ...(enforced && { responseFormat: { type: 'json', schema: enforced as JSONSchema7, name: 'answer' } }),
    ...(call.tools?.length && {
      tools: call.tools.map(({ name, description, inputSchema }) => ({
        type: 'function' as const,
        name,
        description,
        inputSchema: inputSchema as JSONSchema7,
      })),
      toolChoice: { type: 'auto' as const },
    }),
    ...(options.providerOptions && { providerOptions: options.providerOptions }),
  }
}

const FINISH: Record<LanguageModelV4FinishReason['unified'], ModelAnswer['finish']> = {
  stop: 'stop',
  length: 'length',
  'tool-calls': 'tool-calls',
  'content-filter': 'refused',
  error: 'other',
  interrupted: 'other',
  other: 'other',
}

type Parts = {
  content: readonly LanguageModelV4Content[]
  finishReason: LanguageModelV4FinishReason
  usage: LanguageModelV4Usage
  model: string | undefined
}

function toAnswer({ content, finishReason, usage, model }: Parts, asked: string): ModelAnswer {
  if (finishReason.unified === 'interrupted' || finishReason.unified === 'error')
    throw new ModelError('MODEL_UNAVAILABLE', 'server_error', 'The model broke off its answer.')
  return {
    text: content
      .flatMap((part) => (part.type === 'text' ? [part.text] : []))
      .join('')
      .trim(),
    toolCalls: content.flatMap((part) =>
      part.type === 'tool-call' ? [{ id: part.toolCallId, name: part.toolName, input: parseInput(part.input) }] : [],
    ),
    finish: FINISH[finishReason.unified],
    usage: {
      inputTokens: usage.inputTokens.total ?? 0,
      cachedInputTokens: usage.inputTokens.cacheRead ?? 0,
      outputTokens: usage.outputTokens.total ?? 0,
    },
    model: model ?? asked,
  }
}

/** Arguments that are no JSON stay text: the tool's own input check answers the model. */
function parseInput(input: string): unknown {
  try {
    return JSON.parse(input || '{}')
  } catch {
    return input
  }
}

async function collectStream(
  stream: AsyncIterable<LanguageModelV4StreamPart>,
  publish: (delta: Delta) => void,
): Promise<Parts> {
  const content: LanguageModelV4Content[] = []
  const open = new Map<string, { type: 'text'; text: string }>()
  let finish: Extract<LanguageModelV4StreamPart, { type: 'finish' }> | undefined
  let model: string | undefined
  for await (const part of stream) {
    if (part.type === 'response-metadata') model = part.modelId ?? model
    else if (part.type === 'text-start') {
      const block = { type: 'text' as const, text: '' }
      open.set(part.id, block)
      content.push(block)
    } else if (part.type === 'text-delta') {
      const block = open.get(part.id)
      if (block) block.text += part.delta
      publish({ kind: 'text', text: part.delta })
    } else if (part.type === 'tool-input-delta') publish({ kind: 'tool-input', id: part.id, text: part.delta })
    else if (part.type === 'tool-call') content.push(part)
    else if (part.type === 'error') throw part.error
    else if (part.type === 'finish') finish = part
  }
  if (!finish) throw new ModelError('MODEL_UNAVAILABLE', 'server_error', 'The model broke off its answer.')
  return { content, finishReason: finish.finishReason, usage: finish.usage, model }
}

/** A vendor's client as our Provider: one call, our errors. Streams only when somebody listens. */
export function createAiSdkProvider(options: AiSdkOptions): Provider {
  const now = options.now ?? Date.now
  return {
    name: options.name,
    async call(call) {
      try {
        const model = options.languageModel(call.model)
        const prepared = toOptions(call, options)
        if (call.onDelta) {
          const { stream } = await model.doStream(prepared)
          return toAnswer(
            await collectStream(stream as unknown as AsyncIterable<LanguageModelV4StreamPart>, call.onDelta),
            call.model,
          )
        }
        const { content, finishReason, usage, response } = await model.doGenerate(prepared)
        return toAnswer({ content, finishReason, usage, model: response?.modelId }, call.model)
      } catch (error) {
        call.signal.throwIfAborted()
        throw mapProviderError(error, options.name, now())
      }
    },
  }
}
