export const HEARTBEAT_MS = 30_000

type Beating = {
  ping(): void
  close(code: number, reason?: string): void
  on(event: 'pong', listener: () => void): void
}

/**
 * A heartbeat every 30 s with a protocol ping beside it; a client that let two of them pass unanswered is closed (contract 2.13). Anything the
 * client sends counts as an answer: call `alive`.
 */
export function startHeartbeat(socket: Beating, beat: () => void, everyMs = HEARTBEAT_MS) {
  let missed = 0
  const alive = () => {
    missed = 0
  }
  socket.on('pong', alive)
  const timer = setInterval(() => {
    if (missed >= 2) {
      clearInterval(timer)
      socket.close(4408, 'two heartbeats were missed')
      return
    }
    missed += 1
    beat()
    socket.ping()
  }, everyMs)
  return { alive, stop: () => clearInterval(timer) }
}
