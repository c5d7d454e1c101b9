import { brotliDecompressSync } from 'node:zlib'

/**
 * WOFF2 -> TrueType, after the W3C recommendation "WOFF File Format 2.0": PDF embeds TrueType, the fonts we ship come as
 * WOFF2. The variation tables are left out, so that the result is the font's default instance.
 */
const KNOWN_TAGS =
  'cmap head hhea hmtx maxp name OS/2 post cvt  fpgm glyf loca prep CFF  VORG EBDT EBLC gasp hdmx kern LTSH PCLT VDMX vhea vmtx BASE GDEF GPOS GSUB EBSC JSTF MATH CBDT CBLC COLR CPAL SVG  sbix acnt avar bdat bloc bsln cvar fdsc feat fmtx fvar gvar hsty just lcar mort morx opbd prop trak Zapf Silf Glat Gloc Feat Sill'
const tagAt = (i: number) => KNOWN_TAGS.slice(i * 5, i * 5 + 4)
const KEPT = new Set([
  'cmap',
  'head',
  'hhea',
  'hmtx',
  'maxp',
  'name',
  'OS/2',
  'post',
  'cvt ',
  'fpgm',
  'prep',
  'glyf',
  'loca',
])

class Reader {
  #view: DataView
  at = 0
  constructor(bytes: Uint8Array) {
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  }
  u8 = () => this.#view.getUint8(this.at++)
  u16 = () => this.#step(2, this.#view.getUint16(this.at))
  i16 = () => this.#step(2, this.#view.getInt16(this.at))
  u32 = () => this.#step(4, this.#view.getUint32(this.at))
  #step(n: number, value: number): number {
    this.at += n
    return value
  }
  base128(): number {
    let value = 0
    for (let i = 0; i < 5; i++) {
      const byte = this.u8()
      value = value * 128 + (byte & 0x7f)
      if ((byte & 0x80) === 0) return value
    }
    throw new Error('the WOFF2 font has a number that is too long')
  }
  u255(): number {
    const code = this.u8()
    if (code === 253) return this.u16()
    if (code === 254) return 506 + this.u8()
    return code === 255 ? 253 + this.u8() : code
  }
  bytes(n: number): Uint8Array {
    const from = this.#view.byteOffset + this.at
    this.at += n
    return new Uint8Array(this.#view.buffer, from, n)
  }
}

type Table = { tag: string; transformed: boolean; length: number; data: Uint8Array }

function readTables(font: Uint8Array): { flavor: number; tables: Map<string, Table> } {
  const head = new Reader(font)
  if (head.u32() !== 0x774f4632) throw new Error('the font is not WOFF2')
  const flavor = head.u32()
  head.at = 12
  const count = head.u16()
  head.at = 20
  const compressed = head.u32()
  head.at = 48
  const tables: Table[] = []
  for (let i = 0; i < count; i++) {
    const flags = head.u8()
    const tag = (flags & 0x3f) === 0x3f ? String.fromCharCode(...head.bytes(4)) : tagAt(flags & 0x3f)
    const version = flags >> 6
    const transformed = tag === 'glyf' || tag === 'loca' ? version !== 3 : version !== 0
    const original = head.base128()
    const length = transformed ? head.base128() : original
    tables.push({ tag, transformed, length, data: new Uint8Array() })
  }
  const data = brotliDecompressSync(head.bytes(compressed))
  let at = 0
  for (const table of tables) {
    table.data = data.subarray(at, at + table.length)
    at += table.length
  }
  return { flavor, tables: new Map(tables.map((table) => [table.tag, table])) }
}

type Point = { x: number; y: number; on: boolean }
const sign = (flag: number, value: number) => (flag & 1 ? value : -value)

