import fs from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import type { Readable } from 'node:stream'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { type FakeS3, startFakeS3 } from '../../../test/_fake-s3.ts'
import { type FileStore, parseRangeHeader, sha256Of } from './file-store.ts'
import { createLocalStore } from './local-store.ts'
import { createS3Store } from './s3-store.ts'

let base: string
let s3: FakeS3
beforeAll(async () => {
  s3 = await startFakeS3()
})
afterAll(() => s3.close())
beforeEach(async () => {
  base = await fs.mkdtemp(path.join(os.tmpdir(), 'store-'))
  s3.objects.clear()
  s3.requests.length = 0
})
afterEach(() => fs.rm(base, { recursive: true, force: true }))

const MB = 1024 * 1024
const s3Store = (more: Partial<Parameters<typeof createS3Store>[0]> = {}) =>
  createS3Store({
    ...s3,
    region: 'eu-central-1',
    prefix: 'troupe',
    maxBytes: 20 * MB,
    partBytes: 5 * MB,
    retries: 1,
    ...more,
  })
const STORES: Record<string, () => FileStore> = {
  local: () => createLocalStore({ root: path.join(base, 'files'), maxBytes: 20 * MB }),
  s3: () => s3Store(),
}
const textOf = async (stream: Readable) => Buffer.concat((await stream.toArray()) as Buffer[]).toString()
const withCode = (code: string) => expect.objectContaining({ code })

