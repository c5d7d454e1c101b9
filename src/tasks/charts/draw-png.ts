import { type ChildProcess, fork } from 'node:child_process'
import path from 'node:path'

type Answer = { id: number; png: Uint8Array } | { id: number; error: string }

const ENTRY = path.resolve(import.meta.dirname, 'png-process.ts')
/** Waits this long for the next chart, then ends: fonts and renderer need more memory than the rest of an agent. */
const IDLE_MS = 3_000

let child: ChildProcess | undefined
let timer: NodeJS.Timeout | undefined
let last = 0
const waiting = new Map<number, { resolve(png: Uint8Array): void; reject(error: Error): void }>()

function settle(answer: Answer): void {
  const asked = waiting.get(answer.id)
  waiting.delete(answer.id)
  if ('png' in answer) asked?.resolve(answer.png)
  else asked?.reject(new Error(`the chart could not be drawn: ${answer.error}`))
  if (waiting.size > 0) return
  const idle = child
  idle?.unref()
  idle?.channel?.unref()
  timer = setTimeout(() => {
    child = undefined // what comes now gets a new one
    idle?.kill()
  }, IDLE_MS).unref()
}

function renderer(): ChildProcess {
  clearTimeout(timer)
  if (child) {
    child.ref()
    child.channel?.ref()
    return child
  }
  const started = fork(ENTRY, [], {
    serialization: 'advanced',
    execArgv: [],
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  })
  child = started
  started.on('message', settle)
  const gone = (why: string) => {
    if (child !== started) return
    child = undefined
    for (const { reject } of waiting.values()) reject(new Error(`the chart could not be drawn: ${why}`))
    waiting.clear()
  }
  started.once('error', (error) => gone(error.message))
  started.once('exit', (code, signal) => gone(`the renderer ended (${signal ?? code})`))
  return started
}

/** A drawn chart as PNG (see `renderPng`), made in a process of its own that ends when nothing is left to draw. */
export function drawPng(svg: string): Promise<Uint8Array> {
  const id = ++last
  const { promise, resolve, reject } = Promise.withResolvers<Uint8Array>()
  waiting.set(id, { resolve, reject })
  renderer().send({ id, svg }, (error) => {
    if (error && waiting.delete(id)) reject(new Error(`the chart could not be drawn: ${error.message}`))
  })
  return promise
}