/** One point's movement, packed in 1 to 4 bytes besides its flag (WOFF2, table "triplet encoding"). */
function readTriplet(flag: number, glyph: Reader): { dx: number; dy: number } {
  const f = flag & 0x7f
  const a = glyph.u8()
  if (f < 10) return { dx: 0, dy: sign(flag, ((f & 14) << 7) + a) }
  if (f < 20) return { dx: sign(flag, (((f - 10) & 14) << 7) + a), dy: 0 }
  if (f < 84) {
    const b = f - 20
    return { dx: sign(flag, 1 + (b & 0x30) + (a >> 4)), dy: sign(flag >> 1, 1 + ((b & 0x0c) << 2) + (a & 0x0f)) }
  }
  const c = glyph.u8()
  if (f < 120) {
    const b = f - 84
    return {
      dx: sign(flag, 1 + (Math.floor(b / 12) << 8) + a),
      dy: sign(flag >> 1, 1 + (((b % 12) >> 2) << 8) + c),
    }
  }
  const d = glyph.u8()
  if (f < 124) return { dx: sign(flag, (a << 4) + (c >> 4)), dy: sign(flag >> 1, ((c & 0x0f) << 8) + d) }
  return { dx: sign(flag, (a << 8) + c), dy: sign(flag >> 1, (d << 8) + glyph.u8()) }
}

