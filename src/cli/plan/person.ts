import readline from 'node:readline'
import type { Ask } from './ask-person.ts'

export type Person = { ask: Ask; leave(): void }

/** Whoever answers line by line: lines that come before they are asked for are kept, after the last one nobody is there. */
export function personAt(input: NodeJS.ReadableStream, output: NodeJS.WritableStream): Person {
  const said: string[] = []
  const asked: ((line: string | null) => void)[] = []
  let gone = false
  const lines = readline.createInterface({ input })
  lines.on('line', (line) => {
    const next = asked.shift()
    if (next) next(line)
    else said.push(line)
  })
  lines.on('close', () => {
    gone = true
    for (const next of asked.splice(0)) next(null)
  })
  return {
    ask(prompt) {
      output.write(prompt)
      const line = said.shift()
      if (line !== undefined) {
        output.write(`${line}\n`) // nobody typed it here
        return Promise.resolve(line)
      }
      return gone ? Promise.resolve(null) : new Promise((resolve) => asked.push(resolve))
    },
    leave: () => lines.close(),
  }
}

/** The person at this terminal; with `always` whoever writes to the standard input, terminal or not. */
export const personHere = (always: boolean): Person | undefined =>
  always || (process.stdin.isTTY && process.stderr.isTTY) ? personAt(process.stdin, process.stderr) : undefined
