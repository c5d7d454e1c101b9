import { randomBytes } from 'node:crypto'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { loadConfig } from '../config/load-config.ts'
import { blindIndex, blindIndexes, dataKey, seal, sealedWith, unseal } from './data-keys.ts'

const secret = () => randomBytes(32).toString('base64')
const configOf = (keys: string) => loadConfig({ DATA_KEYS: keys })

it('opens what it sealed, and only where it belongs', () => {
  const key = dataKey(configOf(secret()))
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      const sealed = seal(key, text, 'row-1')
      expect(unseal(sealed, 'row-1')).toBe(text)
      expect(() => unseal(sealed, 'row-2')).toThrow('belongs elsewhere')
    }),
  )
})

it('never writes the same twice, and notices a changed byte', () => {
  const key = dataKey(configOf(secret()))
  const sealed = seal(key, 'net 30 days', 'row')
  expect(seal(key, 'net 30 days', 'row')).not.toBe(sealed)
  expect(sealed).not.toContain(Buffer.from('net 30').toString('base64url').slice(0, 6))
  const at = sealed.length - 3
  const other = sealed[at] === 'A' ? 'B' : 'A'
  expect(() => unseal(sealed.slice(0, at) + other + sealed.slice(at + 1), 'row')).toThrow('was changed')
})

it('rotates: the first key seals, the others still open', () => {
  const [old, fresh] = [secret(), secret()]
  const before = dataKey(configOf(old))
  const sealed = seal(before, 'text', 'row')
  const after = dataKey(configOf(`${fresh}, ${old}`))
  expect(after.id).not.toBe(before.id)
  expect(sealedWith(sealed)).toBe(before.id)
  expect(sealedWith(seal(after, 'text', 'row'))).toBe(after.id)
  expect(unseal(sealed, 'row')).toBe('text')
  expect(blindIndexes('Ada@Example.org')).toEqual(
    expect.arrayContaining([blindIndex(before, 'ada@example.org'), blindIndex(after, ' ada@example.org')]),
  )
})

it('names the key that is missing and the remedy', () => {
  expect(() => unseal('s1.00000000.AAAA', 'vct-1')).toThrow(/key 00000000.*DATA_KEYS/)
  expect(() => dataKey(configOf('short'))).toThrow(/32 bytes/)
})

it('makes a key of its own once, readable by its user only', () => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'troupe-key-'))
  const first = dataKey(loadConfig({ TROUPE_HOME: folder }))
  expect(dataKey(loadConfig({ TROUPE_HOME: folder })).id).toBe(first.id)
  expect(fs.statSync(path.join(folder, 'data-key')).mode & 0o777).toBe(0o600)
  fs.rmSync(folder, { recursive: true })
})
