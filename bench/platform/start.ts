// How long a person waits: `npm start` on an empty folder until the first screen can be loaded and everything is healthy, then the
// same again on what the first left; what the idle processes take. The floor is PostgreSQL alone: initdb and start, start.
// Run: node bench/platform/start.ts [rounds]
import { execFileSync } from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { startEmbedded } from '../../src/kernel/db/embedded-server.ts'
import { median, say } from '../run/rows.ts'
import { benchFolder, freePort, installationEnv, ROOT, rssOf, startUp, stopUp, until } from './_up.ts'

const ROUNDS = Number(process.argv[2] ?? 3)
const seconds = (ms: number) => Number((ms / 1000).toFixed(2))

// What `npm ci` has done before: the screens are built.
execFileSync(
  process.execPath,
  [path.join(ROOT, 'node_modules/vite/bin/vite.js'), 'build', 'web', '--logLevel', 'error'],
  {
    cwd: ROOT,
    env: { ...process.env, NODE_ENV: 'production' },
  },
)

async function usable(url: string): Promise<boolean> {
  const health = await fetch(`${url}/health`)
  if (((await health.json()) as { status: string }).status !== 'healthy') return false
  const page = await (await fetch(`${url}/app/`)).text()
  const script = /src="(\/app\/assets\/[^"]+)"/.exec(page)
  return script !== null && (await fetch(`${url}${script[1]}`)).ok
}
async function start(env: NodeJS.ProcessEnv) {
  const from = performance.now()
  const up = startUp(env, { npm: true })
  await until(() => usable(up.url))
  return { up, ms: performance.now() - from }
}

const first: number[] = []
const later: number[] = []
const floorFirst: number[] = []
const floorLater: number[] = []
const memory: { server: number; agents: number[] }[] = []
for (let round = 0; round < ROUNDS; round++) {
  const dir = benchFolder()
  const env = installationEnv(dir, await freePort())
  const one = await start(env)
  first.push(one.ms)
  await stopUp(one.up)
  const two = await start(env)
  later.push(two.ms)
  await sleep(8_000) // the sample of a first start has ended long before
  memory.push({ server: rssOf(two.up.serverPid()), agents: two.up.agentPids().map(rssOf) })
  await stopUp(two.up)
  fs.rmSync(dir, { recursive: true, force: true })

  const bare = benchFolder()
  let from = performance.now()
  let pg = await startEmbedded(path.join(bare, 'pg'))
  floorFirst.push(performance.now() - from)
  await pg.stop()
  from = performance.now()
  pg = await startEmbedded(path.join(bare, 'pg'))
  floorLater.push(performance.now() - from)
  await pg.stop()
  fs.rmSync(bare, { recursive: true, force: true })
}
const alone = Number(
  execFileSync(
    process.execPath,
    [
      '--input-type=module',
      '-e',
      "import 'fastify'; import 'pg'; import fs from 'node:fs'; console.log(Number(/VmRSS:\\s+(\\d+)/.exec(fs.readFileSync('/proc/self/status','utf8'))[1]) / 1024)",
    ],
    { cwd: ROOT, encoding: 'utf8' },
  ),
)
const bareNode = Number(
  execFileSync(
    process.execPath,
    [
      '-e',
      "console.log(Number(/VmRSS:\\s+(\\d+)/.exec(require('fs').readFileSync('/proc/self/status','utf8'))[1]) / 1024)",
    ],
    { encoding: 'utf8' },
  ),
)
const postgres = 'PostgreSQL alone, initdb and start'
say({
  what: 'first `npm start` to a usable screen',
  unit: 's',
  value: seconds(median(first)),
  worst: seconds(Math.max(...first)),
  bar: { at: 'most', value: 10 },
  peer: { name: postgres, value: seconds(median(floorFirst)) },
})
say({
  what: 'later `npm start` to a usable screen',
  unit: 's',
  value: seconds(median(later)),
  worst: seconds(Math.max(...later)),
  bar: { at: 'most', value: 3 },
  peer: { name: 'PostgreSQL alone, start', value: seconds(median(floorLater)) },
})
const servers = memory.map(({ server }) => server)
say({
  what: 'memory of the idle server',
  unit: 'MB',
  value: Math.round(median(servers)),
  worst: Math.round(Math.max(...servers)),
  bar: { at: 'most', value: 200 },
  peer: { name: 'Node with Fastify and pg imported, nothing else', value: Math.round(alone) },
})
const agents = memory.flatMap((one) => one.agents)
say({
  what: 'memory of an idle agent process',
  unit: 'MB',
  value: Math.round(median(agents)),
  worst: Math.round(Math.max(...agents)),
  bar: { at: 'most', value: 90 },
  peer: { name: 'Node, nothing imported', value: Math.round(bareNode) },
})
