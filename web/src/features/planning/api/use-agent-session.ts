import { useQueryClient } from '@tanstack/react-query'
import { useEffect, useMemo, useState } from 'react'
import { storedToken } from '../../../api/client.ts'
import { isFinal } from '../../../lib/states.ts'
import { applyMessage, EMPTY_LOG, mergeMessages, type SessionLog, type WireMessage } from '../lib/session-log.ts'
import { useMessages, useSession } from './sessions.ts'

export type Connection = 'connecting' | 'live' | 'reconnecting' | 'offline' | 'ended'

/**
 * One run of the team, live: the socket with resume after each loss (1, 2, 4 … 30 s), and reads every 2 s while it is away.
 * Ends by itself when the run is over.
 */
export function useAgentSession(sessionId: string) {
  const client = useQueryClient()
  const [log, setLog] = useState<SessionLog>(EMPTY_LOG)
  const [connection, setConnection] = useState<Connection>('connecting')
  useEffect(() => {
    setLog(EMPTY_LOG)
    if (!sessionId) return
    setConnection('connecting')
    let closed = false
    let attempt = 0
    let lastSeq = 0
    let timer: ReturnType<typeof setTimeout> | undefined
    let refresh: ReturnType<typeof setTimeout> | undefined
    let socket: WebSocket
    const open = () => {
      const token = storedToken()
      const scheme = location.protocol === 'https:' ? 'wss' : 'ws'
      const url = `${scheme}://${location.host}/ws/agents/sessions/${encodeURIComponent(sessionId)}`
      socket = new WebSocket(url, token ? ['bearer', token] : [])
      socket.onopen = () => {
        attempt = 0
        setConnection('live')
        socket.send(JSON.stringify({ type: 'resume', last_seq: lastSeq }))
      }
      socket.onmessage = (message) => {
        let wire: WireMessage
        try {
          wire = JSON.parse(String(message.data)) as WireMessage
        } catch (error) {
          console.warn('A message of the session socket was no JSON', error)
          return
        }
        setLog((before) => applyMessage(before, wire))
        if (wire.type !== 'session_snapshot' && wire.seq > lastSeq) lastSeq = wire.seq
        refresh ??= setTimeout(() => {
          refresh = undefined
          void client.invalidateQueries({ queryKey: ['planning'] })
          void client.invalidateQueries({ queryKey: ['approvals'] })
        }, 700)
      }
      socket.onclose = (event) => {
        if (closed) return
        if (event.code === 1000) return setConnection('ended')
        // 4408: it did not hear from us in time, for instance while this machine slept. Every other such code is final.
        if (event.code >= 4400 && event.code !== 4408) return setConnection('offline')
        attempt += 1
        setConnection(attempt > 2 ? 'offline' : 'reconnecting')
        timer = setTimeout(open, Math.min(30_000, 1000 * 2 ** (attempt - 1)))
      }
    }
    open()
    return () => {
      closed = true
      clearTimeout(timer)
      clearTimeout(refresh)
      socket.close()
    }
  }, [sessionId, client])
  const polling = connection === 'offline' || connection === 'reconnecting'
  const read = useSession(sessionId, polling ? 2000 : false)
  const messages = useMessages(sessionId, polling ? 2000 : false)
  const items = useMemo(() => mergeMessages(log.items, messages.data?.messages ?? []), [log.items, messages.data])
  const session = log.session && !polling ? { ...read.data, ...log.session } : (read.data ?? log.session)
  const over = session ? isFinal(session.status) : false
  return {
    session,
    items,
    agents: log.agents,
    question: over ? undefined : log.question,
    connection,
    error: read.error,
  }
}
