/** Where a command reads and writes; injected in tests. */
export type Io = {
  out(text: string): void
  err(text: string): void
  readonly isTty: boolean
  readonly env: Readonly<Record<string, string | undefined>>
}

export class CliError extends Error {
  readonly exitCode: number
  constructor(message: string, exitCode = 2) {
    super(message)
    this.name = 'CliError'
    this.exitCode = exitCode
  }
}

import { processEnvironment } from '../kernel/config/load-config.ts'

export const processIo: Io = {
  out: (text) => void process.stdout.write(text.endsWith('\n') ? text : `${text}\n`),
  err: (text) => void process.stderr.write(text.endsWith('\n') ? text : `${text}\n`),
  isTty: process.stdout.isTTY === true,
  env: processEnvironment(),
}

/** JSON of an option; a CliError naming the option when it is none. */
export function readJsonOption(name: string, text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    throw new CliError(`--${name} is not valid JSON: ${(error as Error).message}`)
  }
}
