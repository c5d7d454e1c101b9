import fs from 'node:fs'
import path from 'node:path'
import { RunIdCollisionError, UsageError } from '../core/errors.ts'

export const GIVEN_RUN_ID = /^[A-Za-z0-9][A-Za-z0-9._-]{0,199}$/

const two = (n: number) => String(n).padStart(2, '0')

/** `{name}_{N}agents_{YYYYMMDD}_{HHMMSS}` in UTC; the sequence suffix is added on reservation. */
export function runIdBase(name: string, agents: number, at: Date): string {
  const safe = name.replace(/[^A-Za-z0-9_-]/gu, '_').replace(/^-/, '_')
  const day = `${at.getUTCFullYear()}${two(at.getUTCMonth() + 1)}${two(at.getUTCDate())}`
  return `${safe}_${agents}agents_${day}_${two(at.getUTCHours())}${two(at.getUTCMinutes())}${two(at.getUTCSeconds())}`
}

/** Creates the folder of a given id. Throws UsageError when the id is malformed or taken. */
export function reserveGivenId(root: string, runId: string): string {
  if (!GIVEN_RUN_ID.test(runId))
    throw new UsageError(`The run id ${JSON.stringify(runId)} must match ${GIVEN_RUN_ID.source}`)
  fs.mkdirSync(root, { recursive: true })
  if (!createFolder(path.join(root, runId)))
    throw new UsageError(`The run ${runId} exists already: choose another run id`, { code: 'RUN_ID_EXISTS' })
  return runId
}

/** Creates the first free folder of a generated id, 01 to 99; creating it is the reservation. */
export function reserveRunId(root: string, name: string, agents: number, at: Date): string {
  fs.mkdirSync(root, { recursive: true })
  const base = runIdBase(name, agents, at)
  for (let n = 1; n <= 99; n++) {
    const id = `${base}_${two(n)}`
    if (createFolder(path.join(root, id))) return id
  }
  throw new RunIdCollisionError(
    `All run ids ${base}_01 to _99 are taken: start again in the next second or give a run id`,
  )
}

function createFolder(folder: string): boolean {
  try {
    fs.mkdirSync(folder)
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false
    throw error
  }
}
