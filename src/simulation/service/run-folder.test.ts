import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { JsonFiles } from './run-folder.ts'

const dir = fs.mkdtempSync(path.join(os.tmpdir(), 'troupe-json-'))
afterAll(() => fs.rmSync(dir, { recursive: true }))

test('as many files are remembered as fit, a changed one is read again, one that went away is not counted', () => {
  const files = new JsonFiles(100)
  const at = (i: number) => path.join(dir, `${i}.json`)
  const write = (i: number, value: object) => fs.writeFileSync(at(i), JSON.stringify(value))
  for (let i = 0; i < 10; i++) {
    write(i, { i, text: 'x'.repeat(20) }) // 37 bytes
    expect(files.read(at(i))).toEqual({ i, text: 'x'.repeat(20) })
  }
  expect(files.bytes).toBe(74)
  expect(files.read(at(9))).toBe(files.read(at(9)))
  write(9, { i: 'other' })
  expect(files.read(at(9))).toEqual({ i: 'other' })
  expect(files.bytes).toBe(37 + 13)
  for (const i of [8, 9]) {
    fs.rmSync(at(i))
    expect(files.read(at(i))).toBeUndefined()
  }
  expect(files.bytes).toBe(0)
  write(1, { text: 'x'.repeat(200) })
  expect(files.read(at(1))).toEqual({ text: 'x'.repeat(200) })
  expect(files.bytes).toBe(0)
})
