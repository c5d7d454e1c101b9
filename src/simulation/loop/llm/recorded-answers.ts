import { createHash } from 'node:crypto'
import { canonicalJson } from '../core/json.ts'
import type { LlmRequest, LlmTransport } from './llm-transport.ts'

export type RecordedAnswer = { request_sha256: string; text: string }

/** What makes two questions the same: model, prompt and shape of the answer. */
export const requestHash = ({ config, prompt, schema }: LlmRequest): string =>
  createHash('sha256')
    .update(canonicalJson([config.model, config.temperature, prompt, schema.name]))
    .digest('hex')

/** Hands every answer to `keep` before it is used. */
export function recordingTransport(inner: LlmTransport, keep: (answer: RecordedAnswer) => void): LlmTransport {
  return {
    async send(request) {
      const text = await inner.send(request)
      keep({ request_sha256: requestHash(request), text })
      return text
    },
  }
}

/** Answers from a record, equal questions in the order they were asked. Throws when the record has no answer. */
export function replayTransport(answers: readonly RecordedAnswer[]): LlmTransport {
  const waiting = new Map<string, string[]>()
  for (const { request_sha256: hash, text } of answers) waiting.set(hash, [...(waiting.get(hash) ?? []), text])
  return {
    async send(request) {
      const text = waiting.get(requestHash(request))?.shift()
      if (text === undefined) throw new Error('The record of model answers has none for this question')
      return text
    },
  }
}
