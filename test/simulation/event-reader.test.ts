import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { EventClock } from '../../src/simulation/loop/core/clock.ts'
import { formatMicros } from '../../src/simulation/loop/core/timestamp.ts'
import { processIds } from '../../src/simulation/loop/core/ulid.ts'
import { buildEvent } from '../../src/simulation/loop/events/build-event.ts'
import type { Details, EventType } from '../../src/simulation/loop/events/event.ts'
import { EventWriter } from '../../src/simulation/loop/writer/event-writer.ts'
import { EventService } from '../../src/simulation/service/event-service.ts'
import { createRunReader } from '../../src/simulation/service/run-reader.ts'
import { describeEventReader } from '../_event-reader-conformance.ts'

const RUN = 'conformance'
const DETAILS: Record<string, Details> = {
  MILESTONE: { milestone_type: 'phase_transition' },
  DECISION: { decision_type: 'test' },
  ACTION: { action_type: 'test', action_payload: {} },
  STATE: { variable_name: 'x', old_value: 1, new_value: 2 },
  DETAIL: { calculation_type: 'test', intermediate_values: {} },
}

/** A writer and a reader on one folder. Files rotate, so that reading crosses them. */
describeEventReader('The JSONL stream of a run', async () => {
  const root = fs.mkdtempSync(path.join(os.tmpdir(), 'troupe-reader-'))
  const dir = path.join(root, RUN)
  const openWriter = async () => {
    const opened = new EventWriter({ outputDir: dir, simulationId: RUN, verbosity: 'DETAIL', maxFileSize: 40_000 })
    await opened.start()
    return opened
  }
  let writer = await openWriter()
  const clock = new EventClock()
  return {
    reader: createRunReader(new EventService({ outputRoot: root }), RUN),
    unknownId: '01ARZ3NDEKTSV4RRFFQ69G5FAV',
    async write(events) {
      const refs = events.map(({ level, agentId, summary, causes }) => {
        const micros = clock.nextMicros()
        const stamp = { id: processIds.next(Math.floor(micros / 1000)), timestamp: formatMicros(micros) }
        const common = { simulationId: RUN, turnNumber: 1, description: summary, causedBy: causes }
        return writer.emit(buildEvent(stamp, level as EventType, common, agentId, { ...DETAILS[level] }))
      })
      await writer.flush()
      return refs.map(({ id }) => id!)
    },
    async addCause(id, cause) {
      await writer.stop()
      for (const name of fs.readdirSync(dir)) {
        const file = path.join(dir, name)
        const lines = fs.readFileSync(file, 'utf8').split('\n')
        const at = lines.findIndex((line) => line.includes(`"event_id":"${id}"`))
        if (at < 0) continue
        const event = JSON.parse(lines[at]!)
        lines[at] = JSON.stringify({ ...event, caused_by: [...(event.caused_by ?? []), cause] })
        fs.writeFileSync(`${file}.new`, lines.join('\n'))
        fs.renameSync(`${file}.new`, file)
      }
      writer = await openWriter()
    },
    async close() {
      await writer.stop()
      fs.rmSync(root, { recursive: true })
    },
  }
})
