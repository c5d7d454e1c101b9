import { createHash, randomUUID } from 'node:crypto'
import fs from 'node:fs/promises'
import path from 'node:path'
import { ModelError } from '../errors.ts'
import type { ModelAnswer, ModelCall, Provider } from '../types.ts'
import { type StableWords, stableWords } from './stable-words.ts'

export type CassetteMode = 'replay' | 'record' | 'auto'
type Recorded = { request: Record<string, unknown>; answer: ModelAnswer }

/** Everything that decides the answer; not limits of time or tokens left in a budget. */
const requestOf = (call: ModelCall) => ({
  model: call.model,
  system: call.system,
  messages: call.messages,
  temperature: call.temperature,
  seed: call.seed,
  schema: call.schema,
  tools: call.tools,
})

const hashOf = (text: string) => createHash('sha256').update(text).digest('hex').slice(0, 32)

/** The same question has the same key, in every process and on every machine. */
export const callKey = (call: ModelCall): string => hashOf(JSON.stringify(requestOf(call)))

/** A call as it is recorded: the same work done again, with other ids on another day, is the same question. */
const wordsOf = (call: ModelCall, today: string): StableWords => stableWords(JSON.stringify(requestOf(call)), today)

/**
 * Records model calls into a folder, one file a question, and plays them back without network. `replay`: what is not recorded fails
 * with MODEL_NOT_RECORDED; `record`: always calls; `auto`: calls what is missing. Only good answers are recorded; keys never pass here.
 */
export function createCassetteProvider(options: {
  dir: string
  mode: CassetteMode
  inner?: Provider | undefined
  now?: () => number
}): Provider {
  const { dir, mode, inner, now = Date.now } = options
  const fileOf = (words: StableWords) => path.join(dir, `${hashOf(words.stable)}.json`)

  async function recorded(words: StableWords): Promise<ModelAnswer | undefined> {
    const text = await fs.readFile(fileOf(words), 'utf8').catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return undefined
      throw error
    })
    return text === undefined
      ? undefined
      : JSON.parse(words.show(JSON.stringify((JSON.parse(text) as Recorded).answer)))
  }

  return {
    name: inner?.name ?? 'cassette',
    async call(call) {
      const words = wordsOf(call, new Date(now()).toISOString().slice(0, 10))
      const known = mode === 'record' ? undefined : await recorded(words)
      if (known) {
        if (call.onDelta && known.text) call.onDelta({ kind: 'text', text: known.text })
        return known
      }
      if (mode === 'replay' || !inner)
        throw new ModelError(
          'MODEL_NOT_RECORDED',
          'client_error',
          `No recorded answer for this call (${hashOf(words.stable)}).`,
          {
            suggestion: 'Record it once: LLM_CASSETTE_MODE=auto with a configured model.',
          },
        )
      const answer = await inner.call(call)
      await fs.mkdir(dir, { recursive: true })
      const temporary = path.join(dir, `.${randomUUID()}.tmp`)
      const kept = { request: JSON.parse(words.stable), answer: JSON.parse(words.hide(JSON.stringify(answer))) }
      await fs.writeFile(temporary, `${JSON.stringify(kept satisfies Recorded, null, 1)}\n`)
      await fs.rename(temporary, fileOf(words))
      return answer
    },
  }
}
