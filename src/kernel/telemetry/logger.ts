import { AsyncLocalStorage } from 'node:async_hooks'
import pino from 'pino'
import { createSecrets, type Secrets } from './secrets.ts'

export type LogLevel = 'debug' | 'info' | 'warn' | 'error' | 'silent'
type Write = {
  (message: string): void
  (fields: object, message: string): void
}
export type Log = {
  debug: Write
  info: Write
  warn: Write
  error: Write
  /** A logger whose lines carry these fields too. */
  child(fields: object): Log
}
export type LogOptions = {
  level?: LogLevel
  /** `json`: one object a line; `text`: for a terminal. */
  format?: 'json' | 'text'
  secrets?: Secrets
  /** Takes whole lines. Default stderr, so that stdout stays the program's answer. */
  write?: (line: string) => void
  now?: () => Date
}

const LEVELS: Record<string, string> = {
  debug: 'DEBUG',
  info: 'INFO',
  warn: 'WARNING',
  error: 'ERROR',
  fatal: 'CRITICAL',
}

const context = new AsyncLocalStorage<Record<string, unknown>>()

/** Everything logged inside `work`, however deep, carries the fields (a correlation id). Nested contexts add up. */
export const withLogContext = <T>(fields: Record<string, unknown>, work: () => T): T =>
  context.run({ ...context.getStore(), ...fields }, work)

export const logContext = (): Readonly<Record<string, unknown>> => context.getStore() ?? {}

function asText(line: string): string {
  const { timestamp, level, message, logger, ...fields } = JSON.parse(line) as Record<string, unknown>
  const { stack } = (fields['err'] ?? {}) as { stack?: string }
  if (stack) delete fields['err']
  const rest = Object.entries(fields).map(
    ([key, value]) => ` ${key}=${typeof value === 'string' ? value : JSON.stringify(value)}`,
  )
  const head = `${String(timestamp).slice(11, 19)} ${String(level).padEnd(7)} ${logger ? `${logger}: ` : ''}${message}`
  return `${head}${rest.join('')}\n${stack ? `${stack}\n` : ''}`
}

/**
 * The operational log: one JSON object a line with timestamp, level, message, the fields of logger, context and call. No known secret and
 * nothing that is named like one gets through, also inside errors.
 */
export function createLogger(options: LogOptions = {}): Log {
  const secrets = options.secrets ?? createSecrets()
  const write = options.write ?? ((line: string) => void process.stderr.write(line))
  const now = options.now ?? (() => new Date())
  const logger = pino(
    {
      level: options.level ?? 'info',
      messageKey: 'message',
      base: null,
      timestamp: () => `,"timestamp":"${now().toISOString()}"`,
      mixin: () => logContext(),
      mixinMergeStrategy: (fields, mixed) => ({ ...mixed, ...fields }),
      serializers: { err: (value: unknown) => value },
      formatters: {
        level: (label) => ({ level: LEVELS[label] ?? label.toUpperCase() }),
        log: (fields) => secrets.maskValue(fields) as Record<string, unknown>,
      },
    },
    { write: (line: string) => write(secrets.mask(options.format === 'text' ? asText(line) : line)) },
  )
  return wrap(logger, secrets)
}

/** pino writes a child's fields as they are, so they are masked here. */
const wrap = (logger: pino.Logger, secrets: Secrets): Log => ({
  debug: logger.debug.bind(logger) as Write,
  info: logger.info.bind(logger) as Write,
  warn: logger.warn.bind(logger) as Write,
  error: logger.error.bind(logger) as Write,
  child: (fields) => wrap(logger.child(secrets.maskValue(fields) as pino.Bindings), secrets),
})

/** Drops everything. For tests and for parts that got no logger. */
export const silentLog: Log = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
  child: () => silentLog,
}
