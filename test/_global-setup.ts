import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import type { TestProject } from 'vitest/node'
import { startEmbedded } from '../src/kernel/db/embedded-server.ts'

/** One real PostgreSQL for the run, with durability off; every test file makes databases of its own in it. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const home = fs.mkdtempSync(path.join(os.tmpdir(), 'troupe-test-'))
  fs.chmodSync(home, 0o755)
  const server = await startEmbedded(home, { unsafe: true, maxConnections: 300 })
  project.provide('pgUrl', server.url)
  return async () => {
    await server.stop()
    fs.rmSync(home, { recursive: true, force: true })
  }
}
