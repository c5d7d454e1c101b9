import { describe, expect, it } from 'vitest'
import { dataCells, errorCorrection, qrCode, qrSvg } from './qr-code.ts'

const MASKS = [
  (r: number, c: number) => (r + c) % 2 === 0,
  (r: number) => r % 2 === 0,
  (_r: number, c: number) => c % 3 === 0,
  (r: number, c: number) => (r + c) % 3 === 0,
  (r: number, c: number) => (Math.floor(r / 2) + Math.floor(c / 3)) % 2 === 0,
  (r: number, c: number) => ((r * c) % 2) + ((r * c) % 3) === 0,
  (r: number, c: number) => (((r * c) % 2) + ((r * c) % 3)) % 2 === 0,
  (r: number, c: number) => (((r + c) % 2) + ((r * c) % 3)) % 2 === 0,
]

/** Which cells are not data, told from the standard's description and not from the encoder. */
function reserved(size: number): boolean[][] {
  const version = (size - 17) / 4
  const step = version === 1 ? [] : version < 7 ? [6, size - 7] : [6, 6 + (size - 13) / 2, size - 7]
  return Array.from({ length: size }, (_, r) =>
    Array.from({ length: size }, (_, c) => {
      const corner = (r < 9 && c < 9) || (r < 9 && c >= size - 8) || (r >= size - 8 && c < 9)
      const aligned = step.some((y) =>
        step.some((x) => {
          const onFinder = (y === 6 && x === 6) || (y === 6 && x === size - 7) || (y === size - 7 && x === 6)
          return !onFinder && Math.abs(y - r) <= 2 && Math.abs(x - c) <= 2
        }),
      )
      const versionBits = version >= 7 && ((r < 6 && c >= size - 11) || (c < 6 && r >= size - 11))
      return corner || r === 6 || c === 6 || aligned || versionBits
    }),
  )
}

/** Reads a code of one block back. */
function read(dark: boolean[][], dataBytes: number): string {
  const format = [0, 1, 2, 3, 4, 5].map((i) => dark[8]![i]!).slice(0, 5)
  const raw = format.map((on) => (on ? 1 : 0)).join('')
  const unmasked = Number.parseInt(raw, 2) ^ 0b10101
  const mask = unmasked & 0b111
  expect(unmasked >> 3, 'level M').toBe(0)
  const bits: number[] = []
  for (const [r, c] of dataCells(reserved(dark.length))) bits.push(dark[r]![c] !== MASKS[mask]!(r, c) ? 1 : 0)
  const bytes: number[] = []
  for (let i = 0; i + 8 <= bits.length; i += 8) bytes.push(Number.parseInt(bits.slice(i, i + 8).join(''), 2))
  const data = bytes.slice(0, dataBytes)
  const checks = bytes.slice(dataBytes)
  const degree = { 16: 10, 28: 16, 44: 26 }[dataBytes]!
  expect(errorCorrection(data, degree)).toEqual(checks.slice(0, degree))
  const text = data.map((byte) => byte.toString(2).padStart(8, '0')).join('')
  expect(text.slice(0, 4)).toBe('0100')
  const length = Number.parseInt(text.slice(4, 12), 2)
  return new TextDecoder().decode(
    new Uint8Array(Array.from({ length }, (_, i) => Number.parseInt(text.slice(12 + i * 8, 20 + i * 8), 2))),
  )
}

describe('a QR code', () => {
  it('computes the error correction of the standard’s example', () => {
    const data = [0x10, 0x20, 0x0c, 0x56, 0x61, 0x80, 0xec, 0x11, 0xec, 0x11, 0xec, 0x11, 0xec, 0x11, 0xec, 0x11]
    expect(errorCorrection(data, 10)).toEqual([0xa5, 0x24, 0xd4, 0xc1, 0xed, 0x36, 0xc7, 0x87, 0x2c, 0x55])
  })

  it('reads back as the text it was made of', () => {
    for (const [text, size, dataBytes] of [
      ['Troupe', 21, 16],
      ['http://192.168.1.20:8000', 25, 28],
      ['http://192.168.178.20:43211/phone/abcdef', 29, 44],
    ] as const) {
      const dark = qrCode(text)
      expect(dark.length).toBe(size)
      expect(read(dark, dataBytes)).toBe(text)
    }
  })

  it('has its finders at any size, and refuses what is too long', () => {
    for (const length of [60, 100, 150, 200]) {
      const dark = qrCode('x'.repeat(length))
      const size = dark.length
      for (const [r, c] of [
        [0, 0],
        [0, size - 7],
        [size - 7, 0],
      ] as const)
        expect(dark[r]!.slice(c, c + 7).every(Boolean)).toBe(true)
    }
    expect(() => qrCode('x'.repeat(300))).toThrow('too long')
    expect(qrSvg('Troupe')).toContain('<svg')
  })
})
