import fs from 'node:fs'
import path from 'node:path'
import type { Config } from '../../kernel/config/load-config.ts'

const PUBLISHED = ['results', 'uploads', 'reports', 'data', 'images', 'temp'] as const

/** Empties the folders of published files and makes them again. Only the folders of the contract: the root may hold more. */
export function emptyArtifacts(config: Config): number {
  const root = path.resolve(config.tasks.artifactsPath)
  for (const folder of PUBLISHED) {
    fs.rmSync(path.join(root, folder), { recursive: true, force: true })
    fs.mkdirSync(path.join(root, folder), { recursive: true })
  }
  return PUBLISHED.length
}

/** Removes the workspaces of tasks. Anything else in the folder is not ours. */
export function emptyWorkspaces(config: Config): number {
  const root = path.resolve(config.tasks.sharedFilesPath)
  fs.mkdirSync(root, { recursive: true })
  const tasks = fs.readdirSync(root).filter((name) => /^task_\d{12}_[0-9a-f]{12}$/.test(name))
  for (const name of tasks) fs.rmSync(path.join(root, name), { recursive: true, force: true })
  return tasks.length
}