class Writer {
  #bytes: number[] = []
  u8 = (v: number): void => {
    this.#bytes.push(v & 0xff)
  }
  u16 = (v: number): void => {
    this.#bytes.push((v >> 8) & 0xff, v & 0xff)
  }
  u32 = (v: number) => {
    this.u16(v >>> 16)
    this.u16(v & 0xffff)
  }
  raw = (bytes: Uint8Array) => {
    for (const byte of bytes) this.#bytes.push(byte)
  }
  pad4 = () => {
    while (this.#bytes.length % 4) this.#bytes.push(0)
  }
  get length(): number {
    return this.#bytes.length
  }
  done = () => Uint8Array.from(this.#bytes)
}

type Glyphs = { glyf: Uint8Array; loca: Uint8Array; xMins: number[] }

/** Streams of the transformed `glyf` table, in the order in which they are stored. */
function streamsOf(data: Uint8Array) {
  const head = new Reader(data)
  head.u16()
  head.u16()
  const glyphs = head.u16()
  head.u16()
  const sizes = Array.from({ length: 7 }, () => head.u32())
  const [contours, points, flags, glyph, composite, bbox, instructions] = sizes.map(
    (size) => new Reader(head.bytes(size)),
  )
  return { glyphs, contours, points, flags, glyph, composite, bbox, instructions } as {
    glyphs: number
  } & Record<'contours' | 'points' | 'flags' | 'glyph' | 'composite' | 'bbox' | 'instructions', Reader>
}

function composite(s: ReturnType<typeof streamsOf>): { body: Uint8Array; hasInstructions: boolean } {
  const out = new Writer()
  let more = true
  let hasInstructions = false
  while (more) {
    const flags = s.composite.u16()
    out.u16(flags)
    out.u16(s.composite.u16())
    const scale = flags & 0x08 ? 2 : flags & 0x40 ? 4 : flags & 0x80 ? 8 : 0
    out.raw(s.composite.bytes((flags & 0x01 ? 4 : 2) + scale))
    hasInstructions ||= (flags & 0x100) !== 0
    more = (flags & 0x20) !== 0
  }
  return { body: out.done(), hasInstructions }
}

function rebuildGlyphs(data: Uint8Array): Glyphs {
  const s = streamsOf(data)
  const bitmap = s.bbox.bytes(4 * Math.floor((s.glyphs + 31) / 32))
  const out = new Writer()
  const offsets: number[] = []
  const xMins: number[] = []
  for (let id = 0; id < s.glyphs; id++) {
    offsets.push(out.length)
    const contours = s.contours.i16()
    const explicit = (bitmap[id >> 3]! & (0x80 >> (id & 7))) !== 0
    const box = () => Array.from({ length: 4 }, () => s.bbox.i16())
    if (contours === 0) {
      xMins.push(0)
      continue
    }
    out.u16(contours)
    if (contours < 0) {
      const bounds = box()
      xMins.push(bounds[0]!)
      for (const value of bounds) out.u16(value)
      const { body, hasInstructions } = composite(s)
      out.raw(body)
      if (hasInstructions) {
        const n = s.glyph.u255()
        out.u16(n)
        out.raw(s.instructions.bytes(n))
      }
    } else xMins.push(simple(s, out, contours, explicit ? box() : undefined))
    out.pad4()
  }
  offsets.push(out.length)
  const loca = new Writer()
  for (const offset of offsets) loca.u32(offset)
  return { glyf: out.done(), loca: loca.done(), xMins }
}

/** Writes the outline of one simple glyph; answers its smallest x. */
function simple(s: ReturnType<typeof streamsOf>, out: Writer, contours: number, given: number[] | undefined): number {
  const ends: number[] = []
  let total = 0
  for (let i = 0; i < contours; i++) ends.push((total += s.points.u255()) - 1)
  const points: Point[] = []
  let [x, y] = [0, 0]
  for (let i = 0; i < total; i++) {
    const flag = s.flags.u8()
    const { dx, dy } = readTriplet(flag, s.glyph)
    x += dx
    y += dy
    points.push({ x, y, on: (flag & 0x80) === 0 })
  }
  const xs = points.map((p) => p.x)
  const ys = points.map((p) => p.y)
  const bounds = given ?? [Math.min(...xs), Math.min(...ys), Math.max(...xs), Math.max(...ys)]
  for (const value of bounds) out.u16(value)
  for (const end of ends) out.u16(end)
  const n = s.glyph.u255()
  out.u16(n)
  out.raw(s.instructions.bytes(n))
  for (const point of points) out.u8(point.on ? 1 : 0)
  for (const [i, point] of points.entries()) out.u16(point.x - (points[i - 1]?.x ?? 0))
  for (const [i, point] of points.entries()) out.u16(point.y - (points[i - 1]?.y ?? 0))
  return bounds[0]!
}

/** Side bearings that the transform left out are the smallest x of each glyph. */
function rebuildMetrics(data: Uint8Array, xMins: number[], longMetrics: number): Uint8Array {
  const from = new Reader(data)
  const flags = from.u8()
  const widths = Array.from({ length: longMetrics }, () => from.u16())
  const bearing = (id: number) => ((id < longMetrics ? flags & 1 : flags & 2) ? xMins[id]! : from.i16())
  const bearings = xMins.map((_, id) => bearing(id))
  const out = new Writer()
  bearings.forEach((value, id) => {
    if (id < longMetrics) out.u16(widths[id]!)
    out.u16(value)
  })
  return out.done()
}

function checksum(bytes: Uint8Array): number {
  let sum = 0
  for (let i = 0; i < bytes.length; i += 4) {
    const word =
      ((bytes[i]! << 24) | ((bytes[i + 1] ?? 0) << 16) | ((bytes[i + 2] ?? 0) << 8) | (bytes[i + 3] ?? 0)) >>> 0
    sum = (sum + word) >>> 0
  }
  return sum
}

function assemble(flavor: number, tables: Map<string, Uint8Array>): Uint8Array {
  const sorted = [...tables].sort(([a], [b]) => (a < b ? -1 : 1))
  const power = 2 ** Math.floor(Math.log2(sorted.length))
  const out = new Writer()
  out.u32(flavor)
  out.u16(sorted.length)
  out.u16(power * 16)
  out.u16(Math.log2(power))
  out.u16(sorted.length * 16 - power * 16)
  let offset = 12 + sorted.length * 16
  for (const [tag, data] of sorted) {
    out.raw(new TextEncoder().encode(tag))
    out.u32(checksum(data))
    out.u32(offset)
    out.u32(data.length)
    offset += (data.length + 3) & ~3
  }
  for (const [, data] of sorted) {
    out.raw(data)
    out.pad4()
  }
  return out.done()
}

/** The TrueType form of a WOFF2 font with TrueType outlines. Throws when it is something else. */
export function woff2ToTtf(font: Uint8Array): Uint8Array {
  const { flavor, tables } = readTables(font)
  const glyf = tables.get('glyf')
  if (!glyf) throw new Error('the font has no TrueType outlines')
  const out = new Map<string, Uint8Array>()
  for (const [tag, table] of tables) if (KEPT.has(tag)) out.set(tag, Uint8Array.from(table.data))
  if (glyf.transformed) {
    const rebuilt = rebuildGlyphs(glyf.data)
    out.set('glyf', rebuilt.glyf)
    out.set('loca', rebuilt.loca)
    const head = out.get('head')!
    new DataView(head.buffer).setInt16(50, 1)
    const hmtx = tables.get('hmtx')
    const hhea = out.get('hhea')!
    if (hmtx?.transformed)
      out.set('hmtx', rebuildMetrics(hmtx.data, rebuilt.xMins, new DataView(hhea.buffer).getUint16(34)))
  }
  return assemble(flavor, out)
}
