import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { createDetailEvent, createMilestoneEvent } from '../events/build-event.ts'
import type { SimEvent } from '../events/event.ts'
import type { Logger } from '../logging/logger.ts'
import type { WriterFs } from './writer-options.ts'

/** Runs with a folder that is gone afterwards. */
export async function withFolder<T>(work: (dir: string) => Promise<T> | T): Promise<T> {
  const dir = fs.mkdtempSync(path.join(os.tmpdir(), 'troupe-writer-'))
  try {
    return await work(dir)
  } finally {
    fs.rmSync(dir, { recursive: true, force: true })
  }
}

export const milestone = (turnNumber = 1): SimEvent =>
  createMilestoneEvent({ simulationId: 'run', turnNumber, milestoneType: 'turn_start' })

export const detail = (text: string, turnNumber = 1): SimEvent =>
  createDetailEvent({ simulationId: 'run', turnNumber, calculationType: 'x', intermediateValues: { text } })

export const linesOf = (file: string): any[] =>
  fs
    .readFileSync(file, 'utf8')
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line))

export type LogLine = { level: string; event: string; fields: Record<string, any> }

export function recordingLogger(): { log: Logger; lines: LogLine[] } {
  const lines: LogLine[] = []
  const make = (bound: Record<string, unknown>): Logger => {
    const at =
      (level: string) =>
      (event: string, fields: Record<string, unknown> = {}) =>
        void lines.push({ level, event, fields: { ...bound, ...fields } })
    return {
      bind: (fields) => make({ ...bound, ...fields }),
      debug: at('DEBUG'),
      info: at('INFO'),
      warning: at('WARNING'),
      error: at('ERROR'),
    }
  }
  return { log: make({}), lines }
}

export const enospc = () => Object.assign(new Error('ENOSPC: no space left on device'), { code: 'ENOSPC' })

/** The real file system with single functions replaced. */
export const fsWith = (changes: Partial<WriterFs>): WriterFs => ({ ...fs, ...changes })

/** A clock the test moves. */
export function manualClock(start = Date.UTC(2025, 9, 8, 10, 30, 45)) {
  let now = 0
  return {
    wallMs: () => start + now,
    monotonicMs: () => now,
    advance: (ms: number) => {
      now += ms
    },
  }
}
