import fs from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { checkKey, type FileStore } from './file-store.ts'
import { createLocalStore } from './local-store.ts'
import { saveUploads, type Upload } from './save-uploads.ts'
import { uploadName } from './upload-name.ts'

let root: string
let store: FileStore
beforeEach(async () => {
  root = await fs.mkdtemp(path.join(os.tmpdir(), 'uploads-'))
  store = createLocalStore({ root })
})
afterEach(() => fs.rm(root, { recursive: true, force: true }))

async function* stream(text: string) {
  if (text) yield Buffer.from(text)
}
const upload = (filename: string, text = 'content'): Upload => ({
  filename,
  mimetype: 'text/plain',
  content: stream(text),
})
const keys = async () => (await store.list('')).files.map(({ key }) => key)

describe('uploadName', () => {
  it.each([
    ['report.pdf', 'report.pdf'],
    ['../../etc/passwd', 'passwd'],
    ['C:\\Users\\me\\plan.docx', 'plan.docx'],
    ['a<b>c:d"e|f?g*h.txt', 'a_b_c_d_e_f_g_h.txt'],
    ['a..b.txt', 'a_b.txt'],
    ['..', '_'],
    ['', '_'],
    ['.bashrc', '_bashrc'],
    ['Übersicht 2027.xlsx', 'Übersicht 2027.xlsx'],
    [`${'x'.repeat(300)}.pdf`, `${'x'.repeat(150)}.pdf`],
  ])('%j becomes %j', (given, expected) => expect(uploadName(given)).toBe(expected))

  it('is always one usable name', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 400 }), (given) => {
        const name = uploadName(given)
        expect(name).not.toMatch(/[/\\]/)
        expect(checkKey(`folder/${name}`)).toBe(`folder/${name}`)
      }),
    )
  })
})

describe('saveUploads', () => {
  it('stores files under safe, distinct names', async () => {
    const saved = await saveUploads(store, 'uploads/t1', [upload('a.txt'), upload('../a.txt'), upload('A.TXT')])
    expect(saved.map(({ key, originalName, bytes }) => [key, originalName, bytes])).toEqual([
      ['uploads/t1/a.txt', 'a.txt', 7],
      ['uploads/t1/a_1.txt', '../a.txt', 7],
      ['uploads/t1/A_2.TXT', 'A.TXT', 7],
    ])
  })

  it.each([
    ['a wrong type', [upload('a.txt'), upload('b.exe')], 'FILE_TYPE_NOT_ALLOWED'],
    ['no extension', [upload('a.txt'), upload('README')], 'FILE_TYPE_NOT_ALLOWED'],
    ['an empty file', [upload('a.txt'), upload('b.txt', '')], 'FILE_EMPTY'],
    ['a large file', [upload('a.txt'), upload('b.txt', 'x'.repeat(21))], 'FILE_TOO_LARGE'],
    ['too much together', [upload('a.txt', 'x'.repeat(20)), upload('b.txt', 'x'.repeat(20))], 'FILE_TOO_LARGE'],
    [
      'too many',
      [upload('a.txt', 'x'), upload('b.txt', 'x'), upload('c.txt', 'x'), upload('d.txt', 'x')],
      'TOO_MANY_FILES',
    ],
  ])('refuses the whole submission for %s, and nothing stays', async (_why, uploads, code) => {
    const rules = { extensions: ['txt'], maxFileBytes: 20, maxTotalBytes: 30, maxFiles: 3 }
    await expect(saveUploads(store, 'u', uploads, rules)).rejects.toMatchObject({ code })
    expect(await keys()).toEqual([])
  })

  it('lists what is allowed', async () => {
    await expect(saveUploads(store, 'u', [upload('b.exe')], { extensions: ['txt', 'pdf'] })).rejects.toThrow(/txt, pdf/)
  })

  it('leaves nothing when the sender breaks off', async () => {
    async function* breaking(): AsyncGenerator<Upload> {
      yield upload('a.txt')
      throw new Error('connection lost')
    }
    await expect(saveUploads(store, 'u', breaking())).rejects.toThrow('connection lost')
    expect(await keys()).toEqual([])
  })
})
