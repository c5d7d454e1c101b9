import type { ModelGateway } from '../../kernel/models/gateway.ts'
import { defineProfile } from '../../kernel/models/profile.ts'
import type { FileAttachment } from '../schema.ts'
import { type Decomposition, decomposeAfterFailure, decomposeByRules, type NewId } from './decompose-by-rules.ts'
import { decompositionPrompt } from './prompt.ts'
import { readDecomposition } from './read-answer.ts'

const TIMEOUT_MS = 30_000

/** Contract 5.2: temperature 0, 4096 tokens, 30 s in all, so that the caller waits no longer. */
export const DECOMPOSE_PROFILE = defineProfile('decompose', {
  domain: 'tasks',
  timeoutMs: TIMEOUT_MS,
  onInvalid: 'retry',
})

export type DecomposeOptions = {
  text: string
  attachments: readonly FileAttachment[]
  newId: NewId
  /** Absent or not configured: the rules alone. */
  models?: Pick<ModelGateway, 'turn' | 'status'> | undefined
  timeoutMs?: number
}

/**
 * A job text as subtasks: by the model when one is configured, else by rules. A failing model, a timeout or an unusable answer never fails: the
 * rules take over, and when they find one step only, a single subtask with all capabilities (contract 5.5). `warnings` say why.
 */
export async function decompose({
  text,
  attachments,
  newId,
  models,
  timeoutMs = TIMEOUT_MS,
}: DecomposeOptions): Promise<Decomposition> {
  if (!models?.status().configured) return decomposeByRules(text, newId)
  const { system, user } = decompositionPrompt(text, attachments)
  try {
    const { answer } = await models.turn({
      system,
      messages: [{ role: 'user', text: user }],
      profile: DECOMPOSE_PROFILE,
      signal: AbortSignal.timeout(timeoutMs),
    })
    return (
      readDecomposition(answer.text, text, newId) ??
      decomposeAfterFailure(text, newId, 'The model did not answer with a list of steps; the rules split the job')
    )
  } catch (error) {
    return decomposeAfterFailure(
      text,
      newId,
      `The model could not split the job: ${error instanceof Error ? error.message : String(error)}`,
    )
  }
}
