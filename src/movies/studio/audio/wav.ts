/**
 * WAV files (PCM, 8 or 16 bit, mono). A file can carry a comment (LIST INFO ICMT): silent draft tracks say there what they
 * stand for, so that the mixer can make a guide track of them.
 */
export type Wav = { rate: number; samples: Float32Array; comment: string | null }

type Format = { rate: number; bits: 8 | 16 }

function header(format: Format, dataBytes: number, comment: string | null): Buffer {
  const note = comment === null ? Buffer.alloc(0) : Buffer.from(`${comment}\0`, 'utf8')
  const padded = note.length + (note.length % 2)
  const list = comment === null ? 0 : 8 + 4 + 8 + padded
  const head = Buffer.alloc(36 + list + 8)
  head.write('RIFF', 0)
  head.writeUInt32LE(head.length - 8 + dataBytes + (dataBytes % 2), 4)
  head.write('WAVEfmt ', 8)
  head.writeUInt32LE(16, 16)
  head.writeUInt16LE(1, 20)
  head.writeUInt16LE(1, 22)
  head.writeUInt32LE(format.rate, 24)
  head.writeUInt32LE((format.rate * format.bits) / 8, 28)
  head.writeUInt16LE(format.bits / 8, 32)
  head.writeUInt16LE(format.bits, 34)
  if (comment !== null) {
    head.write('LIST', 36)
    head.writeUInt32LE(list - 8, 40)
    head.write('INFOICMT', 44)
    head.writeUInt32LE(note.length, 52)
    note.copy(head, 56)
  }
  head.write('data', 36 + list)
  head.writeUInt32LE(dataBytes, 40 + list)
  return head
}

const LONG_SECONDS = 120

/** Silence of this length; long files take fewer bytes a second. */
export function silentWav(seconds: number, comment: string | null = null): Uint8Array {
  const format: Format = seconds > LONG_SECONDS ? { rate: 8000, bits: 8 } : { rate: 22050, bits: 16 }
  const count = Math.max(1, Math.round(seconds * format.rate))
  const bytes = (count * format.bits) / 8
  const data = Buffer.alloc(bytes + (bytes % 2), format.bits === 8 ? 128 : 0)
  return new Uint8Array(Buffer.concat([header(format, bytes, comment), data]))
}

/** 16-bit mono; samples beyond ±1 are cut. */
export function writeWav(samples: Float32Array, rate: number, comment: string | null = null): Uint8Array {
  const data = Buffer.alloc(samples.length * 2)
  for (let i = 0; i < samples.length; i++)
    data.writeInt16LE(Math.round(Math.max(-1, Math.min(1, samples[i]!)) * 32767), i * 2)
  return new Uint8Array(Buffer.concat([header({ rate, bits: 16 }, data.length, comment), data]))
}

export const isWav = (bytes: Uint8Array): boolean => {
  const view = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(12, bytes.byteLength))
  return view.length === 12 && view.toString('latin1', 0, 4) === 'RIFF' && view.toString('latin1', 8, 12) === 'WAVE'
}

/** Reads PCM WAV of 8, 16 or 24 bit, any number of channels (they are averaged). null: not such a file. */
export function readWav(bytes: Uint8Array): Wav | null {
  if (!isWav(bytes)) return null
  const view = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  let format: { rate: number; bits: number; channels: number } | undefined
  let comment: string | null = null
  let samples: Float32Array | undefined
  for (let at = 12; at + 8 <= view.length; ) {
    const id = view.toString('latin1', at, at + 4)
    const size = Math.min(view.readUInt32LE(at + 4), view.length - at - 8)
    const body = view.subarray(at + 8, at + 8 + size)
    if (id === 'fmt ' && size >= 16) {
      if (body.readUInt16LE(0) !== 1) return null
      format = { channels: body.readUInt16LE(2), rate: body.readUInt32LE(4), bits: body.readUInt16LE(14) }
    } else if (id === 'LIST') comment = readComment(body) ?? comment
    else if (id === 'data' && format) samples = decode(body, format)
    at += 8 + size + (size % 2)
  }
  return format && samples ? { rate: format.rate, samples, comment } : null
}

function readComment(list: Buffer): string | null {
  if (list.toString('latin1', 0, 4) !== 'INFO') return null
  for (let at = 4; at + 8 <= list.length; ) {
    const size = list.readUInt32LE(at + 4)
    if (list.toString('latin1', at, at + 4) === 'ICMT')
      return list.toString('utf8', at + 8, Math.min(list.length, at + 8 + size)).replace(/\0+$/, '')
    at += 8 + size + (size % 2)
  }
  return null
}

function decode(data: Buffer, format: { bits: number; channels: number }): Float32Array | undefined {
  const { bits, channels } = format
  if (![8, 16, 24].includes(bits) || channels < 1) return undefined
  const width = bits / 8
  const count = Math.floor(data.length / (width * channels))
  const out = new Float32Array(count)
  const read = (at: number) =>
    bits === 8 ? (data[at]! - 128) / 128 : bits === 16 ? data.readInt16LE(at) / 32768 : data.readIntLE(at, 3) / 8388608
  for (let i = 0; i < count; i++) {
    let sum = 0
    for (let c = 0; c < channels; c++) sum += read((i * channels + c) * width)
    out[i] = sum / channels
  }
  return out
}
