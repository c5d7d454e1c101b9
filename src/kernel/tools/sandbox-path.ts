import path from 'node:path'
import { AppError } from '../errors/app-error.ts'

const refused = (given: string, why: string) =>
  new AppError(
    'PATH_NOT_ALLOWED',
    `The path ${JSON.stringify(given.slice(0, 200))} ${why}. Use a relative path inside the folder.`,
    {
      path: given.slice(0, 200),
    },
  )

/**
 * A path as an agent or an archive wrote it -> the same path, relative, with `/` and without `.` and `..`. Throws PATH_NOT_ALLOWED for
 * absolute paths, drive letters, `~`, control characters and any `..` that leaves the root. Says nothing about symbolic links.
 */
export function normaliseRelative(given: string): string {
  if (given.length > 1000) throw refused(given, 'is too long')
  if (/[\u0000-\u001f\u007f]/.test(given)) throw refused(given, 'contains a control character')
  const slashed = given.replaceAll('\\', '/')
  if (/^[a-zA-Z]:/.test(slashed)) throw refused(given, 'names a drive')
  if (slashed.startsWith('/')) throw refused(given, 'is absolute')
  if (slashed.startsWith('~')) throw refused(given, 'begins with ~')
  const parts: string[] = []
  for (const part of slashed.split('/')) {
    if (part === '' || part === '.') continue
    if (part !== '..') parts.push(part)
    else if (parts.pop() === undefined) throw refused(given, 'leaves the folder')
    if (Buffer.byteLength(part) > 255) throw refused(given, 'has a name of more than 255 bytes')
  }
  return parts.join('/') || '.'
}

/** True when `inner` is `root` or lies below it. Both absolute and real. */
export function isInside(root: string, inner: string): boolean {
  const relative = path.relative(root, inner)
  return relative === '' || (!relative.startsWith(`..${path.sep}`) && relative !== '..' && !path.isAbsolute(relative))
}
