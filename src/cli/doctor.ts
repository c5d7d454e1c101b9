import fs from 'node:fs'
import path from 'node:path'
import { loadConfig } from '../kernel/config/load-config.ts'
import { nativeDir, unprivilegedUser } from '../kernel/db/embedded-binaries.ts'
import { embeddedDataDir, findRunningServer } from '../kernel/db/embedded-server.ts'
import { ROOT, VERSION } from '../server/version.ts'
import { readArguments } from './arguments.ts'
import { CliError, type Io } from './io.ts'
import { readOwnerFile } from './server-file.ts'

type Finding = { check: string; ok: boolean; says: string }

async function look(check: string, says: () => Promise<string> | string): Promise<Finding> {
  try {
    return { check, ok: true, says: await says() }
  } catch (error) {
    return { check, ok: false, says: (error as Error).message }
  }
}

/** Looks at everything a start needs, and at a running server; each line says what it found or what to do. */
export async function doctor(argv: string[], io: Io): Promise<number> {
  const { values } = readArguments(argv, {})
  if (values.help) {
    io.out(
      'troupe doctor [--json]\n\nChecks this installation and a running server. Exit code 1 when something needs a hand.',
    )
    return 0
  }
  const findings: Finding[] = []
  findings.push(
    await look('node', () => {
      if (Number(process.versions.node.split('.')[0]) < 24)
        throw new Error(`Node ${process.version}: run "npm ci", which brings Node 24`)
      return `${process.version}, Troupe ${VERSION}`
    }),
    await look('configuration', () => {
      loadConfig(io.env)
      return 'every variable is usable'
    }),
    await look('screens', () => {
      if (!fs.existsSync(path.join(ROOT, 'web/dist/index.html')))
        throw new Error('not built: run "npm run build" (npm start does it, too)')
      return 'built'
    }),
  )
  const config = loadConfig({ ...io.env })
  if (config.core.databaseUrl) findings.push({ check: 'database', ok: true, says: 'DATABASE_URL is used' })
  else
    findings.push(
      await look('database', () => {
        nativeDir(unprivilegedUser())
        const { dataDir } = embeddedDataDir(config.core.dataDir)
        const running = findRunningServer(dataDir)
        const version = path.join(dataDir, 'PG_VERSION')
        const major = fs.existsSync(version) ? fs.readFileSync(version, 'utf8').trim() : undefined
        if (major && major !== '18')
          throw new Error(
            `${dataDir} holds PostgreSQL ${major} data; this release runs 18: back it up with the release that wrote it`,
          )
        return running
          ? `embedded PostgreSQL runs, pid ${running.pid}, port ${running.port}`
          : major
            ? `embedded, stopped, data in ${dataDir}`
            : 'embedded, made at the first start'
      }),
    )
  const owner = readOwnerFile(io.env)
  const url = io.env['TROUPE_URL'] ?? owner?.url
  if (!url) findings.push({ check: 'server', ok: true, says: 'not running: start it with "npm start"' })
  else
    findings.push(
      await look('server', async () => {
        const response = await fetch(`${url}/health`, { signal: AbortSignal.timeout(5_000) })
        const health = (await response.json()) as { status: string; workers: Record<string, string> }
        if (!response.ok) throw new Error(`${url} is ${health.status}: ${JSON.stringify(health.workers)}`)
        return `${url} is ${health.status}`
      }),
      await look('stages', async () => {
        const token = io.env['TROUPE_TOKEN'] ?? io.env['API_TOKEN'] ?? io.env['API_KEY']
        const response = await fetch(`${url}/v1/doctor`, {
          headers: token ? { authorization: `Bearer ${token}` } : {},
          signal: AbortSignal.timeout(5_000),
        })
        const { stages, lag_seconds } = (await response.json()) as {
          stages: { kind: string; stage: string; count: number; known: boolean }[]
          lag_seconds: number
        }
        const orphans = stages.filter((stage) => !stage.known)
        if (orphans.length > 0)
          throw new Error(
            `stages in flight that this release no longer has: ${orphans.map((one) => `${one.kind}/${one.stage} (${one.count})`).join(', ')}: run the release that has them until they are done`,
          )
        if (lag_seconds > 2)
          throw new Error(
            `followers are ${lag_seconds.toFixed(1)} s behind: a long transaction on this PostgreSQL holds them back`,
          )
        return stages.length === 0
          ? 'nothing in flight'
          : stages.map((one) => `${one.kind}/${one.stage} ${one.count}`).join(', ')
      }),
    )
  const bad = findings.filter((finding) => !finding.ok)
  io.out(
    values.json
      ? JSON.stringify({ ok: bad.length === 0, findings })
      : findings.map(({ check, ok, says }) => `${ok ? '✓' : '✗'} ${check.padEnd(14)} ${says}`).join('\n'),
  )
  if (bad.length > 0 && !values.json)
    throw new CliError(`${bad.length} finding${bad.length === 1 ? '' : 's'} need a hand`, 1)
  return bad.length === 0 ? 0 : 1
}
