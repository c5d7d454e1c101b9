import type { ModelGateway } from '../../kernel/models/gateway.ts'
import { defineProfile } from '../../kernel/models/profile.ts'
import { CAPABILITIES, type FileAttachment } from '../schema.ts'
import { type Decomposition, decomposeAfterFailure, type NewId } from './decompose-by-rules.ts'
import { readModelAnswer } from './read-model-answer.ts'

const PROFILE = defineProfile('decompose', { domain: 'tasks', maxTokens: 4096, temperature: 0, timeoutMs: 30_000 })

/** What is asked of the model (5.2). The task's text is material, never instruction. */
const INSTRUCTIONS = `Split the given job into as few clear steps as are useful; each must be doable on its own by one worker. A simple job is one step.
Prefer steps that can run at the same time. Say in each description what goes in and what comes out.
Give each step 1 to 3 capabilities, only from this list: ${CAPABILITIES.join(', ')}.
Name the steps it needs as zero-based positions in your answer. Give a priority from 0 to 10 and a duration in seconds, or null.
Answer with the JSON array only. Each item: {"description": text, "required_capabilities": [words], "dependencies": [positions], "priority": number, "estimated_duration": number or null, "input_data": object, optional}.`

/** Splits a job by the configured model; a failure or an unusable answer goes to the rules with a warning (5.5). */
export async function decomposeByModel(
  gateway: ModelGateway,
  text: string,
  attachments: readonly FileAttachment[],
  newId: NewId,
): Promise<Decomposition> {
  try {
    const { text: answer } = await gateway.generate({
      role: 'You plan work for a team of specialised agents.',
      instructions: INSTRUCTIONS,
      input: {
        job: text,
        capabilities: CAPABILITIES.join(', '),
        attachments:
          attachments
            .map(({ filename, mime_type, file_size }) => `${filename} (${mime_type}, ${file_size} bytes)`)
            .join('\n') || 'none',
      },
      profile: PROFILE,
    })
    return (
      readModelAnswer(answer, text, newId) ??
      decomposeAfterFailure(text, newId, 'The model did not answer with a list of steps; the rules split the job')
    )
  } catch (error) {
    return decomposeAfterFailure(text, newId, `The model could not split the job: ${(error as Error).message}`)
  }
}
