import { type EmbeddedOptions, type EmbeddedServer, startEmbedded } from './embedded-server.ts'

export type SupervisedServer = {
  readonly url: string
  readonly port: number
  readonly pid: number
  /** Ends supervision; with `stopServer` the server too. */
  close(stopServer: boolean): Promise<void>
}

const CHECK_MS = 250

/**
 * Keeps the embedded server alive: when it dies it is started again on its stored port, so that pools reconnect by
 * themselves. `onRestart` hears of each new start; a failed start is told and tried again.
 */
export async function superviseServer(
  home: string,
  options: EmbeddedOptions,
  onEvent: (event: { kind: 'restarted' | 'failed'; message: string }) => void,
): Promise<SupervisedServer> {
  let server: EmbeddedServer = await startEmbedded(home, options)
  let closed = false
  let restarting: Promise<void> | undefined

  const restart = async () => {
    try {
      server = await startEmbedded(home, options)
      onEvent({ kind: 'restarted', message: `PostgreSQL was gone and runs again, pid ${server.pid}` })
    } catch (error) {
      onEvent({ kind: 'failed', message: (error as Error).message })
    }
  }
  const timer = setInterval(() => {
    if (closed || restarting || server.isAlive()) return
    restarting = restart().finally(() => (restarting = undefined))
  }, CHECK_MS)

  return {
    get url() {
      return server.url
    },
    get port() {
      return server.port
    },
    get pid() {
      return server.pid
    },
    async close(stopServer) {
      closed = true
      clearInterval(timer)
      await restarting
      if (stopServer) await server.stop()
    },
  }
}