describe.each(Object.keys(STORES))('file store %s', (name) => {
  let store: FileStore
  beforeEach(() => {
    store = STORES[name]!()
  })

  it('F2: gives back what was put, with size, checksum and type', async () => {
    const put = await store.put('a/b/c.csv', 'x,y\n1,2\n')
    expect(put).toMatchObject({
      key: 'a/b/c.csv',
      bytes: 8,
      contentType: 'text/csv',
      sha256: sha256Of(Buffer.from('x,y\n1,2\n')),
    })
    expect((await store.read('a/b/c.csv')).toString()).toBe('x,y\n1,2\n')
    expect(await store.head('a/b/c.csv')).toEqual({ ...put, modifiedAt: expect.any(Date) })
    const { file, stream } = await store.open('./a//b/c.csv')
    expect([file.bytes, await textOf(stream)]).toEqual([8, 'x,y\n1,2\n'])
  })

  it('takes bytes and streams, empty files and odd names', async () => {
    async function* source() {
      yield Buffer.from('one ')
      yield Buffer.from('two')
    }
    expect((await store.put('s.bin', source(), { contentType: 'application/x-own' })).contentType).toBe(
      'application/x-own',
    )
    expect((await store.read('s.bin')).toString()).toBe('one two')
    expect((await store.put('empty', new Uint8Array(0))).bytes).toBe(0)
    expect((await store.read('empty')).length).toBe(0)
    for (const key of ['sp ace/ü+&=%41.txt', "q'(1)!*.txt", 'ab:c@d,e;f#g?h', '<x>']) {
      await store.put(key, key)
      expect((await store.read(key)).toString()).toBe(key)
    }
    expect((await store.list('sp ')).files.map(({ key }) => key)).toEqual(['sp ace/ü+&=%41.txt'])
  })

  it('stores large content in one piece for the reader', async () => {
    const data = Buffer.alloc(12 * MB, 'abcdefg')
    const put = await store.put('big.bin', data)
    expect([put.bytes, put.sha256]).toEqual([data.length, sha256Of(data)])
    const { stream } = await store.open('big.bin', { start: 5 * MB - 3, end: 5 * MB + 3 })
    expect(await textOf(stream)).toBe(data.subarray(5 * MB - 3, 5 * MB + 4).toString())
  })

  it('F1: replaces a file as a whole, and keeps the old one when a put fails', async () => {
    await store.put('k', 'old')
    await store.put('k', 'new')
    expect((await store.read('k')).toString()).toBe('new')
    async function* breaking() {
      yield Buffer.from('half')
      throw new Error('source broke')
    }
    await expect(store.put('k', breaking())).rejects.toThrow('source broke')
    await expect(store.put('k', 'too large', { maxBytes: 3 })).rejects.toEqual(withCode('FILE_TOO_LARGE'))
    await expect(store.put('k', Buffer.alloc(21 * MB))).rejects.toEqual(withCode('FILE_TOO_LARGE'))
    expect((await store.read('k')).toString()).toBe('new')
    expect((await store.list('')).files.map(({ key }) => key)).toEqual(['k'])
  })

  it('reads ranges as HTTP means them', async () => {
    await store.put('r', '0123456789')
    const range = async (start: number, end?: number) =>
      textOf((await store.open('r', { start, ...(end !== undefined && { end }) })).stream)
    expect([await range(0, 0), await range(3, 5), await range(8), await range(5, 99)]).toEqual([
      '0',
      '345',
      '89',
      '56789',
    ])
    await expect(store.open('r', { start: 10 })).rejects.toEqual(withCode('RANGE_NOT_SATISFIABLE'))
    await expect(store.open('r', { start: 5, end: 4 })).rejects.toEqual(withCode('RANGE_NOT_SATISFIABLE'))
  })

  it('lists by prefix in byte order, page by page', async () => {
    for (const key of ['a/2', 'a-1', 'a/10', 'b', 'a/1', 'aa', 'é', 'z']) await store.put(key, 'x')
    const all = (await store.list('')).files.map(({ key }) => key)
    expect(all).toEqual(['a-1', 'a/1', 'a/10', 'a/2', 'aa', 'b', 'z', 'é'])
    expect((await store.list('a/')).files.map(({ key, bytes }) => [key, bytes])).toEqual([
      ['a/1', 1],
      ['a/10', 1],
      ['a/2', 1],
    ])
    const pages: string[][] = []
    for (let after: string | undefined; ; ) {
      const page = await store.list('', { limit: 5, ...(after !== undefined && { after }) })
      pages.push(page.files.map(({ key }) => key))
      after = page.next
      if (after === undefined) break
    }
    expect(pages).toEqual([all.slice(0, 5), all.slice(5)])
    expect(await store.list('nothing/')).toEqual({ files: [] })
  })

  it('F4: deletes, and does not mind what is not there', async () => {
    await store.put('d/e', 'x')
    expect([await store.delete('d/e'), await store.delete('d/e'), await store.head('d/e')]).toEqual([
      true,
      false,
      undefined,
    ])
    await expect(store.read('d/e')).rejects.toEqual(withCode('FILE_NOT_FOUND'))
    await expect(store.open('d/e')).rejects.toEqual(withCode('FILE_NOT_FOUND'))
  })

  it.each(['../x', '/etc/passwd', 'a/../../x', '', '.', 'C:\\x', '~/x', 'a\0b'])(
    'F3: refuses the key %j',
    async (key) => {
      for (const work of [store.put(key, 'x'), store.head(key), store.open(key), store.read(key), store.delete(key)])
        await expect(work).rejects.toEqual(withCode('PATH_NOT_ALLOWED'))
    },
  )

  it('refuses to read into memory what is too large for the caller', async () => {
    await store.put('k', 'x'.repeat(100))
    await expect(store.read('k', 99)).rejects.toEqual(withCode('FILE_TOO_LARGE'))
  })

  it('stops when the caller does', async () => {
    const stop = new AbortController()
    async function* source() {
      yield Buffer.from('x')
      stop.abort(new Error('cancelled'))
      yield Buffer.from('y')
    }
    await expect(store.put('k', source(), { signal: stop.signal })).rejects.toThrow('cancelled')
    expect(await store.head('k')).toBeUndefined()
  })
})

