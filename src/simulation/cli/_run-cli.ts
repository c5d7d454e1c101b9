import { type ChildProcess, spawn } from 'node:child_process'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { processEnvironment } from '../../kernel/config/load-config.ts'
import { isEventFile, sequenceFiles } from '../loop/events/event-files.ts'

const MAIN = path.join(import.meta.dirname, 'main.ts')

export type CliResult = { code: number | null; signal: string | null; lines: any[]; out: string; err: string }

export type RunningCli = { child: ChildProcess; done: Promise<CliResult>; stdout: () => string; stderr: () => string }

const parseLines = (out: string) =>
  out
    .split('\n')
    .filter(Boolean)
    .map((line) => {
      try {
        return JSON.parse(line)
      } catch {
        return line
      }
    })

/** Starts `troupe simulate …` as a process of its own. */
export function startCli(args: readonly string[], env: Record<string, string> = {}, cwd?: string): RunningCli {
  const clean = Object.fromEntries(
    Object.entries(processEnvironment()).filter(([name]) => !/^(SIMULATION_|NODE_OPTIONS|VITEST)/.test(name)),
  )
  const child = spawn(process.execPath, [MAIN, ...args], {
    env: { ...clean, ...env } as NodeJS.ProcessEnv,
    cwd,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let [out, err] = ['', '']
  child.stdout!.on('data', (text) => {
    out += text
  })
  child.stderr!.on('data', (text) => {
    err += text
  })
  const done = new Promise<CliResult>((resolve) => {
    child.on('close', (code, signal) => resolve({ code, signal, lines: parseLines(out), out, err }))
  })
  return { child, done, stdout: () => out, stderr: () => err }
}

export const runCli = (args: readonly string[], env: Record<string, string> = {}, cwd?: string): Promise<CliResult> =>
  startCli(args, env, cwd).done

export async function withTemp<T>(work: (dir: string) => Promise<T> | T): Promise<T> {
  const dir = fs.mkdtempSync(path.join(os.tmpdir(), 'troupe-sim-'))
  try {
    return await work(dir)
  } finally {
    fs.rmSync(dir, { recursive: true, force: true })
  }
}

/** Events of all files of a run, in order. */
export const eventsIn = (runDir: string): any[] =>
  sequenceFiles(fs.readdirSync(runDir).filter(isEventFile), () => 0).flatMap((name) =>
    fs
      .readFileSync(path.join(runDir, name), 'utf8')
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line)),
  )

/** How many whole lines a run has written so far; its process may be in the middle of the next. */
export const linesSoFar = (runDir: string): number => {
  const names = fs.existsSync(runDir) ? fs.readdirSync(runDir).filter(isEventFile) : []
  return names.reduce((sum, name) => sum + fs.readFileSync(path.join(runDir, name), 'utf8').split('\n').length - 1, 0)
}

export const readJson = (...parts: string[]): any => JSON.parse(fs.readFileSync(path.join(...parts), 'utf8'))

/** The minimal file of the contract. */
export const MINIMAL = `simulation: { name: event-stream-test, turns: 5, checkpoint_interval: 999 }
agents:
  - name: agent_alpha
    initial_state: { wealth: 1000 }
global_state: { turn: 0 }
engine: { type: simple_economic }
validator: { type: basic }
`

export function writeConfig(dir: string, text: string = MINIMAL, name = 'sim.yaml'): string {
  const file = path.join(dir, name)
  fs.writeFileSync(file, text)
  return file
}

export async function waitFor(check: () => boolean, what: string, limitMs = 60_000): Promise<void> {
  for (let waited = 0; !check(); waited += 10) {
    if (waited > limitMs) throw new Error(`Waited in vain for ${what}`)
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
}
