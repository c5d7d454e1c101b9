import fs from 'node:fs'
import path from 'node:path'
import { isEventFile } from '../loop/events/event-files.ts'

export type FileStat = { name: string; identity: string; size: number; mtimeMs: number }

/** Identity survives a rename; birth time tells a reused inode from the old file. */
export const identityOf = ({ dev, ino, birthtimeMs }: fs.Stats): string => `${dev}:${ino}:${birthtimeMs}`

export function statEventFile(dir: string, name: string): FileStat | undefined {
  try {
    const stat = fs.statSync(path.join(dir, name))
    if (!stat.isFile()) return undefined
    return { name, identity: identityOf(stat), size: stat.size, mtimeMs: stat.mtimeMs }
  } catch {
    return undefined // Renamed or removed between listing and looking: not there any more.
  }
}

/** The event files of a run now; undefined when its folder has gone. */
export function listEventFiles(dir: string): FileStat[] | undefined {
  let names: string[]
  try {
    names = fs.readdirSync(dir)
  } catch {
    return undefined // No folder, no run.
  }
  return names
    .filter(isEventFile)
    .map((name) => statEventFile(dir, name))
    .filter((stat) => stat !== undefined)
}
