import { AppError } from '../kernel/errors/app-error.ts'

/** Which uploads are accepted and under what name they are kept (contract 3.9.1). Pure. */

export const MAX_UPLOAD_BYTES = 50 * 1024 * 1024

export const ALLOWED_EXTENSIONS: readonly string[] =
  'jpg jpeg png gif bmp webp svg pdf doc docx txt rtf odt xls xlsx csv ods zip rar 7z tar gz json xml yaml yml ppt pptx md'.split(
    ' ',
  )
const ALLOWED = new Set(ALLOWED_EXTENSIONS)

const MAX_NAME = 200
const KEPT_STEM = 150
/** File systems take 255 bytes; a suffix such as `_12` must still fit. */
const MAX_NAME_BYTES = 240
const MAX_EXTENSION = 10

const splitName = (name: string): { stem: string; extension: string } => {
  const dot = name.lastIndexOf('.')
  return dot < 0 ? { stem: name, extension: '' } : { stem: name.slice(0, dot), extension: name.slice(dot) }
}

const byteLength = (text: string) => new TextEncoder().encode(text).length

function cutToBytes(stem: string, limit: number): string {
  const characters = [...stem]
  while (byteLength(characters.join('')) > limit) characters.pop()
  return characters.join('')
}

/** The name a file is stored under: no path, no characters that some file system refuses, at most 200 characters and 240 bytes. */
export function sanitiseName(original: string): string {
  const last = original.replaceAll('\0', '_').split(/[/\\]/).at(-1) ?? ''
  const safe = last
    .toWellFormed()
    .replaceAll('..', '_')
    .replace(/[<>:"|?*\u0000-\u001f\u007f]/g, '_')
    .trim()
    .replace(/^~/, '_')
  const { stem, extension } = splitName(safe)
  const shortened = [...safe].length > MAX_NAME ? [...stem].slice(0, KEPT_STEM).join('') : stem
  const kept = cutToBytes(shortened, MAX_NAME_BYTES - byteLength(extension.slice(0, MAX_EXTENSION)))
  return `${kept === '' ? 'file' : kept}${extension}`
}

/** Throws FILE_TYPE_NOT_ALLOWED, listing what is accepted. */
export function checkUploadName(original: string): void {
  const extension = splitName(sanitiseName(original)).extension.slice(1).toLowerCase()
  if (ALLOWED.has(extension)) return
  throw new AppError(
    'FILE_TYPE_NOT_ALLOWED',
    `"${original.slice(0, 200)}" has a type that is not accepted: use one of ${ALLOWED_EXTENSIONS.join(', ')}. Source code, HTML and other text can be sent as .txt, for example app.py.txt`,
    { filename: original, allowed: ALLOWED_EXTENSIONS },
  )
}

/** Throws EMPTY_FILE or FILE_TOO_LARGE. */
export function checkUploadSize(original: string, bytes: number): void {
  const name = `"${original.slice(0, 200)}"`
  if (bytes === 0)
    throw new AppError('EMPTY_FILE', `${name} is empty: attach a file with content`, { filename: original })
  if (bytes > MAX_UPLOAD_BYTES)
    throw new AppError('FILE_TOO_LARGE', `${name} is larger than 50 MB: split it or make it smaller`, {
      filename: original,
      limit: MAX_UPLOAD_BYTES,
    })
}

/** Sanitised names in order; a name that is taken gets `_1`, `_2` … before its extension. Case does not tell names apart. */
export function uniqueNames(originals: readonly string[]): string[] {
  const taken = new Set<string>()
  return originals.map((original) => {
    const name = sanitiseName(original)
    const { stem, extension } = splitName(name)
    let unique = name
    for (let n = 1; taken.has(unique.toLowerCase()); n++) unique = `${stem}_${n}${extension}`
    taken.add(unique.toLowerCase())
    return unique
  })
}
