import { useQueryClient } from '@tanstack/react-query'
import { createContext, type ReactNode, useContext, useEffect, useRef, useState } from 'react'
import { storedToken } from './client.ts'
import { type LiveEvent, type LiveState, openLiveSocket } from './live-socket.ts'
import { useServerKind } from './server-kind.ts'

type Listener = (events: LiveEvent[]) => void
type Live = { state: LiveState; subscribe: (listener: Listener) => () => void }

const LiveContext = createContext<Live>({ state: 'connecting', subscribe: () => () => undefined })

/** Which cached reads an event makes old, by the beginning of its type. The first part of a query key is its topic. */
const TOPICS: [RegExp, string[]][] = [
  [/^(decision|question|approval)\b/, ['decisions', 'home', 'approvals']],
  [/^(run|stage|step)\b/, ['runs', 'home']],
  [/^(agent|pool)\b/, ['agents', 'home']],
  [/^(task|subtask|assignment|plan)\b/, ['tasks', 'runs', 'home', 'results', 'logs']],
  [/^(simulation)\b/, ['simulations', 'home']],
  [/^(workflow|deliverable|project|movie)\b/, ['movies', 'home']],
  [/^(event|gate|incident|contingency|session|artifact|lifecycle)\b/, ['planning', 'approvals']],
]

/** The topics that a batch of events touches; a domain's own events touch the topic named like their first word. */
export function topicsOf(events: LiveEvent[]): Set<string> {
  const topics = new Set<string>()
  for (const event of events) {
    const type = String(event.type ?? '')
    for (const [pattern, names] of TOPICS) if (pattern.test(type)) for (const name of names) topics.add(name)
    const own = type.split('.')[0]
    if (own) topics.add(own)
    const module = event.module ?? event.domain
    if (typeof module === 'string') topics.add(module)
  }
  return topics
}

/** Holds the one live connection of this page, refreshes what its events touch, and passes them to who listens. */
export function LiveProvider({ children }: { children: ReactNode }) {
  const client = useQueryClient()
  const [state, setState] = useState<LiveState>('connecting')
  const listeners = useRef(new Set<Listener>())
  const pending = useRef(new Set<string>())
  const kind = useServerKind()
  const [token, setToken] = useState(storedToken)
  useEffect(() => {
    const change = () => setToken(storedToken())
    window.addEventListener('troupe:token', change)
    return () => window.removeEventListener('troupe:token', change)
  }, [])

  useEffect(() => {
    if (kind !== 'platform') return
    let timer: ReturnType<typeof setTimeout> | undefined
    const refresh = () => {
      timer = undefined
      const topics = [...pending.current]
      pending.current.clear()
      for (const topic of topics) void client.invalidateQueries({ queryKey: [topic] })
    }
    const live = openLiveSocket({
      url: `${location.protocol === 'https:' ? 'wss' : 'ws'}://${location.host}/v1/live`,
      protocols: token ? ['troupe', `bearer.${token}`] : [],
      onState: setState,
      onCatchUp: () => void client.invalidateQueries(),
      onEvents: (events) => {
        for (const listener of listeners.current) listener(events)
        for (const topic of topicsOf(events)) pending.current.add(topic)
        timer ??= setTimeout(refresh, 250)
      },
    })
    return () => {
      live.close()
      clearTimeout(timer)
    }
  }, [client, kind, token])

  const [value] = useState(() => ({
    subscribe: (listener: Listener) => {
      listeners.current.add(listener)
      return () => {
        listeners.current.delete(listener)
      }
    },
  }))
  return <LiveContext value={{ ...value, state }}>{children}</LiveContext>
}

/** Whether the page is connected to the live stream. */
export const useLiveState = () => useContext(LiveContext).state

/** Calls `listener` with each batch of live events while the caller is mounted. */
export function useLiveEvents(listener: Listener): void {
  const { subscribe } = useContext(LiveContext)
  const ref = useRef(listener)
  ref.current = listener
  useEffect(() => subscribe((events) => ref.current(events)), [subscribe])
}
