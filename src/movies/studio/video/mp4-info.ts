/** What an MP4 file says of itself, read from its boxes (ISO 14496-12): enough for the technical check. */
export type Mp4Info = {
  duration: number
  width: number
  height: number
  codec: string
  hasAudio: boolean
  fps: number | null
}

type Box = { type: string; body: Buffer }
const CONTAINERS: ReadonlySet<string> = new Set(['moov', 'trak', 'mdia', 'minf', 'stbl'])

function* boxes(data: Buffer): Generator<Box> {
  for (let at = 0; at + 8 <= data.length; ) {
    let size = data.readUInt32BE(at)
    let head = 8
    if (size === 1 && at + 16 <= data.length) {
      size = Number(data.readBigUInt64BE(at + 8))
      head = 16
    } else if (size === 0) size = data.length - at
    if (size < head || at + size > data.length) return
    yield { type: data.toString('latin1', at + 4, at + 8), body: data.subarray(at + head, at + size) }
    at += size
  }
}

function find(data: Buffer, ...path: string[]): Buffer[] {
  const [type, ...rest] = path
  const found = [...boxes(data)].filter((box) => box.type === type).map((box) => box.body)
  return rest.length === 0 ? found : found.flatMap((body) => (CONTAINERS.has(type!) ? find(body, ...rest) : []))
}

/** Timescale and length of a header box (mvhd, mdhd), version 0 or 1. */
function times(box: Buffer): { scale: number; duration: number } {
  return box[0] === 1
    ? { scale: box.readUInt32BE(20), duration: Number(box.readBigUInt64BE(24)) }
    : { scale: box.readUInt32BE(12), duration: box.readUInt32BE(16) }
}

export const isMp4 = (bytes: Uint8Array): boolean =>
  Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(12, bytes.byteLength)).toString('latin1', 4, 8) === 'ftyp'

function videoTrack(trak: Buffer): { codec: string; width: number; height: number; fps: number | null } | undefined {
  const entry = find(trak, 'mdia', 'minf', 'stbl', 'stsd')[0]
  if (!entry || entry.length < 44) return undefined
  const codec = entry.toString('latin1', 12, 16)
  const stts = find(trak, 'mdia', 'minf', 'stbl', 'stts')[0]
  const mdhd = find(trak, 'mdia', 'mdhd')[0]
  const scale = mdhd ? times(mdhd).scale : 0
  const delta = stts && stts.length >= 16 ? stts.readUInt32BE(12) : 0
  return {
    codec,
    width: entry.readUInt16BE(40),
    height: entry.readUInt16BE(42),
    fps: scale && delta ? scale / delta : null,
  }
}

const CODECS: Record<string, string> = {
  avc1: 'h264',
  avc3: 'h264',
  hvc1: 'hevc',
  hev1: 'hevc',
  vp09: 'vp9',
  av01: 'av1',
  mp4v: 'mpeg4',
}

/** null: the bytes are no MP4 with a picture track. */
export function mp4Info(bytes: Uint8Array): Mp4Info | null {
  if (!isMp4(bytes)) return null
  const data = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  try {
    const mvhd = find(data, 'moov', 'mvhd')[0]
    const traks = find(data, 'moov', 'trak')
    const kind = (trak: Buffer) => find(trak, 'mdia', 'hdlr')[0]?.toString('latin1', 8, 12)
    const picture = traks.find((trak) => kind(trak) === 'vide')
    const video = picture && videoTrack(picture)
    if (!mvhd || !video) return null
    const { scale, duration } = times(mvhd)
    return {
      duration: scale > 0 ? duration / scale : 0,
      width: video.width,
      height: video.height,
      codec: CODECS[video.codec] ?? video.codec,
      hasAudio: traks.some((trak) => kind(trak) === 'soun'),
      fps: video.fps,
    }
  } catch (error) {
    if (error instanceof RangeError) return null
    throw error
  }
}
