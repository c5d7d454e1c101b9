import fs from 'node:fs'
import path from 'node:path'
import { isProcessAlive } from '../kernel/db/embedded-server.ts'

export type ServerFile = { pid: number; url: string; children: number[] }

const fileOf = (env: Readonly<Record<string, string | undefined>>) =>
  path.join(path.resolve(env['TROUPE_HOME'] ?? '.troupe'), 'server.json')

/** What `troupe up` of this folder wrote down, if that process lives. */
export function readOwnerFile(env: Readonly<Record<string, string | undefined>>): ServerFile | undefined {
  const file = fileOf(env)
  if (!fs.existsSync(file)) return undefined
  const found = JSON.parse(fs.readFileSync(file, 'utf8')) as ServerFile
  return isProcessAlive(found.pid) ? found : undefined
}

export function writeServerFile(env: Readonly<Record<string, string | undefined>>, content: ServerFile): void {
  const file = fileOf(env)
  fs.mkdirSync(path.dirname(file), { recursive: true })
  fs.writeFileSync(`${file}.new`, JSON.stringify(content), { mode: 0o600 })
  fs.renameSync(`${file}.new`, file)
}

export function removeServerFile(env: Readonly<Record<string, string | undefined>>): void {
  fs.rmSync(fileOf(env), { force: true })
}
