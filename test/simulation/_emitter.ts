// A process that emits at full speed until it is killed, and says on stdout how far it is: what it says, it has been promised.
// node _emitter.ts <folder> <async|sync> <bytes per file> [throw|reject|exit: end so, with 3,000 events in the queue]
import fs from 'node:fs'
import { createDetailEvent } from '../../src/simulation/loop/events/build-event.ts'
import { EventWriter } from '../../src/simulation/loop/writer/event-writer.ts'

const [folder = '', mode = 'async', fileBytes = '1000000', end] = process.argv.slice(2)
const writer = new EventWriter({
  outputDir: folder,
  simulationId: 'run',
  verbosity: 'DETAIL',
  mode: mode as 'async' | 'sync',
  maxFileSize: Number(fileBytes),
  maxQueueSize: 5000,
})
await writer.start()
const say = (report: object) => fs.writeSync(1, `${JSON.stringify(report)}\n`)
let n = 0
const one = () => {
  const ref = writer.emit(
    createDetailEvent({
      simulationId: 'run',
      turnNumber: Math.floor(n / 100),
      calculationType: 'count',
      intermediateValues: { n, fill: 'x'.repeat(n % 400) },
    }),
  )
  n++
  return ref
}
if (end) {
  for (let i = 0; i < 3000; i++) one()
  if (end === 'throw') throw new Error('nobody catches this')
  if (end === 'reject') await Promise.reject(new Error('nobody waits for this'))
  process.exit(7)
}
for (;;) {
  if (mode === 'sync') {
    one()
    say({ kept: n })
    continue
  }
  // More than the queue holds now and then: drops are part of the books.
  for (let i = 0; i < (n % 7 === 0 ? 6000 : 1000); i++) one()
  await writer.flush()
  const { accepted, dropped, written } = writer.stats
  say({ kept: written, accepted, dropped, emitted: n })
}
