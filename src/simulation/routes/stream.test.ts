import fs from 'node:fs'
import http from 'node:http'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { waitFor, withTemp } from '../cli/_run-cli.ts'
import { createDetailEvent, createMilestoneEvent } from '../loop/events/build-event.ts'
import { EventWriter } from '../loop/writer/event-writer.ts'
import { eventOf, idOf, milestoneOf, writeApiTest, writeLines } from '../service/_service-helpers.ts'
import { EventService } from '../service/event-service.ts'
import { createServer } from './create-server.ts'

type Message = { id?: string; event: string; data: any }

function parseFrames(text: string): Message[] {
  return text
    .split('\n\n')
    .slice(0, -1)
    .filter((frame) => !frame.startsWith(':'))
    .map((frame) => {
      const fields = Object.fromEntries(
        frame.split('\n').map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 2)]),
      )
      return { ...fields, data: JSON.parse(fields['data']!) } as Message
    })
}

class Client {
  text = ''
  ended = false
  request: http.ClientRequest
  response: http.IncomingMessage | undefined
  constructor(url: string, headers: Record<string, string> = {}) {
    this.request = http.get(url, { headers }, (response) => {
      this.response = response
      response.setEncoding('utf8')
      response.on('data', (chunk) => {
        this.text += chunk
      })
      response.on('end', () => {
        this.ended = true
      })
      response.on('error', () => undefined)
    })
    this.request.on('error', () => undefined)
  }
  get messages(): Message[] {
    return parseFrames(this.text)
  }
  get ids(): string[] {
    return this.messages.flatMap(({ id }) => (id ? [id] : []))
  }
  close(): void {
    this.request.destroy()
  }
}

async function withListening(work: (url: string, root: string) => Promise<void>): Promise<void> {
  await withTemp(async (root) => {
    const app = await createServer(new EventService({ outputRoot: root }))
    const url = await app.listen({ host: '127.0.0.1', port: 0 })
    try {
      await work(url, root)
    } finally {
      await app.close()
    }
  })
}

const RUN = '/simulations/api-test-sim-123/stream'

