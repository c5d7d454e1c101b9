#!/usr/bin/env node
// Any host Node >= 18 may start this file: it runs the command line under the pinned Node 24, which runs .ts as it is.
import { spawn } from 'node:child_process'
import fs from 'node:fs'
import nodeModule, { createRequire } from 'node:module'
import os from 'node:os'
import path from 'node:path'

const ENTRY = './src/cli/main.ts'
const REQUIRED_MAJOR = 24

function pinnedNode() {
  const require = createRequire(import.meta.url)
  const platform = process.platform === 'win32' ? 'win' : process.platform
  for (const name of [`node-${platform}-${process.arch}`, `node-bin-${process.platform}-${process.arch}`]) {
    for (const base of require.resolve.paths(name) ?? []) {
      const binary = path.join(base, name, 'bin', process.platform === 'win32' ? 'node.exe' : 'node')
      if (fs.existsSync(binary)) return binary
    }
  }
  return undefined
}

function runPinned(binary) {
  const child = spawn(binary, [...process.execArgv, ...process.argv.slice(1)], {
    stdio: 'inherit',
    env: { ...process.env, PATH: path.dirname(binary) + path.delimiter + process.env.PATH },
  })
  // spawnSync would swallow a service manager's SIGTERM and orphan the child: forward it.
  for (const signal of ['SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal))
  // On a terminal Ctrl-C already reaches the whole process group; forwarding it would deliver it twice.
  process.on('SIGINT', () => process.stdin.isTTY || child.kill('SIGINT'))
  child.on('error', (error) => {
    console.error(error.message)
    process.exit(1)
  })
  child.on('exit', (code, signal) => process.exit(code ?? 128 + os.constants.signals[signal]))
}

if (Number(process.versions.node.split('.')[0]) >= REQUIRED_MAJOR) {
  // A command spends most of its time reading its sources: compiled once, they are kept. A folder that cannot be written changes nothing.
  nodeModule.enableCompileCache?.(path.join(import.meta.dirname, '.cache', 'compile'))
  await import(ENTRY)
} else {
  const binary = pinnedNode()
  if (binary) runPinned(binary)
  else {
    console.error(
      `Troupe needs Node ${REQUIRED_MAJOR}; this is ${process.version} and no pinned binary is installed for ${process.platform}-${process.arch}. Run "npm ci" or install Node ${REQUIRED_MAJOR}.`,
    )
    process.exit(1)
  }
}
