import fs from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openSandbox } from './sandbox.ts'
import { isInside, normaliseRelative } from './sandbox-path.ts'

let base: string
beforeEach(async () => {
  base = await fs.mkdtemp(path.join(os.tmpdir(), 'sandbox-'))
  await fs.mkdir(path.join(base, 'root'))
  await fs.mkdir(path.join(base, 'other'))
  await fs.writeFile(path.join(base, 'other', 'secret.txt'), 'secret')
})
afterEach(() => fs.rm(base, { recursive: true, force: true }))

const root = () => path.join(base, 'root')
const code = (value: string) => ({ code: value })

describe('normaliseRelative', () => {
  it.each([
    ['a/b.txt', 'a/b.txt'],
    ['./a//b/', 'a/b'],
    ['a/../b', 'b'],
    ['a\\b', 'a/b'],
    ['.', '.'],
    ['', '.'],
    ['...', '...'],
    ['a~b', 'a~b'],
  ])('%j becomes %j', (given, expected) => expect(normaliseRelative(given)).toBe(expected))

  it.each(['/etc/passwd', '\\etc', 'C:\\x', 'c:x', '~/x', '~root', '../x', 'a/../../x', '..\\x', 'a\0b', 'a\nb', '..'])(
    'refuses %j',
    (given) => expect(() => normaliseRelative(given)).toThrow(expect.objectContaining(code('PATH_NOT_ALLOWED'))),
  )

  it('never yields a path outside, whatever the parts', () => {
    const part = fc.constantFrom('..', '.', 'a', '', '~', 'b.txt', '/', '\\', 'C:', '%2e%2e')
    fc.assert(
      fc.property(fc.array(part, { maxLength: 12 }), fc.constantFrom('/', '\\'), (parts, separator) => {
        let relative: string
        try {
          relative = normaliseRelative(parts.join(separator))
        } catch {
          return
        }
        expect(isInside('/root', path.resolve('/root', relative))).toBe(true)
      }),
    )
  })
})

describe('sandbox', () => {
  it('reads back what was written, in parts too', async () => {
    const box = await openSandbox({ root: root() })
    expect(await box.write('output/a/b.txt', 'hello')).toEqual({ path: 'output/a/b.txt', bytes: 5 })
    expect((await box.read('output/a/b.txt')).data.toString()).toBe('hello')
    const part = await box.read('output/a/b.txt', { offset: 1, maxBytes: 3 })
    expect([part.data.toString(), part.totalBytes]).toEqual(['ell', 5])
    expect((await box.list()).map(({ path, bytes }) => [path, bytes])).toEqual([['output/a/b.txt', 5]])
  })

  it('follows a link inside the root and refuses one that leads out', async () => {
    const box = await openSandbox({ root: root() })
    await box.write('a.txt', 'a')
    await fs.symlink('a.txt', path.join(root(), 'in'))
    await fs.symlink(path.join(base, 'other', 'secret.txt'), path.join(root(), 'out'))
    await fs.symlink(path.join(base, 'other'), path.join(root(), 'dir'))
    expect((await box.read('in')).data.toString()).toBe('a')
    for (const given of ['out', 'dir/secret.txt'])
      await expect(box.read(given)).rejects.toMatchObject(code('PATH_NOT_ALLOWED'))
    await expect(box.write('dir/new.txt', 'x')).rejects.toMatchObject(code('PATH_NOT_ALLOWED'))
    await expect(box.remove('dir/secret.txt')).rejects.toMatchObject(code('PATH_NOT_ALLOWED'))
    expect(await fs.readFile(path.join(base, 'other', 'secret.txt'), 'utf8')).toBe('secret')
  })

  it('writing to a link replaces the link, not what it points to', async () => {
    const box = await openSandbox({ root: root() })
    await fs.symlink(path.join(base, 'other', 'secret.txt'), path.join(root(), 'out'))
    await box.write('out', 'mine')
    expect(await fs.readFile(path.join(base, 'other', 'secret.txt'), 'utf8')).toBe('secret')
    expect((await box.read('out')).data.toString()).toBe('mine')
  })

  it('writes only below its writable folders', async () => {
    const box = await openSandbox({ root: root(), writable: ['output', 'temp'] })
    await box.write('output/x', 'x')
    for (const given of ['context/x', 'outputs/x', 'output', '.', 'output/../context/x'])
      await expect(box.write(given, 'x')).rejects.toMatchObject(code('PATH_NOT_ALLOWED'))
  })

  it('keeps the limits per file and of all files, and frees room on removal and replacement', async () => {
    const box = await openSandbox({ root: root(), maxFileBytes: 10, maxRootBytes: 25 })
    await expect(box.write('a', 'x'.repeat(11))).rejects.toMatchObject(code('FILE_TOO_LARGE'))
    await box.write('a', 'x'.repeat(10))
    await box.write('b', 'x'.repeat(10))
    await expect(box.write('c', 'x'.repeat(10))).rejects.toMatchObject(code('FOLDER_FULL'))
    await box.write('b', 'y'.repeat(10))
    await box.remove('a')
    await box.write('c', 'x'.repeat(10))
    expect(await box.usedBytes()).toBe(20)
    expect((await fs.readdir(root())).sort()).toEqual(['b', 'c'])
  })

  it('names what is missing, a folder read as a file, and a file used as a folder', async () => {
    const box = await openSandbox({ root: root() })
    await box.write('f/a', 'a')
    await expect(box.read('nothing')).rejects.toMatchObject(code('FILE_NOT_FOUND'))
    await expect(box.read('f/a/b')).rejects.toMatchObject(code('FILE_NOT_FOUND'))
    await expect(box.read('f')).rejects.toMatchObject(code('NOT_A_FILE'))
    await expect(box.write('f', 'x')).rejects.toMatchObject(code('NOT_A_FILE'))
    await expect(box.write('f/a/b', 'x')).rejects.toMatchObject(code('NOT_A_FILE'))
    await expect(box.write('.tmp-x', 'x')).rejects.toMatchObject(code('PATH_NOT_ALLOWED'))
  })
})

it('writes without limit where none is set, and still keeps the limit per file', async () => {
  const root = await fs.mkdtemp(path.join(os.tmpdir(), 'sandbox-'))
  const sandbox = await openSandbox({ root, maxRootBytes: Number.POSITIVE_INFINITY, maxFileBytes: 10 })
  await sandbox.write('a.txt', '0123456789')
  await expect(sandbox.write('b.txt', '01234567890')).rejects.toMatchObject({ code: 'FILE_TOO_LARGE' })
  expect(await sandbox.usedBytes()).toBe(10)
  await fs.rm(root, { recursive: true })
})
