import { describe, expect, it } from 'vitest'
import { type LiveEvent, type LiveState, openLiveSocket } from './live-socket.ts'

type Fake = {
  url: string
  onopen: () => void
  onmessage: (m: { data: string }) => void
  onclose: (event?: { code: number }) => void
  close: () => void
}

function harness() {
  const sockets: Fake[] = []
  const timers: (() => void)[] = []
  const states: LiveState[] = []
  const events: LiveEvent[] = []
  let caughtUp = 0
  const live = openLiveSocket({
    url: 'ws://host/v1/live',
    onEvents: (batch) => events.push(...batch),
    onState: (state) => states.push(state),
    onCatchUp: () => caughtUp++,
    makeSocket: (url) => {
      const fake = { url, close: () => undefined } as Fake
      sockets.push(fake)
      return fake as unknown as WebSocket
    },
    setTimer: (fn) => timers.push(fn),
  })
  return { live, sockets, timers, states, events, caughtUp: () => caughtUp }
}

const frame = (...ids: string[]) => ({
  data: JSON.stringify({ events: ids.map((id) => ({ id })), cursor: `1-${ids.at(-1)?.slice(1)}` }),
})

describe('the live socket', () => {
  it('comes back with the last cursor and drops what it already has', () => {
    const h = harness()
    h.sockets[0]!.onopen()
    h.sockets[0]!.onmessage(frame('e1', 'e2'))
    h.sockets[0]!.onclose()
    expect(h.states).toEqual(['connecting', 'live', 'offline'])
    h.timers[0]!()
    expect(h.sockets[1]!.url).toBe('ws://host/v1/live?since=1-2')
    h.sockets[1]!.onopen()
    h.sockets[1]!.onmessage(frame('e2', 'e3'))
    expect(h.events.map((event) => event.id)).toEqual(['e1', 'e2', 'e3'])
    expect(h.caughtUp()).toBe(1)
  })
  it('begins anew when the server no longer knows its cursor', () => {
    const h = harness()
    h.sockets[0]!.onopen()
    h.sockets[0]!.onmessage(frame('e1'))
    h.sockets[0]!.onclose({ code: 4400 })
    h.timers[0]!()
    expect(h.sockets[1]!.url).toBe('ws://host/v1/live')
  })
  it('stays closed once closed', () => {
    const h = harness()
    h.live.close()
    h.sockets[0]!.onclose()
    expect(h.timers).toHaveLength(0)
  })
  it('survives a frame that is no JSON', () => {
    const h = harness()
    h.sockets[0]!.onopen()
    h.sockets[0]!.onmessage({ data: 'nonsense' })
    h.sockets[0]!.onmessage(frame('e1'))
    expect(h.events).toHaveLength(1)
  })
})
