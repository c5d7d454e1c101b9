import { createHash, randomUUID } from 'node:crypto'
import fs from 'node:fs/promises'
import path from 'node:path'
import { ModelError } from '../errors.ts'
import type { ModelAnswer, ModelCall, Provider } from '../types.ts'

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

/** The same question has the same key, in every process and on every machine. */
export const callKey = (call: ModelCall): string =>
  createHash('sha256')
    .update(JSON.stringify(requestOf(call)))
    .digest('hex')
    .slice(0, 32)

/**
 * Records model calls into a folder, one file a question, and plays them back without network. `replay`: what is not recorded fails
 * with MODEL_NOT_RECORDED; `record`: always calls; `auto`: calls what is missing. Only good answers are recorded; keys never pass here.
 */
export function createCassetteProvider(options: {
  dir: string
  mode: CassetteMode
  inner?: Provider | undefined
}): Provider {
  const { dir, mode, inner } = options
  const fileOf = (call: ModelCall) => path.join(dir, `${callKey(call)}.json`)

  async function recorded(call: ModelCall): Promise<ModelAnswer | undefined> {
    const text = await fs.readFile(fileOf(call), 'utf8').catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return undefined
      throw error
    })
    return text === undefined ? undefined : (JSON.parse(text) as Recorded).answer
  }

  return {
    name: inner?.name ?? 'cassette',
    async call(call) {
      const known = mode === 'record' ? undefined : await recorded(call)
      if (known) {
        if (call.onDelta && known.text) call.onDelta({ kind: 'text', text: known.text })
        return known
      }
      if (mode === 'replay' || !inner)
        throw new ModelError(
          'MODEL_NOT_RECORDED',
          'client_error',
          `No recorded answer for this call (${callKey(call)}).`,
          {
            suggestion: 'Record it once: LLM_CASSETTE_MODE=auto with a configured model.',
          },
        )
      const answer = await inner.call(call)
      await fs.mkdir(dir, { recursive: true })
      const temporary = path.join(dir, `.${randomUUID()}.tmp`)
      await fs.writeFile(
        temporary,
        `${JSON.stringify({ request: requestOf(call), answer } satisfies Recorded, null, 1)}\n`,
      )
      await fs.rename(temporary, fileOf(call))
      return answer
    },
  }
}
