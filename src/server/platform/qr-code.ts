// QR codes of short texts (byte mode, error correction M, versions 1 to 10), after ISO/IEC 18004: enough for an address, and no dependency.

/** For each version: error correction codewords a block, and the data codewords of its blocks. */
const BLOCKS: readonly (readonly [number, readonly number[]])[] = [
  [10, [16]],
  [16, [28]],
  [26, [44]],
  [18, [32, 32]],
  [24, [43, 43]],
  [16, [27, 27, 27, 27]],
  [18, [31, 31, 31, 31]],
  [22, [38, 38, 39, 39]],
  [22, [36, 36, 36, 37, 37]],
  [26, [43, 43, 43, 43, 44]],
]
const ALIGNMENT: readonly (readonly number[])[] = [
  [],
  [6, 18],
  [6, 22],
  [6, 26],
  [6, 30],
  [6, 34],
  [6, 22, 38],
  [6, 24, 42],
  [6, 26, 46],
  [6, 28, 50],
]

const EXP = new Uint8Array(512)
const LOG = new Uint8Array(256)
for (let i = 0, x = 1; i < 255; i++) {
  EXP[i] = x
  EXP[i + 255] = x
  LOG[x] = i
  x = (x << 1) ^ (x & 0x80 ? 0x11d : 0)
}
const multiply = (a: number, b: number) => (a === 0 || b === 0 ? 0 : EXP[LOG[a]! + LOG[b]!]!)

/** The remainder of the data by the generator of this degree: its error correction codewords. */
export function errorCorrection(data: readonly number[], degree: number): number[] {
  let generator = [1]
  for (let i = 0; i < degree; i++) {
    const next = new Array<number>(generator.length + 1).fill(0)
    for (const [at, value] of generator.entries()) {
      next[at]! ^= value
      next[at + 1]! ^= multiply(value, EXP[i]!)
    }
    generator = next
  }
  const rest = [...data, ...new Array<number>(degree).fill(0)]
  for (let i = 0; i < data.length; i++) {
    const factor = rest[i]!
    if (factor !== 0) for (const [at, value] of generator.entries()) rest[i + at]! ^= multiply(value, factor)
  }
  return rest.slice(data.length)
}

const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0)

function codewords(bytes: Uint8Array, version: number): number[] {
  const [degree, blocks] = BLOCKS[version - 1]!
  const capacity = sum(blocks)
  const bits: number[] = []
  const push = (value: number, length: number) => {
    for (let i = length - 1; i >= 0; i--) bits.push((value >> i) & 1)
  }
  push(0b0100, 4)
  push(bytes.length, version < 10 ? 8 : 16)
  for (const byte of bytes) push(byte, 8)
  push(0, Math.min(4, capacity * 8 - bits.length))
  while (bits.length % 8 !== 0) bits.push(0)
  const data: number[] = []
  for (let i = 0; i < bits.length; i += 8) data.push(Number.parseInt(bits.slice(i, i + 8).join(''), 2))
  for (let pad = 0xec; data.length < capacity; pad ^= 0xec ^ 0x11) data.push(pad)
  let at = 0
  const parts = blocks.map((size) => data.slice(at, (at += size)))
  const checks = parts.map((part) => errorCorrection(part, degree))
  const interleave = (rows: readonly (readonly number[])[]) =>
    Array.from({ length: Math.max(...rows.map((row) => row.length)) }, (_, i) =>
      rows.flatMap((row) => (i < row.length ? [row[i]!] : [])),
    ).flat()
  return [...interleave(parts), ...interleave(checks)]
}

const MASKS: readonly ((r: number, c: number) => boolean)[] = [
  (r, c) => (r + c) % 2 === 0,
  (r) => r % 2 === 0,
  (_r, c) => c % 3 === 0,
  (r, c) => (r + c) % 3 === 0,
  (r, c) => (Math.floor(r / 2) + Math.floor(c / 3)) % 2 === 0,
  (r, c) => ((r * c) % 2) + ((r * c) % 3) === 0,
  (r, c) => (((r * c) % 2) + ((r * c) % 3)) % 2 === 0,
  (r, c) => (((r + c) % 2) + ((r * c) % 3)) % 2 === 0,
]

/** Bits with their BCH remainder behind them. */
function withBch(value: number, generator: number, degree: number): number {
  let rest = value << degree
  for (let i = 31 - Math.clz32(rest); i >= degree && rest !== 0; i = 31 - Math.clz32(rest))
    rest ^= generator << (i - degree)
  return (value << degree) | rest
}

type Grid = { dark: boolean[][]; fixed: boolean[][] }

