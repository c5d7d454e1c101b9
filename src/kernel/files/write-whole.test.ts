import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { expect, it } from 'vitest'
import { writeWhole } from './write-whole.ts'

it('replaces a file as a whole, and leaves nothing beside it when it cannot', async () => {
  const dir = fs.mkdtempSync(path.join(os.tmpdir(), 'whole-'))
  const file = path.join(dir, 'a/b.txt')
  await writeWhole(file, 'old')
  await writeWhole(file, Buffer.from('new'))
  fs.mkdirSync(path.join(dir, 'a/folder'))
  await expect(writeWhole(path.join(dir, 'a/folder'), 'no')).rejects.toThrow()
  expect([fs.readFileSync(file, 'utf8'), fs.readdirSync(path.join(dir, 'a')).sort()]).toEqual([
    'new',
    ['b.txt', 'folder'],
  ])
  fs.rmSync(dir, { recursive: true })
})