describe('local store', () => {
  it('keeps what is stored when there was no space left for what it remembers of it', async () => {
    const store = STORES['local']!()
    const writing = vi.spyOn(fs, 'writeFile').mockImplementationOnce(async () => {
      throw Object.assign(new Error('ENOSPC: no space left on device'), { code: 'ENOSPC' })
    })
    const put = await store.put('a/b.txt', Buffer.from('whole'))
    writing.mockRestore()
    expect(await store.head('a/b.txt')).toMatchObject({ bytes: 5, sha256: put.sha256 })
  })

  it('notices content that was changed by hand', async () => {
    const store = STORES['local']!()
    await store.put('k.txt', 'one')
    await fs.writeFile(path.join(base, 'files', 'k.txt'), 'other')
    expect(await store.head('k.txt')).toMatchObject({ bytes: 5, sha256: sha256Of(Buffer.from('other')) })
  })

  it('never follows a link out of its folder', async () => {
    const store = STORES['local']!()
    await store.put('k', 'x')
    await fs.mkdir(path.join(base, 'outside'))
    await fs.writeFile(path.join(base, 'outside', 'secret'), 's')
    await fs.symlink(path.join(base, 'outside'), path.join(base, 'files', 'dir'))
    await fs.symlink(path.join(base, 'outside', 'secret'), path.join(base, 'files', 'file'))
    await expect(store.read('dir/secret')).rejects.toEqual(withCode('PATH_NOT_ALLOWED'))
    await expect(store.put('dir/deep/new', 'x')).rejects.toEqual(withCode('PATH_NOT_ALLOWED'))
    await expect(store.read('file')).rejects.toEqual(withCode('FILE_NOT_FOUND'))
    expect(await fs.readdir(path.join(base, 'outside'))).toEqual(['secret'])
    expect((await store.list('')).files.map(({ key }) => key)).toEqual(['k'])
  })

  it('says so when a key needs a file as a folder, or the other way round', async () => {
    const store = STORES['local']!()
    await store.put('a', 'x')
    await store.put('f/g', 'x')
    await expect(store.put('a/b', 'x')).rejects.toEqual(withCode('KEY_CONFLICT'))
    await expect(store.put('f', 'x')).rejects.toEqual(withCode('KEY_CONFLICT'))
  })
})

describe('s3 store', () => {
  it('cleans up when an upload in parts fails', async () => {
    const data = Buffer.alloc(11 * MB)
    const store = s3Store({ retries: 0 })
    const seen = s3.requests.length
    const running = store.put('big', data)
    await expect.poll(() => s3.requests.length).toBeGreaterThan(seen)
    s3.failNext(500)
    await expect(running).rejects.toEqual(withCode('STORE_UNAVAILABLE'))
    expect([s3.openUploads(), s3.objects.size]).toEqual([0, 0])
  })

  it('repeats after a passing failure', async () => {
    s3.failNext(503)
    await s3Store().put('k', 'x')
    expect((await s3Store().read('k')).toString()).toBe('x')
  })

  it('names wrong credentials and a service that is away', async () => {
    await expect(s3Store({ secretAccessKey: 'wrong' }).put('k', 'x')).rejects.toThrow(/S3_SECRET_ACCESS_KEY/)
    await expect(s3Store({ endpoint: 'http://127.0.0.1:1' }).put('k', 'x')).rejects.toEqual(
      withCode('STORE_UNAVAILABLE'),
    )
  })
})

describe('parseRangeHeader', () => {
  it.each([
    ['bytes=0-4', { start: 0, end: 4 }],
    ['bytes=5-', { start: 5 }],
    ['bytes=-3', { start: 7 }],
    ['bytes=-99', { start: 0 }],
    ['bytes=4-2', undefined],
    ['bytes=0-1,3-4', undefined],
    ['items=0-1', undefined],
    ['bytes=-', undefined],
    [undefined, undefined],
  ])('%s of 10 bytes', (header, expected) => expect(parseRangeHeader(header, 10)).toEqual(expected))
})
