import { type ChildProcess, fork } from 'node:child_process'
import path from 'node:path'
import { AppError } from '../../kernel/errors/app-error.ts'
import type { About, ChildSpec, FromChild, Refusal, ToChild } from './child-protocol.ts'

const MAIN = path.join(import.meta.dirname, 'child-main.ts')
const VALIDATE_MS = 20_000

/** Nothing of the server's environment reaches a component, except where programs lie. */
const childEnvironment = (env: Readonly<Record<string, string | undefined>>): NodeJS.ProcessEnv => {
  const kept = ['PATH', 'SystemRoot', 'TMPDIR', 'TEMP', 'TZ', 'LANG', 'NODE_COMPILE_CACHE']
  return Object.fromEntries(
    kept.flatMap((name) => (env[name] === undefined ? [] : [[name, env[name]]])),
  ) as NodeJS.ProcessEnv
}

export type RunChild = {
  readonly process: ChildProcess
  send(message: ToChild): void
}

/** Starts a child; `onMessage` and `onExit` are told what it does. */
export function forkChild(
  env: Readonly<Record<string, string | undefined>>,
  onMessage: (message: FromChild) => void,
  onExit: (code: number | null, lastLines: string) => void,
): RunChild {
  const child = fork(MAIN, [], {
    env: childEnvironment(env),
    execArgv: [],
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    serialization: 'advanced',
  })
  let lastLines = ''
  child.stderr?.on('data', (chunk: Buffer) => {
    lastLines = (lastLines + chunk.toString('utf8')).slice(-4000)
  })
  child.on('message', (message) => onMessage(message as FromChild))
  let exited = false
  const exit = (code: number | null) => {
    if (!exited) onExit(code, lastLines)
    exited = true
  }
  child.on('error', (error) => {
    lastLines += error.message
    exit(null)
  })
  child.on('exit', (code) => exit(code))
  return {
    process: child,
    send: (message) => {
      if (child.connected) child.send(message, () => undefined)
    },
  }
}

export type Validation = { about: About } | { refusal: Refusal }

/** Checks a configuration, or a checkpoint to go on from, in a process of its own: component files run there, never here. With
 * `others` further configurations are checked too; the first that has problems is told. */
export function validateInChild(
  spec: ChildSpec,
  env: Readonly<Record<string, string | undefined>>,
  others: readonly unknown[] = [],
): Promise<Validation> {
  return new Promise((resolve, reject) => {
    let settled = false
    const settle = (action: () => void) => {
      if (settled) return
      settled = true
      clearTimeout(timer)
      action()
    }
    const child = forkChild(
      env,
      (message) => {
        if (message.type === 'validated') settle(() => resolve({ about: message.about }))
        else if (message.type === 'refused') settle(() => resolve({ refusal: message.refusal }))
      },
      (code, lastLines) =>
        settle(() => reject(new Error(`The configuration check ended with code ${code}: ${lastLines}`))),
    )
    const timer = setTimeout(() => {
      child.process.kill('SIGKILL')
      const problem = {
        path: '',
        line: null,
        expected: `checked within ${VALIDATE_MS / 1000} s`,
        actual: 'not finished',
        remedy: 'Simplify patterns, maps or components.',
      }
      settle(() =>
        resolve({
          refusal: {
            reason: 'config',
            message: 'The check took too long',
            problems: [{ ...problem, message: 'The check took too long' }],
          },
        }),
      )
    }, VALIDATE_MS)
    child.send({ type: 'validate', spec, others })
  })
}

export const invalidConfig = ({ message, problems }: Refusal): AppError => {
  const summary =
    problems.length > 0
      ? `The configuration has ${problems.length} ${problems.length === 1 ? 'problem' : 'problems'}: ${problems[0]!.message}`
      : message
  return new AppError('INVALID_CONFIG', summary, { problems })
}
