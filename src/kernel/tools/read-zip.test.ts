import { strToU8, zipSync } from 'fflate'
import { describe, expect, it } from 'vitest'
import { readZip } from './read-zip.ts'

const zip = (files: Record<string, string>) =>
  zipSync(Object.fromEntries(Object.entries(files).map(([k, v]) => [k, strToU8(v)])))
const damagedAt = (bytes: Uint8Array, at: number, value: number) => {
  const copy = Buffer.from(bytes)
  copy.writeUInt32LE(value, at)
  return copy
}
const central = (bytes: Uint8Array) => Buffer.from(bytes).readUInt32LE(bytes.length - 22 + 16)
const withCode = (code: string) => expect.objectContaining({ code })

describe('readZip', () => {
  it('lists and reads entries', async () => {
    const entries = readZip(zip({ 'a.txt': 'aaaa'.repeat(100), 'd/b.txt': 'b', 'leer.txt': '' }))
    expect(entries.map(({ name, size }) => [name, size])).toEqual([
      ['a.txt', 400],
      ['d/b.txt', 1],
      ['leer.txt', 0],
    ])
    expect((await entries[0]!.read()).toString()).toBe('aaaa'.repeat(100))
    expect((await entries[2]!.read()).length).toBe(0)
  })

  it.each(['../evil.txt', '/etc/passwd', 'a/../../b', 'C:\\x', '..\\x', '~/.ssh/x'])(
    'refuses an archive with the path %j',
    (name) => {
      expect(() => readZip(zip({ 'good.txt': 'x', [name]: 'evil' }))).toThrow(withCode('PATH_NOT_ALLOWED'))
    },
  )

  it('refuses a symbolic link', () => {
    const bytes = zip({ link: '/etc/passwd' })
    expect(() => readZip(damagedAt(bytes, central(bytes) + 38, 0xa1ff0000))).toThrow(withCode('PATH_NOT_ALLOWED'))
  })

  it('refuses too many entries and too much expansion before unpacking anything', () => {
    const many = zip(Object.fromEntries(Array.from({ length: 1001 }, (_, i) => [`f${i}`, ''])))
    expect(() => readZip(many)).toThrow(withCode('ZIP_TOO_LARGE'))
    expect(() => readZip(zip({ a: 'x'.repeat(600), b: 'x'.repeat(600) }), { maxExpandedBytes: 1000 })).toThrow(
      withCode('ZIP_TOO_LARGE'),
    )
  })

  it('does not believe a header that declares less or more than is inside', async () => {
    const bytes = zip({ a: 'x'.repeat(5000) })
    for (const lie of [10, 6000]) {
      const [entry] = readZip(damagedAt(bytes, central(bytes) + 24, lie))
      await expect(entry!.read()).rejects.toMatchObject({ code: 'ZIP_DAMAGED' })
    }
  })

  it('refuses encryption, a wrong checksum, a cut archive and what is no archive', async () => {
    const bytes = zip({ a: 'hello' })
    const encrypted = Buffer.from(bytes)
    encrypted.writeUInt16LE(1, central(bytes) + 8)
    expect(() => readZip(encrypted)).toThrow(withCode('ZIP_DAMAGED'))
    const [entry] = readZip(damagedAt(bytes, central(bytes) + 16, 1))
    await expect(entry!.read()).rejects.toMatchObject({ code: 'ZIP_DAMAGED' })
    expect(() => readZip(bytes.subarray(20))).toThrow(withCode('ZIP_DAMAGED'))
    expect(() => readZip(bytes.subarray(0, 40))).toThrow(withCode('ZIP_DAMAGED'))
    expect(() => readZip(new Uint8Array(0))).toThrow(withCode('ZIP_DAMAGED'))
  })
})
