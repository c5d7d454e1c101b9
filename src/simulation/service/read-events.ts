import fs from 'node:fs'
import path from 'node:path'
import type { SimEvent } from '../loop/events/event.ts'
import { withoutNulls } from '../loop/events/parse-line.ts'
import { identityOf, listEventFiles } from './run-files.ts'
import type { RunScan, ScannedFile } from './run-scan.ts'

/** Neighbouring lines are read together when at most this many bytes lie between them. */
const GAP_BYTES = 16 * 1024
const PIECE_BYTES = 1024 * 1024
/** Reads between two turns of the event loop. */
const PIECES_AT_ONCE = 64

/** The files changed under the reader: refresh and ask again. */
export class FilesMoved extends Error {}

type Piece = { file: ScannedFile; from: number; to: number; positions: number[] }

function fileOf(scan: RunScan, position: number): ScannedFile {
  let low = 0
  let high = scan.files.length - 1
  while (low < high) {
    const middle = (low + high + 1) >>> 1
    if (scan.files[middle]!.first <= position) low = middle
    else high = middle - 1
  }
  return scan.files[low]!
}

function planPieces(scan: RunScan, positions: readonly number[]): Piece[] {
  const { offset, lengths } = scan.index
  const pieces: Piece[] = []
  let open: Piece | undefined
  for (const position of positions) {
    const from = offset.get(position)
    const to = from + lengths.get(position)
    const file = fileOf(scan, position)
    if (
      open &&
      open.file === file &&
      from >= open.from &&
      from - open.to <= GAP_BYTES &&
      to - open.from <= PIECE_BYTES
    ) {
      open.positions.push(position)
      open.to = Math.max(open.to, to)
    } else {
      open = { file, from, to, positions: [position] }
      pieces.push(open)
    }
  }
  return pieces
}

const breathe = () => new Promise<void>((resolve) => setImmediate(resolve))

/** Handles of the files read in one request. */
class Handles {
  readonly #dir: string
  readonly #open = new Map<ScannedFile, number>()
  constructor(dir: string) {
    this.#dir = dir
  }

  get(file: ScannedFile): number {
    const known = this.#open.get(file)
    if (known !== undefined) return known
    const fd = this.#openAs(file.name, file.identity) ?? this.#openRenamed(file)
    if (fd === undefined) throw new FilesMoved()
    this.#open.set(file, fd)
    return fd
  }

  /** The file of that name if it is the one that is meant. */
  #openAs(name: string, identity: string): number | undefined {
    let fd: number | undefined
    try {
      fd = fs.openSync(path.join(this.#dir, name), 'r')
      if (identityOf(fs.fstatSync(fd)) === identity) return fd
    } catch {
      // Not there, or not to be read: as if it had another name.
    }
    if (fd !== undefined) fs.closeSync(fd)
    return undefined
  }

  /** Rotation renames files between the scan and the reading. */
  #openRenamed({ identity }: ScannedFile): number | undefined {
    const now = listEventFiles(this.#dir)?.find((stat) => stat.identity === identity)
    return now && this.#openAs(now.name, identity)
  }

  close(): void {
    for (const fd of this.#open.values()) fs.closeSync(fd)
  }
}

/**
 * Stored lines of events, in the order of the positions (best ascending: neighbours are read together). Lines are in the page
 * cache or small, so they are read synchronously, with a pause for others now and then. Throws FilesMoved.
 */
export async function* readLines(scan: RunScan, positions: readonly number[]): AsyncGenerator<string> {
  const { offset, lengths } = scan.index
  const handles = new Handles(scan.dir)
  let done = 0
  try {
    for (const piece of planPieces(scan, positions)) {
      if (++done % PIECES_AT_ONCE === 0) await breathe()
      const buffer = Buffer.allocUnsafe(piece.to - piece.from)
      const read = fs.readSync(handles.get(piece.file), buffer, 0, buffer.length, piece.from)
      if (read < buffer.length) throw new FilesMoved()
      for (const position of piece.positions) {
        const start = offset.get(position) - piece.from
        yield buffer.toString('utf8', start, start + lengths.get(position))
      }
    }
  } finally {
    handles.close()
  }
}

export async function readEvents(scan: RunScan, positions: readonly number[]): Promise<SimEvent[]> {
  const events: SimEvent[] = []
  for await (const line of readLines(scan, positions)) events.push(parseStored(line))
  return events
}

function parseStored(line: string): SimEvent {
  try {
    return withoutNulls(JSON.parse(line) as SimEvent)
  } catch {
    throw new FilesMoved() // What was a valid line is none any more: the file was rewritten.
  }
}
