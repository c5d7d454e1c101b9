import fs from 'node:fs'
import { createRequire } from 'node:module'
import path from 'node:path'
import { AppError } from '../../kernel/errors/app-error.ts'
import { AGENT_NAMES } from '../schema.ts'
import { checkSpecialist, type Specialist } from './specialist.ts'

const require = createRequire(import.meta.url)

/**
 * The specialists of a folder, by file name: every `.ts` file that is no test. Start-up stops with the file and the field when a declaration is
 * wrong, or takes a name that is taken (contract 4.2).
 */
export function loadSpecialists(folder: string): Specialist[] {
  if (!fs.existsSync(folder)) throw new AppError('CONFIG', `The folder of specialists ${folder} does not exist`)
  const taken = new Set<string>(AGENT_NAMES)
  return fs
    .readdirSync(folder)
    .filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts') && !name.startsWith('_'))
    .toSorted()
    .map((name) => {
      const found = (require(path.resolve(folder, name)) as { default?: unknown }).default
      const problems = checkSpecialist(found)
      if (problems.length > 0) throw new AppError('CONFIG', `${name}: ${problems.join('; ')}`)
      const specialist = found as Specialist
      if (taken.has(specialist.name)) throw new AppError('CONFIG', `${name}: name: ${specialist.name} is taken`)
      taken.add(specialist.name)
      return specialist
    })
}
