import { AsyncLocalStorage } from 'node:async_hooks'
import { formatConsoleLine, formatJsonLine } from './format-line.ts'

export const LOG_LEVELS = ['DEBUG', 'INFO', 'WARNING', 'ERROR'] as const
export type LogLevel = (typeof LOG_LEVELS)[number]
export const LOG_FORMATS = ['json', 'console', 'auto'] as const
export type LogFormat = (typeof LOG_FORMATS)[number]
export type LogFields = Readonly<Record<string, unknown>>
export type LogSink = { write(text: string): unknown; readonly isTTY?: boolean }

/** The operational log, apart from the event stream. Fields of the call win over bound ones, a later bind over an earlier. */
export interface Logger {
  bind(fields: LogFields): Logger
  debug(event: string, fields?: LogFields): void
  info(event: string, fields?: LogFields): void
  warning(event: string, fields?: LogFields): void
  error(event: string, fields?: LogFields): void
}

export type LoggingOptions = {
  level?: string
  format?: string
  context?: LogFields
  /** Value of `logger` in each line. */
  name?: string
  sink?: LogSink
  /** `auto` is JSON in production, console elsewhere. */
  environment?: string | undefined
  now?: () => Date
}

const ambient = new AsyncLocalStorage<LogFields>()

/** Adds fields to every line logged inside `work`, through awaits; concurrent tasks do not mix. */
export const withLogContext = <T>(fields: LogFields, work: () => T): T =>
  ambient.run({ ...ambient.getStore(), ...fields }, work)

function checkFields(fields: LogFields | undefined): LogFields {
  if (fields === undefined) return {}
  for (const [key, value] of Object.entries(fields)) {
    let text: string | undefined
    try {
      text = JSON.stringify(value)
    } catch (error) {
      throw new TypeError(`Log field ${key} is not JSON-serialisable: ${(error as Error).message}`)
    }
    if (text === undefined && value !== undefined)
      throw new TypeError(`Log field ${key} is not JSON-serialisable: it is a ${typeof value}`)
  }
  return fields
}

/** Makes a logger. Throws on an unknown level or format. A closed or failing sink never throws. */
export function configureLogging(options: LoggingOptions = {}): Logger {
  const level = LOG_LEVELS.indexOf((options.level ?? 'INFO') as LogLevel)
  if (level < 0) throw new Error(`Unknown log level ${options.level}: use one of ${LOG_LEVELS.join(', ')}`)
  const format = options.format ?? 'json'
  if (!(LOG_FORMATS as readonly string[]).includes(format))
    throw new Error(`Unknown log format ${format}: use one of ${LOG_FORMATS.join(', ')}`)
  const sink = options.sink ?? process.stderr
  const asJson = format === 'json' || (format === 'auto' && options.environment === 'production')
  const name = options.name ?? 'simulation'
  const now = options.now ?? (() => new Date())

  const make = (bound: LogFields): Logger => {
    const log = (rank: number, event: string, fields?: LogFields): void => {
      if (rank < level) return
      const merged = { ...ambient.getStore(), ...bound, ...checkFields(fields) }
      const line = { at: now(), level: LOG_LEVELS[rank]!, event, name, fields: merged }
      writeSafely(sink, asJson ? formatJsonLine(line) : formatConsoleLine(line, sink.isTTY === true))
    }
    return {
      bind: (fields) => make({ ...bound, ...checkFields(fields) }),
      debug: (event, fields) => log(0, event, fields),
      info: (event, fields) => log(1, event, fields),
      warning: (event, fields) => log(2, event, fields),
      error: (event, fields) => log(3, event, fields),
    }
  }
  return make(checkFields(options.context))
}

function writeSafely(sink: LogSink, text: string): void {
  try {
    sink.write(text)
  } catch {
    return // A log that cannot be written must not stop a run; there is nowhere left to say so.
  }
}

const nothing = () => undefined
export const silentLogger: Logger = {
  bind: () => silentLogger,
  debug: nothing,
  info: nothing,
  warning: nothing,
  error: nothing,
}
