/** What a command touches of its process; tests pass their own. */
export type CommandIo = {
  stdout: { write(text: string): unknown }
  stderr: { write(text: string): unknown; isTTY?: boolean; columns?: number }
  env: Readonly<Record<string, string | undefined>>
  /** Relative paths start here. */
  cwd: string
  /** Calls back on SIGINT and SIGTERM; the result takes the listener away. */
  onSignal(listener: (signal: NodeJS.Signals) => void): () => void
  exit(code: number): never
}

/** A reader that has gone (`| head`) ends the command; that is no failure. */
const endWithReader = (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error
  process.exit(0)
}

export const processIo = (env: CommandIo['env']): CommandIo => ({
  stdout: process.stdout.listeners('error').includes(endWithReader as never)
    ? process.stdout
    : process.stdout.on('error', endWithReader),
  stderr: process.stderr,
  env,
  cwd: process.cwd(),
  onSignal(listener) {
    const signals = ['SIGINT', 'SIGTERM'] as const
    for (const signal of signals) process.on(signal, listener)
    return () => {
      for (const signal of signals) process.off(signal, listener)
    }
  },
  exit: (code) => process.exit(code),
})
