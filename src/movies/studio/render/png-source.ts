import { crc32, deflateRawSync, inflateRawSync } from 'node:zlib'

/**
 * A drawn PNG carries its own drawing: the SVG, compressed, in a private chunk that other programs skip. The animatic and the
 * PDF exports can so use the sharp and small form without a second file.
 */
const CHUNK = 'trSv'
const SIGNATURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])
const MAX_SVG_BYTES = 8 * 1024 * 1024

export const isPng = (bytes: Uint8Array): boolean => SIGNATURE.equals(bytes.subarray(0, 8))

export function addSource(png: Uint8Array, svg: string): Uint8Array {
  const data = deflateRawSync(Buffer.from(svg))
  const body = Buffer.concat([Buffer.from(CHUNK, 'latin1'), data])
  const chunk = Buffer.alloc(body.length + 8)
  chunk.writeUInt32BE(data.length, 0)
  body.copy(chunk, 4)
  chunk.writeUInt32BE(crc32(body) >>> 0, body.length + 4)
  // IEND is always the last twelve bytes.
  const end = png.length - 12
  return new Uint8Array(Buffer.concat([png.subarray(0, end), chunk, png.subarray(end)]))
}

/** The SVG inside a PNG of ours; null for every other file. */
export function readSource(png: Uint8Array): string | null {
  if (!isPng(png)) return null
  const view = Buffer.from(png.buffer, png.byteOffset, png.byteLength)
  for (let at = 8; at + 12 <= view.length; ) {
    const length = view.readUInt32BE(at)
    if (view.toString('latin1', at + 4, at + 8) === CHUNK && at + 12 + length <= view.length)
      return inflateRawSync(view.subarray(at + 8, at + 8 + length), { maxOutputLength: MAX_SVG_BYTES }).toString('utf8')
    at += 12 + length
  }
  return null
}

/** Width and height in pixels of a PNG. */
export function pngSize(png: Uint8Array): { width: number; height: number } {
  const view = Buffer.from(png.buffer, png.byteOffset, png.byteLength)
  return { width: view.readUInt32BE(16), height: view.readUInt32BE(20) }
}
