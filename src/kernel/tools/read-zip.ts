import { promisify } from 'node:util'
import zlib from 'node:zlib'
import { AppError } from '../errors/app-error.ts'
import { normaliseRelative } from './sandbox-path.ts'

export type ZipEntry = {
  name: string
  size: number
  compressedSize: number
  isFolder: boolean
  read(): Promise<Buffer>
}
export type ZipLimits = { maxEntries?: number; maxExpandedBytes?: number }

const inflateRaw = promisify<Uint8Array, zlib.ZlibOptions, Buffer>(zlib.inflateRaw)
const END = 0x06054b50
const CENTRAL = 0x02014b50
const LOCAL = 0x04034b50
const UNIX_LINK = 0xa000

const damaged = (why: string) => new AppError('ZIP_DAMAGED', `The archive cannot be read: ${why}.`)

function findEnd(data: Buffer): number {
  const lowest = Math.max(0, data.length - 22 - 0xffff)
  for (let at = data.length - 22; at >= lowest; at--) if (data.readUInt32LE(at) === END) return at
  throw damaged('it is no zip archive')
}

/**
 * The entries of a zip archive, in its order. The whole archive is refused before anything is unpacked: more than 1,000 entries or
 * 500 MB expanded (ZIP_TOO_LARGE), a path that leaves the folder or a link (PATH_NOT_ALLOWED), encryption, zip64 or damage
 * (ZIP_DAMAGED). `read` inflates at most the declared size and checks the sum, so a lying header gains nothing.
 */
export function readZip(bytes: Uint8Array, limits: ZipLimits = {}): ZipEntry[] {
  const { maxEntries = 1000, maxExpandedBytes = 500 * 1024 * 1024 } = limits
  const data = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const end = findEnd(data)
  const count = data.readUInt16LE(end + 10)
  if (count === 0xffff) throw damaged('zip64 is not supported')
  if (count > maxEntries)
    throw new AppError('ZIP_TOO_LARGE', `The archive has ${count} entries; at most ${maxEntries} are read.`, {
      maxEntries,
    })
  const entries: ZipEntry[] = []
  const names = new Set<string>()
  let expanded = 0
  let at = data.readUInt32LE(end + 16)
  try {
    for (let n = 0; n < count; n++) {
      if (data.readUInt32LE(at) !== CENTRAL) throw damaged('its directory is broken')
      const [nameLength, extraLength, commentLength] = [28, 30, 32].map((offset) => data.readUInt16LE(at + offset)) as [
        number,
        number,
        number,
      ]
      const [flags, method] = [data.readUInt16LE(at + 8), data.readUInt16LE(at + 10)]
      const [crc, compressedSize, size] = [16, 20, 24].map((offset) => data.readUInt32LE(at + offset)) as [
        number,
        number,
        number,
      ]
      const rawName = data.subarray(at + 46, at + 46 + nameLength).toString(flags & 0x800 ? 'utf8' : 'latin1')
      if (flags & 1) throw damaged(`${rawName} is encrypted`)
      if (method !== 0 && method !== 8) throw damaged(`${rawName} uses an unsupported compression`)
      if (((data.readUInt32LE(at + 38) >>> 16) & 0xf000) === UNIX_LINK)
        throw new AppError('PATH_NOT_ALLOWED', `The archive contains a symbolic link (${rawName}).`, { path: rawName })
      const name = normaliseRelative(rawName)
      const isFolder = /[/\\]$/.test(rawName)
      if (!isFolder && names.has(name)) throw damaged(`${name} occurs twice`)
      names.add(name)
      expanded += size
      if (expanded > maxExpandedBytes)
        throw new AppError('ZIP_TOO_LARGE', `The archive expands to more than ${maxExpandedBytes} bytes.`, {
          maxExpandedBytes,
        })
      const local = data.readUInt32LE(at + 42)
      const entry = { name, crc, size, compressedSize, method, local }
      entries.push({ name, size, compressedSize, isFolder, read: () => inflateEntry(data, entry) })
      at += 46 + nameLength + extraLength + commentLength
    }
  } catch (error) {
    throw error instanceof RangeError ? damaged('it ends too early') : error
  }
  return entries
}

type Packed = { name: string; crc: number; size: number; compressedSize: number; method: number; local: number }

async function inflateEntry(data: Buffer, entry: Packed): Promise<Buffer> {
  const { name, local, compressedSize, size } = entry
  if (local + 30 > data.length || data.readUInt32LE(local) !== LOCAL) throw damaged(`${name} is not where it should be`)
  const start = local + 30 + data.readUInt16LE(local + 26) + data.readUInt16LE(local + 28)
  const packed = data.subarray(start, start + compressedSize)
  const content =
    entry.method === 0
      ? packed
      : size === 0
        ? Buffer.alloc(0)
        : await inflateRaw(packed, { maxOutputLength: size }).catch(() => {
            throw damaged(`${name} does not expand to its declared size`)
          })
  if (content.length !== size || zlib.crc32(content) !== entry.crc)
    throw damaged(`${name} has a wrong checksum or size`)
  return content
}
