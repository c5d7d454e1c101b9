/** Size of a picture from its header, without decoding it. */
export type ImageMetadata = { format: string; width: number; height: number }

const ascii = (bytes: Buffer, from: number, to: number) => bytes.toString('latin1', from, to)

/** Walks the segments of a JPEG to its frame header. */
function readJpeg(bytes: Buffer): ImageMetadata | undefined {
  let at = 2
  while (at + 9 < bytes.length) {
    if (bytes[at] !== 0xff) return undefined
    const marker = bytes[at + 1]!
    if (marker === 0xff) {
      at++
      continue
    }
    const isFrame = marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker)
    if (isFrame) return { format: 'jpeg', height: bytes.readUInt16BE(at + 5), width: bytes.readUInt16BE(at + 7) }
    if (marker === 0xd9 || marker === 0xda) return undefined
    at += 2 + (marker === 0x01 || (marker >= 0xd0 && marker <= 0xd7) ? 0 : bytes.readUInt16BE(at + 2))
  }
  return undefined
}

function readWebp(bytes: Buffer): ImageMetadata | undefined {
  const kind = ascii(bytes, 12, 16)
  const size = (width: number, height: number) => ({ format: 'webp', width, height })
  if (kind === 'VP8X' && bytes.length >= 30) return size(bytes.readUIntLE(24, 3) + 1, bytes.readUIntLE(27, 3) + 1)
  if (kind === 'VP8L' && bytes.length >= 25) {
    const bits = bytes.readUInt32LE(21)
    return size((bits & 0x3fff) + 1, ((bits >>> 14) & 0x3fff) + 1)
  }
  if (kind === 'VP8 ' && bytes.length >= 30)
    return size(bytes.readUInt16LE(26) & 0x3fff, bytes.readUInt16LE(28) & 0x3fff)
  return undefined
}

function readSvg(text: string): ImageMetadata | undefined {
  const tag = /<svg\b[^>]*>/i.exec(text)?.[0]
  if (!tag) return undefined
  const attribute = (name: string) =>
    new RegExp(`\\b${name}\\s*=\\s*["']\\s*([\\d.]+)(?:px)?\\s*["']`, 'i').exec(tag)?.[1]
  const box = /\bviewBox\s*=\s*["']\s*[\d.+-]+[\s,]+[\d.+-]+[\s,]+([\d.]+)[\s,]+([\d.]+)/i.exec(tag)
  const [width, height] = [attribute('width') ?? box?.[1], attribute('height') ?? box?.[2]]
  return width && height ? { format: 'svg', width: Number(width), height: Number(height) } : undefined
}

/** PNG, JPEG, GIF, BMP, WebP and SVG; undefined for anything else or a broken header. */
export function readImageMetadata(content: Uint8Array): ImageMetadata | undefined {
  const bytes = Buffer.from(content.buffer, content.byteOffset, content.byteLength)
  if (bytes.length >= 24 && bytes.readUInt32BE(0) === 0x89504e47)
    return { format: 'png', width: bytes.readUInt32BE(16), height: bytes.readUInt32BE(20) }
  if (bytes.length >= 4 && bytes.readUInt16BE(0) === 0xffd8) return readJpeg(bytes)
  if (bytes.length >= 10 && /^GIF8[79]a$/.test(ascii(bytes, 0, 6)))
    return { format: 'gif', width: bytes.readUInt16LE(6), height: bytes.readUInt16LE(8) }
  if (bytes.length >= 26 && ascii(bytes, 0, 2) === 'BM')
    return { format: 'bmp', width: Math.abs(bytes.readInt32LE(18)), height: Math.abs(bytes.readInt32LE(22)) }
  if (bytes.length >= 16 && ascii(bytes, 0, 4) === 'RIFF' && ascii(bytes, 8, 12) === 'WEBP') return readWebp(bytes)
  return readSvg(bytes.subarray(0, 64 * 1024).toString('utf8'))
}
