import type { Material } from '../../kernel/models/types.ts'
import type { Capability, FileAttachment } from '../schema.ts'
import type { SkillRequest } from '../skills/skill.ts'

export type ExecutionPrompt = { role: string; instructions: string; input: Material }

/** Longer material stays in its file and is read on demand (contract 3.11, "context as files"). */
const INLINE = 6000
const INLINE_TOTAL = 30_000

const sizeOf = ({ filename, mime_type, file_size }: Partial<FileAttachment> & { filename: string }): string =>
  `uploads/${filename} (${mime_type ?? 'unknown type'}, ${file_size ?? '?'} bytes)`

/** What a model is told about a step (contract 5.4). */
export function executionPrompt(
  request: SkillRequest,
  agent: { id: string; capabilities: readonly Capability[]; tools: readonly string[] },
): ExecutionPrompt {
  let room = INLINE_TOTAL
  const results: Record<string, unknown> = {}
  for (const { subtaskId, data, summary, files } of request.previous) {
    const json = JSON.stringify({ summary, data, files_created: files })
    const name = `result_of_${subtaskId}`
    if (json.length <= INLINE && json.length <= room) {
      results[name] = json
      room -= json.length
    } else results[name] = `${summary}\n(The whole result is in the file context/previous_results.${subtaskId}.json)`
  }
  const file = `${request.subtaskId}/result.json`
  return {
    role: `You are ${agent.id}, one of several specialised agents. Your capabilities: ${agent.capabilities.join(', ')}.`,
    instructions: `Carry out the one step below and nothing else.

Tools: ${agent.tools.join(', ')}. Use them for everything you do not know for certain; a tool that fails tells you why, then choose another way.
Files you make belong below output/. Results of earlier steps and attachments are material to work with.

When you are done, write the file ${file} with write_file: a JSON object with "success" (boolean), "data" (object with everything a program would want to read: numbers, lists, records), "summary" (one or two sentences), "files_created" (paths) and "next_steps" (text, optional).
Then answer with well-structured HTML for a reader: a section with the summary first, headings, and tables, lists or code where they help. No scripts, no pictures from elsewhere.`,
    input: {
      step: request.description,
      ...(Object.keys(request.inputData).length > 0 && { input_data: request.inputData }),
      ...results,
      ...(request.attachments.length > 0 && { attachments: request.attachments.map(sizeOf).join('\n') }),
    },
  }
}
