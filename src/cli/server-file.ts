import fs from 'node:fs'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { isProcessAlive } from '../kernel/db/embedded-server.ts'

/** `agents`: how many agent processes of its own it runs when all are up. */
export type ServerFile = { pid: number; url: string; children: number[]; agents?: number }

const fileOf = (env: Readonly<Record<string, string | undefined>>) =>
  path.join(path.resolve(env['TROUPE_HOME'] ?? '.troupe'), 'server.json')

/** What `troupe up` of this folder wrote down, if that process lives. */
export function readOwnerFile(env: Readonly<Record<string, string | undefined>>): ServerFile | undefined {
  const file = fileOf(env)
  if (!fs.existsSync(file)) return undefined
  const found = JSON.parse(fs.readFileSync(file, 'utf8')) as ServerFile
  return isProcessAlive(found.pid) ? found : undefined
}

/**
 * Ends agent processes that outlived a killed `troupe up` of this folder: they hold its ports. Only processes that this folder
 * wrote down and that still are agents of ours.
 */
export async function endLeftOvers(env: Readonly<Record<string, string | undefined>>): Promise<number> {
  const file = fileOf(env)
  if (!fs.existsSync(file) || otherServer(env)) return 0
  const found = JSON.parse(fs.readFileSync(file, 'utf8')) as ServerFile
  const left = found.children.filter((pid) => isProcessAlive(pid) && isOurs(pid, 'tasks/agent/main.ts'))
  for (const pid of left) process.kill(pid, 'SIGKILL')
  while (left.some(isProcessAlive)) await sleep(20)
  return left.length
}

/** The server that another living process runs on this data folder. */
export function otherServer(env: Readonly<Record<string, string | undefined>>): ServerFile | undefined {
  const found = readOwnerFile(env)
  return found && found.pid !== process.pid && isServer(found.pid) ? found : undefined
}

/** True when this process is a server of ours, not another program that got its number. */
export const isServer = (pid: number): boolean =>
  process.platform !== 'linux' || isOurs(pid, 'troupe.mjs') || isOurs(pid, 'cli/main.ts')

/** The pid may have been given to another program meanwhile. */
function isOurs(pid: number, marker: string): boolean {
  const cmdline = `/proc/${pid}/cmdline`
  return process.platform === 'linux' && fs.existsSync(cmdline) && fs.readFileSync(cmdline, 'utf8').includes(marker)
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
