// Cost of an event from building to disk, beside a plain append of the very same bytes.
// Run: node bench/simulation/emit.ts [events]     default 1,000,000
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { createActionEvent, createDetailEvent } from '../../src/simulation/loop/events/build-event.ts'
import type { EventRef, SimEvent } from '../../src/simulation/loop/events/event.ts'
import { EventWriter } from '../../src/simulation/loop/writer/event-writer.ts'

const PER_BREATH = 50

const makers: Record<string, (i: number, cause: EventRef | undefined) => SimEvent> = {
  'action with payload, cause and interaction': (i, cause) =>
    createActionEvent({
      simulationId: 'bench',
      turnNumber: i >> 6,
      agentId: 'ada',
      actionType: 'trade',
      actionPayload: { amount: 40, partner: 'bo' },
      description: 'ada: trade with bo',
      causedBy: cause ? [cause] : [],
      interaction: { type: 'trade', participants: ['ada', 'bo'] },
    }),
  'detail of 100 characters': (i) =>
    createDetailEvent({
      simulationId: 'bench',
      turnNumber: i >> 6,
      calculationType: 'x',
      intermediateValues: { text: 'y'.repeat(100) },
    }),
}

async function measureWriter(dir: string, count: number, make: (typeof makers)[string]) {
  const writer = new EventWriter({ outputDir: dir, simulationId: 'bench', verbosity: 'DETAIL', maxQueueSize: 20_000 })
  await writer.start()
  let ref: EventRef | undefined
  let emitMs = 0
  const started = performance.now()
  for (let i = 0; i < count; ) {
    const from = performance.now()
    for (const end = Math.min(count, i + PER_BREATH); i < end; i++) ref = writer.emit(make(i, ref))
    emitMs += performance.now() - from
    await new Promise((resolve) => setImmediate(resolve))
  }
  const stats = await writer.stop()
  return { seconds: (performance.now() - started) / 1000, emitMicros: (emitMs * 1000) / count, stats }
}

/** What the disk path alone costs: the same bytes in pieces of 1 MB, awaited one after the other. */
async function measureAppend(file: string, bytes: number) {
  const piece = Buffer.alloc(1024 * 1024, 'x')
  const handle = await fs.promises.open(file, 'a')
  const started = performance.now()
  for (let left = bytes; left > 0; left -= piece.length) await handle.write(piece, 0, Math.min(left, piece.length))
  await handle.close()
  return (performance.now() - started) / 1000
}

const count = Number(process.argv[2] ?? 1_000_000)
for (const [name, make] of Object.entries(makers)) {
  let best: Awaited<ReturnType<typeof measureWriter>> | undefined
  let append = Number.POSITIVE_INFINITY
  for (let round = 0; round < 3; round++) {
    const dir = fs.mkdtempSync(path.join(os.tmpdir(), 'troupe-bench-'))
    const run = await measureWriter(dir, count, make)
    append = Math.min(append, await measureAppend(path.join(dir, 'plain'), run.stats.bytes_written))
    fs.rmSync(dir, { recursive: true })
    if (!best || run.seconds < best.seconds) best = run
  }
  const { seconds, emitMicros, stats } = best!
  console.log(
    JSON.stringify({
      events: name,
      count,
      bytes_per_event: Math.round(stats.bytes_written / count),
      build_and_emit_us: Number(emitMicros.toFixed(2)),
      events_per_second_to_disk: Math.round(count / seconds),
      dropped: stats.dropped,
      queue_high_water: stats.queue_high_water,
      plain_append_events_per_second: Math.round(count / append),
      times_plain_append: Number((seconds / append).toFixed(1)),
    }),
  )
}
