import fs from 'node:fs/promises'
import path from 'node:path'
import { AppError } from '../errors/app-error.ts'
import { isInside } from './sandbox-path.ts'

export const leadsOutside = (given: string) =>
  new AppError('PATH_NOT_ALLOWED', `${given} leads outside the folder through a symbolic link.`, { path: given })

/**
 * Makes the folders of a normalised relative path below a real root and returns the real path of the last one. Every level is checked before the next
 * is made, so a link that leads out is refused (PATH_NOT_ALLOWED) and nothing is made behind it.
 */
export async function makeParent(root: string, relative: string): Promise<string> {
  if (!relative.includes('/')) return root
  const known = await fs.realpath(path.dirname(path.join(root, relative))).catch((error: unknown) => {
    if (['ENOENT', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code ?? '')) return undefined
    throw error
  })
  // The usual case. When it is no folder, writing into it fails with ENOTDIR.
  if (known !== undefined) {
    if (!isInside(root, known)) throw leadsOutside(relative)
    return known
  }
  let folder = root
  for (const part of relative.split('/').slice(0, -1)) {
    const next = path.join(folder, part)
    await fs.mkdir(next).catch((error: unknown) => {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
    })
    folder = await fs.realpath(next)
    if (!isInside(root, folder)) throw leadsOutside(relative)
    if (!(await fs.stat(folder)).isDirectory())
      throw new AppError('NOT_A_FILE', `${relative} cannot be made: ${part} is a file.`, { path: relative })
  }
  return folder
}
