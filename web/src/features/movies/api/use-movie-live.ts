import { useQueryClient } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { storedToken } from '../../../api/client.ts'

export type MovieWire = { type: string; sequence: number; timestamp: string; data: Record<string, unknown> }

/** Follows one production: refreshes what is shown after each event, comes back without a gap after a loss. True while connected. */
export function useMovieLive(workflowId: string): boolean {
  const client = useQueryClient()
  const [live, setLive] = useState(false)
  useEffect(() => {
    let closed = false
    let attempt = 0
    let last = -1
    let retry: ReturnType<typeof setTimeout> | undefined
    let refresh: ReturnType<typeof setTimeout> | undefined
    let socket: WebSocket
    const open = () => {
      const query = new URLSearchParams()
      if (last >= 0) query.set('since', String(last))
      if (storedToken()) query.set('api_key', storedToken())
      const scheme = location.protocol === 'https:' ? 'wss' : 'ws'
      socket = new WebSocket(`${scheme}://${location.host}/ws/workflows/${encodeURIComponent(workflowId)}?${query}`)
      socket.onopen = () => {
        attempt = 0
        setLive(true)
      }
      socket.onmessage = (message) => {
        try {
          const wire = JSON.parse(String(message.data)) as MovieWire
          if (typeof wire.sequence === 'number') last = Math.max(last, wire.sequence)
        } catch (error) {
          console.warn('A message of the production socket was no JSON', error)
          return
        }
        refresh ??= setTimeout(() => {
          refresh = undefined
          void client.invalidateQueries({ queryKey: ['movies', workflowId] })
        }, 400)
      }
      socket.onclose = (event) => {
        setLive(false)
        if (closed || (event.code >= 4400 && event.code < 4500)) return
        attempt += 1
        retry = setTimeout(open, Math.min(30_000, 1000 * 2 ** (attempt - 1)))
      }
    }
    open()
    return () => {
      closed = true
      clearTimeout(retry)
      clearTimeout(refresh)
      socket.close()
    }
  }, [workflowId, client])
  return live
}