function drawFixed(version: number): Grid {
  const size = 17 + 4 * version
  const dark = Array.from({ length: size }, () => new Array<boolean>(size).fill(false))
  const fixed = Array.from({ length: size }, () => new Array<boolean>(size).fill(false))
  const set = (r: number, c: number, on: boolean) => {
    if (r < 0 || c < 0 || r >= size || c >= size) return
    dark[r]![c] = on
    fixed[r]![c] = true
  }
  for (const [top, left] of [
    [0, 0],
    [0, size - 7],
    [size - 7, 0],
  ] as const)
    for (let r = -1; r <= 7; r++)
      for (let c = -1; c <= 7; c++) {
        const ring = Math.max(Math.abs(r - 3), Math.abs(c - 3))
        set(top + r, left + c, ring !== 2 && ring !== 4)
      }
  const centres = ALIGNMENT[version - 1]!
  for (const r of centres)
    for (const c of centres) {
      if (fixed[r]![c]) continue
      for (let i = -2; i <= 2; i++)
        for (let j = -2; j <= 2; j++) set(r + i, c + j, Math.max(Math.abs(i), Math.abs(j)) !== 1)
    }
  for (let i = 8; i < size - 8; i++) {
    set(6, i, i % 2 === 0)
    set(i, 6, i % 2 === 0)
  }
  set(size - 8, 8, true)
  for (let i = 0; i < 9; i++) {
    if (!fixed[8]![i]) set(8, i, false)
    if (!fixed[i]![8]) set(i, 8, false)
    if (i < 8 && !fixed[8]![size - 1 - i]) set(8, size - 1 - i, false)
    if (i < 8 && !fixed[size - 1 - i]![8]) set(size - 1 - i, 8, false)
  }
  if (version >= 7) {
    const bits = withBch(version, 0x1f25, 12)
    for (let i = 0; i < 18; i++) {
      const on = ((bits >> i) & 1) === 1
      set(Math.floor(i / 3), size - 11 + (i % 3), on)
      set(size - 11 + (i % 3), Math.floor(i / 3), on)
    }
  }
  return { dark, fixed }
}

/** The cells of the data in the order it is laid: pairs of columns from the right, up and down in turn. */
export function* dataCells(fixed: readonly (readonly boolean[])[]): Generator<[number, number]> {
  const size = fixed.length
  let up = true
  for (let right = size - 1; right > 0; right -= 2) {
    if (right === 6) right = 5
    for (let i = 0; i < size; i++) {
      const r = up ? size - 1 - i : i
      for (const c of [right, right - 1]) if (!fixed[r]![c]) yield [r, c]
    }
    up = !up
  }
}

function drawFormat(dark: boolean[][], mask: number): void {
  const size = dark.length
  const bits = withBch(mask, 0x537, 10) ^ 0x5412 // level M is 00
  const on = (i: number) => ((bits >> i) & 1) === 1
  for (let i = 0; i < 6; i++) {
    dark[i]![8] = on(i)
    dark[8]![i] = on(14 - i)
  }
  dark[7]![8] = on(6)
  dark[8]![8] = on(7)
  dark[8]![7] = on(8)
  for (let i = 0; i < 8; i++) dark[8]![size - 1 - i] = on(i)
  for (let i = 8; i < 15; i++) dark[size - 15 + i]![8] = on(i)
  dark[size - 8]![8] = true
}

/** How hard a code is to read: long runs, blocks of one colour, look-alikes of a finder, imbalance. */
function penalty(dark: readonly (readonly boolean[])[]): number {
  const size = dark.length
  let points = 0
  let count = 0
  const lines = [...dark, ...Array.from({ length: size }, (_, c) => dark.map((row) => row[c]!))]
  for (const line of lines) {
    let run = 1
    for (let i = 1; i <= size; i++) {
      if (i < size && line[i] === line[i - 1]) {
        run++
        continue
      }
      if (run >= 5) points += run - 2
      run = 1
    }
    const text = line.map((on) => (on ? 1 : 0)).join('')
    for (const pattern of ['10111010000', '00001011101'])
      for (let at = text.indexOf(pattern); at >= 0; at = text.indexOf(pattern, at + 1)) points += 40
  }
  for (let r = 0; r < size; r++)
    for (let c = 0; c < size; c++) {
      if (dark[r]![c]) count++
      const same = dark[r]![c]
      if (r && c && dark[r - 1]![c] === same && dark[r]![c - 1] === same && dark[r - 1]![c - 1] === same) points += 3
    }
  return points + Math.floor(Math.abs((count * 20) / (size * size) - 10)) * 10
}

/** The modules of the code, dark ones true. Throws a RangeError for texts above 213 bytes. */
export function qrCode(text: string): boolean[][] {
  const bytes = new TextEncoder().encode(text)
  const fits = BLOCKS.findIndex(([, blocks], i) => bytes.length + (i < 9 ? 2 : 3) <= sum(blocks))
  if (fits < 0) throw new RangeError('The text is too long for this code')
  const version = fits + 1
  const bits = codewords(bytes, version).flatMap((byte) => Array.from({ length: 8 }, (_, i) => (byte >> (7 - i)) & 1))
  let best: { dark: boolean[][]; points: number } | undefined
  for (const [mask, flips] of MASKS.entries()) {
    const { dark, fixed } = drawFixed(version)
    let i = 0
    for (const [r, c] of dataCells(fixed)) dark[r]![c] = ((bits[i++] ?? 0) === 1) !== flips(r, c)
    drawFormat(dark, mask)
    const points = penalty(dark)
    if (!best || points < best.points) best = { dark, points }
  }
  return best!.dark
}

/** The code as an SVG with its quiet zone. */
export function qrSvg(text: string): string {
  const dark = qrCode(text)
  const size = dark.length + 8
  const path = dark.flatMap((row, r) => row.flatMap((on, c) => (on ? [`M${c + 4} ${r + 4}h1v1h-1z`] : []))).join('')
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${size} ${size}" shape-rendering="crispEdges"><rect width="${size}" height="${size}" fill="#fff"/><path d="${path}" fill="#000"/></svg>`
}
