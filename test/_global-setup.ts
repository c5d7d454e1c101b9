import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import type { TestProject } from 'vitest/node'
import { startEmbedded } from '../src/kernel/db/embedded-server.ts'

const MEMORY = '/dev/shm'
const ROOM_BYTES = 3 * 1024 ** 3

/** In memory where there is room: a database is a thousand small files, and a disk takes half a second to copy them. */
function parentFolder(): string {
  if (!fs.existsSync(MEMORY)) return os.tmpdir()
  const { bavail, bsize } = fs.statfsSync(MEMORY)
  const isOpen = (fs.statSync(MEMORY).mode & 0o1777) === 0o1777
  return isOpen && bavail * bsize >= ROOM_BYTES && os.freemem() >= ROOM_BYTES ? MEMORY : os.tmpdir()
}

/** One real PostgreSQL for the run, with durability off; every test file makes databases of its own in it. Folders of tests lie beside it. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const home = fs.mkdtempSync(path.join(parentFolder(), 'troupe-test-'))
  fs.chmodSync(home, 0o755)
  const temporary = path.join(home, 'tmp')
  fs.mkdirSync(temporary)
  fs.chmodSync(temporary, 0o1777)
  process.env['TMPDIR'] = temporary
  const server = await startEmbedded(home, { unsafe: true, maxConnections: 300 })
  project.provide('pgUrl', server.url)
  return async () => {
    await server.stop()
    fs.rmSync(home, { recursive: true, force: true })
  }
}
