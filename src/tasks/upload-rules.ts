import { AppError } from '../kernel/errors/app-error.ts'

export const MAX_UPLOAD_BYTES = 50 * 1_048_576

export const ALLOWED_EXTENSIONS = [
  'jpg',
  'jpeg',
  'png',
  'gif',
  'bmp',
  'webp',
  'svg',
  'pdf',
  'doc',
  'docx',
  'txt',
  'rtf',
  'odt',
  'xls',
  'xlsx',
  'csv',
  'ods',
  'zip',
  'rar',
  '7z',
  'tar',
  'gz',
  'json',
  'xml',
  'yaml',
  'yml',
  'ppt',
  'pptx',
  'md',
] as const

const MAX_NAME = 200
const KEPT_STEM = 150

/** A stored name: path parts dropped, dangerous characters `_`, long ones cut (3.9.1). */
export function safeName(original: string): string {
  const last = original.split(/[\\/]/).at(-1) ?? ''
  // biome-ignore lint/suspicious/noControlCharactersInRegex: NUL and other control characters are what is removed
  const clean = last
    .replaceAll('..', '_')
    .replace(/[\u0000-\u001f<>:"|?*/\\]/g, '_')
    .trim()
  const name = clean === '' || clean === '.' ? 'file' : clean
  if (name.length <= MAX_NAME) return name
  const dot = name.lastIndexOf('.')
  return dot > 0 ? `${name.slice(0, Math.min(dot, KEPT_STEM))}${name.slice(dot)}` : name.slice(0, KEPT_STEM)
}

const extensionOf = (name: string): string => /\.([^.]+)$/.exec(name)?.[1]?.toLowerCase() ?? ''

/** Throws FILE_TYPE_NOT_ALLOWED listing what is allowed. */
export function checkUploadName(original: string): void {
  const extension = extensionOf(safeName(original))
  if ((ALLOWED_EXTENSIONS as readonly string[]).includes(extension)) return
  throw new AppError(
    'FILE_TYPE_NOT_ALLOWED',
    `${original} has a type that is not accepted. Allowed: ${ALLOWED_EXTENSIONS.join(', ')}. Send other text as .txt, or pack files in a .zip`,
    {
      file: original,
      allowed: [...ALLOWED_EXTENSIONS],
    },
  )
}

/** Safe names of a submission, duplicates as `name_1.pdf`, `name_2.pdf`. */
export function uniqueNames(originals: readonly string[]): string[] {
  const taken = new Set<string>()
  return originals.map((original) => {
    const name = safeName(original)
    const dot = name.lastIndexOf('.')
    const [stem, extension] = dot > 0 ? [name.slice(0, dot), name.slice(dot)] : [name, '']
    let candidate = name
    for (let n = 1; taken.has(candidate.toLowerCase()); n++) candidate = `${stem}_${n}${extension}`
    taken.add(candidate.toLowerCase())
    return candidate
  })
}
