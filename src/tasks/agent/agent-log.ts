/** The few log lines of an agent process: one JSON object a line on stderr. No library, to stay small. */
export type AgentLog = Record<'debug' | 'info' | 'warn' | 'error', (fields: object, message: string) => void>

const LEVELS = ['debug', 'info', 'warn', 'error'] as const

export function createAgentLog(
  level: 'debug' | 'info' | 'warn' | 'error' | 'silent',
  write: (line: string) => void = (line) => void process.stderr.write(line),
): AgentLog {
  const from = level === 'silent' ? LEVELS.length : LEVELS.indexOf(level)
  const line = (name: (typeof LEVELS)[number]) => (fields: object, message: string) => {
    if (LEVELS.indexOf(name) < from) return
    const label = name === 'warn' ? 'WARNING' : name.toUpperCase()
    write(`${JSON.stringify({ level: label, timestamp: new Date().toISOString(), ...fields, message })}\n`)
  }
  return { debug: line('debug'), info: line('info'), warn: line('warn'), error: line('error') }
}
