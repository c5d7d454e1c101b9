import { useEffect, useRef, useState } from 'react'
import { storedToken } from '../../../api/client.ts'

export type Gap = { reason: string; count: number }
export type Follow = { turn: number | undefined; connected: boolean; gaps: Gap[] }

type Handlers = { onTurn: (turn: number) => void; onEnd: () => void }

/** A world may take hundreds of turns a second; a page that drew each would draw none. */
const TELL_MS = 250

/**
 * Follows a running simulation's live tail: the newest turn at most four times a second, whether it is connected, and what was
 * left out.
 */
export function useFollow(id: string, active: boolean, handlers: Handlers): Follow {
  const [follow, setFollow] = useState<Follow>({ turn: undefined, connected: false, gaps: [] })
  const ref = useRef(handlers)
  ref.current = handlers
  useEffect(() => {
    if (!active) return
    // An EventSource sends no headers; the key goes with the address, as the API allows.
    const key = storedToken()
    const source = new EventSource(
      `/simulations/${encodeURIComponent(id)}/stream?event_types=MILESTONE${key ? `&api_key=${encodeURIComponent(key)}` : ''}`,
    )
    source.onopen = () => setFollow((now) => ({ ...now, connected: true }))
    source.onerror = () => setFollow((now) => ({ ...now, connected: false }))
    let newest: number | undefined
    let timer: ReturnType<typeof setTimeout> | undefined
    const tell = () => {
      timer = undefined
      const turn = newest
      if (turn === undefined) return
      newest = undefined
      setFollow((now) => ({ ...now, turn }))
      ref.current.onTurn(turn)
    }
    source.addEventListener('turn', (message) => {
      newest = Number(JSON.parse((message as MessageEvent<string>).data).turn)
      timer ??= setTimeout(tell, TELL_MS)
    })
    source.addEventListener('gap', (message) => {
      const data = JSON.parse((message as MessageEvent<string>).data) as {
        reason?: string
        dropped_count?: number
        lost_count?: number
        skipped?: number
      }
      setFollow((now) => ({
        ...now,
        gaps: [
          ...now.gaps,
          { reason: data.reason ?? 'gap', count: data.dropped_count ?? data.lost_count ?? data.skipped ?? 0 },
        ],
      }))
    })
    source.addEventListener('end', () => {
      source.close()
      clearTimeout(timer)
      tell()
      setFollow((now) => ({ ...now, connected: false }))
      ref.current.onEnd()
    })
    return () => {
      clearTimeout(timer)
      source.close()
    }
  }, [id, active])
  return follow
}
