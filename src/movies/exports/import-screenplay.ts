import { ValidationError } from '../../kernel/errors/app-error.ts'
import { artifactsFromScreenplay, type ImportedArtifacts } from './screenplay/artifacts-from-screenplay.ts'
import type { Screenplay } from './screenplay/model.ts'
import { parseFountain } from './screenplay/parse-fountain.ts'
import { readFdx } from './screenplay/read-fdx.ts'

const MAX_TEXT_BYTES = 4 * 1024 * 1024

const refuse = (message: string): never => {
  throw new ValidationError(message, [{ field: 'file', message }])
}

function readText(bytes: Uint8Array): string {
  if (bytes.length > MAX_TEXT_BYTES)
    refuse(`the file has ${bytes.length} bytes; a Fountain file may have ${MAX_TEXT_BYTES}`)
  let text = ''
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    refuse('the file is not UTF-8 text: save the screenplay as .fountain or .fdx')
  }
  if (/[\u0000-\u0008\u000e-\u001f]/.test(text)) refuse('the file is binary: save the screenplay as .fountain or .fdx')
  return text
}

export type ImportedScreenplay = ImportedArtifacts & { screenplay: Screenplay; format: 'fountain' | 'fdx' }

/** Files whose first bytes look like text but are none of a screenplay. */
const OTHERS: readonly (readonly [RegExp, string])[] = [
  [/^%PDF-/, 'a PDF'],
  [/^\{\\rtf/, 'an RTF document'],
  [/^PK/, 'binary, an archive or an office document'],
]

/**
 * Reads an uploaded screenplay, Fountain or FDX, told apart by content. Answers the artifacts it fills and what was lost on
 * the way. Refuses (ValidationError) what is no screenplay: empty, binary, too large, without a scene.
 */
export function importScreenplay(bytes: Uint8Array): ImportedScreenplay {
  if (bytes.length === 0) refuse('the file is empty')
  const start = new TextDecoder()
    .decode(bytes.subarray(0, 400))
    .replace(/^\ufeff/, '')
    .trimStart()
  const other = OTHERS.find(([pattern]) => pattern.test(start))
  if (other) refuse(`the file is ${other[1]}: save the screenplay as .fountain or .fdx`)
  const format = start.startsWith('<') ? 'fdx' : 'fountain'
  const { screenplay, loss } = format === 'fdx' ? readFdx(bytes) : parseFountain(readText(bytes))
  const imported = artifactsFromScreenplay(screenplay)
  if (!imported.artifacts.scene_list) refuse('the file has no scene: a scene heading begins with INT. or EXT.')
  return { ...imported, screenplay, format, loss: [...loss, ...imported.loss] }
}
