import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import path from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { createDatabase, KERNEL_MIGRATIONS } from '../_pg.ts'

const ENTRY = path.resolve(import.meta.dirname, '../fixtures/engine-process.ts')
const children = new Set<ChildProcess>()
afterAll(() => {
  for (const child of children) child.kill('SIGKILL')
})

it('four processes that start at once on a new database all come up', async () => {
  const url = await createDatabase([KERNEL_MIGRATIONS])
  const said = await Promise.all(
    Array.from({ length: 4 }, async () => {
      const child = spawn(process.execPath, [ENTRY, url], { stdio: ['ignore', 'pipe', 'pipe'] })
      children.add(child)
      let errors = ''
      child.stderr!.on('data', (chunk) => (errors += chunk))
      const first = await Promise.race([
        once(child.stdout!, 'data').then(([chunk]) => String(chunk).trim()),
        once(child, 'exit').then(([code]) => `exit ${code}: ${errors}`),
      ])
      return first
    }),
  )
  expect(said).toEqual(['ready', 'ready', 'ready', 'ready'])
}, 120_000)
