// Cost of an event from building to disk, from ten thousand to ten million, beside a plain append of the very same bytes.
// Run: node bench/simulation/emit.ts [events …]     default 10000 100000 1000000 (10000000 takes a minute and 4 GB of disk)
import fs from 'node:fs'
import path from 'node:path'
import { loadPerCore, rateSpread, say, spread, tempFolder } from './_measure.ts'
import { writeWorld } from './_world.ts'

const PIECE = 1024 * 1024

/** What the disk path alone costs: the bytes of the run's own files, in pieces of 1 MB, awaited one after the other. */
async function appendAgain(dir: string, target: string): Promise<number> {
  const out = await fs.promises.open(target, 'a')
  let ms = 0
  for (const name of fs.readdirSync(dir).filter((file) => file.startsWith('events'))) {
    const source = await fs.promises.open(path.join(dir, name), 'r')
    const piece = Buffer.allocUnsafe(PIECE)
    for (;;) {
      const { bytesRead } = await source.read(piece, 0, PIECE)
      if (bytesRead === 0) break
      const from = performance.now()
      await out.write(piece, 0, bytesRead)
      ms += performance.now() - from
    }
    await source.close()
  }
  await out.close()
  return ms
}

const counts = process.argv.length > 2 ? process.argv.slice(2).map(Number) : [10_000, 100_000, 1_000_000]
const warm = tempFolder()
await writeWorld(warm, 'warm', 50_000)
fs.rmSync(warm, { recursive: true })
for (const count of counts) {
  const [emit, rate, plain, times, cpu] = [[], [], [], [], []] as number[][]
  let bytes = 0
  let left = 0
  const rounds = count > 2_000_000 ? 2 : count > 500_000 ? 5 : 9
  for (let i = 0; i < rounds; i++) {
    const root = tempFolder()
    const before = process.cpuUsage()
    const { stats, emitMs, totalMs } = await writeWorld(root, 'run', count)
    const { user, system } = process.cpuUsage(before)
    cpu!.push((user + system) / stats.written)
    const appendMs = await appendAgain(path.join(root, 'run'), path.join(root, 'plain'))
    emit!.push((emitMs * 1000) / stats.written)
    rate!.push((stats.written * 1000) / totalMs)
    plain!.push((stats.written * 1000) / appendMs)
    times!.push(totalMs / appendMs)
    bytes = stats.bytes_written / stats.written
    left += stats.dropped + stats.lost
    fs.rmSync(root, { recursive: true })
  }
  say({
    events: count,
    rounds,
    bytes_per_event: Math.round(bytes),
    build_and_emit_us: spread(emit!),
    cpu_us_per_event_to_disk: spread(cpu!),
    events_per_second_to_disk: rateSpread(rate!),
    plain_append_events_per_second: rateSpread(plain!),
    times_plain_append: spread(times!, 1),
    dropped_or_lost: left,
    load_per_core: loadPerCore(),
  })
}