describe('the live tail', () => {
  it('replays a finished run in order, then ends', () =>
    withListening(async (url, root) => {
      const events = writeApiTest(root)
      const client = new Client(`${url}${RUN}?from=start`)
      await waitFor(() => client.ended, 'the end')
      expect(client.response?.headers['content-type']).toContain('text/event-stream')
      const messages = client.messages
      expect(messages.filter(({ event }) => event === 'event').map(({ data }) => data)).toEqual(events)
      expect(messages.filter(({ event }) => event === 'turn').map(({ data }) => data)).toEqual([
        { turn: 1 },
        { turn: 2 },
      ])
      expect(messages.at(-1)).toEqual({ event: 'end', data: { status: 'completed' } })
      expect(messages.filter(({ event }) => event !== 'event').every(({ id }) => id === undefined)).toBe(true)
    }))

  it.each<[string, Record<string, string>, number[]]>([
    ['', {}, []],
    ['?from=now', {}, []],
    ['?event_types=ACTION&from=start', {}, [2, 5]],
    [`?after=${idOf(4)}`, {}, [5, 6]],
    ['', { 'last-event-id': idOf(5) }, [6]],
    [`?from=start&after=${idOf(1)}`, { 'last-event-id': idOf(5) }, [6]],
  ])('starts where asked: %s %o', (query, headers, expected) =>
    withListening(async (url, root) => {
      writeApiTest(root)
      const client = new Client(`${url}${RUN}${query}`, headers)
      await waitFor(() => client.ended, 'the end')
      expect(client.ids).toEqual(expected.map(idOf))
      expect(client.messages.at(-1)?.event).toBe('end')
    }),
  )

  it('follows a writer across rotations without loss or repetition, and tells gaps', () =>
    withListening(async (url, root) => {
      const dir = path.join(root, 'live')
      const writer = new EventWriter({
        outputDir: dir,
        simulationId: 'live',
        verbosity: 'DETAIL',
        maxFileSize: 20_000,
        maxQueueSize: 50,
      })
      await writer.start()
      const make = (turnNumber: number) =>
        createDetailEvent({
          simulationId: 'live',
          turnNumber,
          calculationType: 'x',
          intermediateValues: { text: 'y'.repeat(300) },
        })
      writer.emit(make(0))
      await writer.flush()
      const client = new Client(`${url}/simulations/live/stream?from=start`)
      await waitFor(() => client.ids.length === 1, 'the first event')
      const sent: string[] = [client.ids[0]!]
      for (let turn = 1; turn <= 20; turn++) {
        for (let i = 0; i < 20; i++) {
          const ref = writer.emit(make(turn))
          if (ref.id) sent.push(ref.id)
        }
        const end = writer.emit(
          createMilestoneEvent({ simulationId: 'live', turnNumber: turn, milestoneType: 'turn_end' }),
        )
        if (end.id) sent.push(end.id)
        await writer.flush() // Nothing is dropped before the burst, however busy the machine is.
        await new Promise((resolve) => setTimeout(resolve, 10))
      }
      for (let i = 0; i < 80; i++) {
        const ref = writer.emit(make(21))
        if (ref.id) sent.push(ref.id)
      }
      await writer.flush()
      const end = writer.emit(
        createMilestoneEvent({
          simulationId: 'live',
          turnNumber: 21,
          milestoneType: 'simulation_end',
          extra: { outcome: 'completed' },
        }),
      )
      sent.push(end.id!)
      const stats = await writer.stop()
      expect(stats.rotations).toBeGreaterThan(3)
      await waitFor(() => client.ended, 'the end')
      const gap = client.messages.find(({ event }) => event === 'gap')
      expect(gap?.data).toMatchObject({ reason: 'events_dropped', dropped_count: stats.dropped })
      const warnings = client.messages
        .filter(({ data }) => data.event_type === 'SYSTEM')
        .map(({ data }) => data.event_id)
      expect(client.ids.filter((id) => !warnings.includes(id))).toEqual(sent)
      expect(client.messages.filter(({ event }) => event === 'turn')).toHaveLength(20)
    }))

  it('goes on after a reconnect exactly where it was', () =>
    withListening(async (url, root) => {
      const file = writeLines(root, 'sim', 'events.jsonl', [eventOf(1), eventOf(2)])
      const first = new Client(`${url}/simulations/sim/stream?from=start`)
      await waitFor(() => first.ids.length === 2, 'two events')
      first.close()
      fs.appendFileSync(file, `${JSON.stringify(eventOf(3))}\n`)
      const second = new Client(`${url}/simulations/sim/stream`, { 'last-event-id': first.ids.at(-1)! })
      await waitFor(() => second.ids.length === 1, 'the third')
      fs.appendFileSync(file, `${JSON.stringify(eventOf(4))}\n`)
      await waitFor(() => second.ids.length === 2, 'the fourth')
      expect(second.ids).toEqual([idOf(3), idOf(4)])
      second.close()
    }))

  it(
    'tells a client that cannot keep up what it missed and goes on with the newest',
    () =>
      withListening(async (url, root) => {
        const file = writeLines(root, 'sim', 'events.jsonl', [eventOf(1)])
        const client = new Client(`${url}/simulations/sim/stream?from=start`)
        await waitFor(() => client.ids.length === 1, 'the first event')
        client.response!.pause()
        const filler = { description: 'z'.repeat(400) }
        let n = 2
        const burst = (count: number) => {
          let text = ''
          for (let i = 0; i < count; i++) text += `${JSON.stringify(eventOf(n++, filler))}\n`
          fs.appendFileSync(file, text)
        }
        for (let i = 0; i < 10; i++) {
          burst(6000)
          await new Promise((resolve) => setTimeout(resolve, 150))
        }
        client.response!.resume()
        await waitFor(() => client.text.includes('event: gap'), 'the gap')
        const accounted = () => {
          const gaps = client.messages.filter(({ event }) => event === 'gap')
          expect(gaps.every(({ data }) => data.reason === 'client_too_slow')).toBe(true)
          return client.ids.length + gaps.reduce((sum, { data }) => sum + data.skipped, 0)
        }
        while (accounted() < n - 1) await new Promise((resolve) => setTimeout(resolve, 100))
        expect(accounted()).toBe(n - 1)
        burst(1)
        await waitFor(() => client.text.includes(`id: ${idOf(n - 1)}`), 'the newest')
        client.close()
      }),
    60_000,
  )

  it('answers 404 for runs that are unknown or have not written yet', () =>
    withListening(async (url, root) => {
      fs.mkdirSync(path.join(root, 'empty'))
      for (const run of ['nope', 'empty']) expect((await fetch(`${url}/simulations/${run}/stream`)).status).toBe(404)
      writeLines(root, 'sim', 'events.jsonl', [milestoneOf(1, 0, 'simulation_start')])
      expect((await fetch(`${url}/simulations/sim/stream?after=${idOf(9)}`)).status).toBe(404)
      expect((await fetch(`${url}/simulations/sim/stream`, { method: 'HEAD' })).status).toBe(200)
    }))
})
