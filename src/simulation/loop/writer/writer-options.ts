import type fs from 'node:fs'
import type { TimeSource } from '../core/clock.ts'
import type { SystemEventPolicy, Verbosity } from '../events/event.ts'
import type { Logger } from '../logging/logger.ts'

/** The part of node:fs the writer touches; tests pass one that fails on command. */
export type WriterFs = Pick<
  typeof fs,
  | 'mkdirSync'
  | 'openSync'
  | 'closeSync'
  | 'writeSync'
  | 'write'
  | 'readSync'
  | 'fstatSync'
  | 'statSync'
  | 'existsSync'
  | 'fsync'
  | 'fsyncSync'
  | 'ftruncateSync'
  | 'renameSync'
>

export const WRITE_MODES = ['async', 'sync'] as const
export type WriteMode = (typeof WRITE_MODES)[number]
export const FSYNC_POLICIES = ['never', 'interval', 'always'] as const
export type FsyncPolicy = (typeof FSYNC_POLICIES)[number]

export type WriterOptions = {
  outputDir: string
  simulationId: string
  verbosity?: Verbosity
  mode?: WriteMode
  maxQueueSize?: number
  maxFileSize?: number
  batchMaxEvents?: number
  batchMaxBytes?: number
  maxEventBytes?: number
  fsync?: FsyncPolicy
  systemEvents?: SystemEventPolicy
  fs?: WriterFs
  clock?: TimeSource
  logger?: Logger
}

export const WRITER_DEFAULTS = {
  verbosity: 'ACTION',
  mode: 'async',
  maxQueueSize: 10_000,
  maxFileSize: 500 * 1024 * 1024,
  batchMaxEvents: 500,
  batchMaxBytes: 1024 * 1024,
  maxEventBytes: 1024 * 1024,
  systemEvents: 'by_level',
} as const
