// The disk with the files of all domains is full, then the disk of PostgreSQL: what is asked meanwhile is refused with the reason, nothing
// half-written stays, and everything goes on when there is space again. A small disk is mounted for it, so it needs root on Linux;
// part of `npm run test:long`. The simulation's own rules for a full disk: test/simulation/edge-cases.test.ts.
import { execFileSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openDb } from '../../src/kernel/db/database.ts'
import type { RunningAgent } from '../../src/tasks/agent/start-agent.ts'
import { finished, startAgents } from '../_agents.ts'
import { type TestServer, testServer, until } from '../_server.ts'
import { createClient } from '../soak/client.ts'
import { startLoad } from '../soak/load.ts'
import { faultsOfStore } from '../soak/look.ts'
import { type Installation, startInstallation, TOKEN } from '../soak/processes.ts'
import { movieKind, planningKind, simulationKind, taskKind } from '../soak/work.ts'

const LONG = process.env['CHAOS_LONG'] && process.platform === 'linux' && process.getuid?.() === 0
const FULL = /disk .*full|no space left/i

type Disk = { at: string; fill(): void; free(): void; close(): void }
function smallDisk(megabytes: number): Disk {
  const at = fs.mkdtempSync(path.join(os.tmpdir(), 'troupe-disk-'))
  execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${megabytes}m,mode=755`, 'tmpfs', at])
  const ballast = path.join(at, 'ballast')
  return {
    at,
    fill() {
      const chunk = Buffer.alloc(65_536)
      const file = fs.openSync(ballast, 'a')
      try {
        for (;;) fs.writeSync(file, chunk)
      } catch (error) {
        expect((error as NodeJS.ErrnoException).code).toBe('ENOSPC')
      } finally {
        fs.closeSync(file)
      }
    },
    free: () => fs.rmSync(ballast),
    close() {
      execFileSync('umount', ['-l', at])
      fs.rmdirSync(at)
    },
  }
}
const filesOf = (dir: string): string[] =>
  fs.existsSync(dir)
    ? fs
        .readdirSync(dir, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile() && entry.name !== 'ballast')
        .map((entry) => path.join(entry.parentPath, entry.name))
        .sort()
    : []

describe.runIf(LONG)('the disk of the files is full', { timeout: 120_000 }, () => {
  let disk: Disk
  let server: TestServer
  let agents: RunningAgent[]
  beforeAll(async () => {
    disk = smallDisk(32)
    const env = {
      SHARED_FILES_PATH: path.join(disk.at, 'shared'),
      ARTIFACTS_PATH: path.join(disk.at, 'artifacts'),
      DATA_PATH: path.join(disk.at, 'data'),
      CALENDAR_STORAGE_PATH: path.join(disk.at, 'calendars'),
      SIMULATION_OUTPUT_DIR: path.join(disk.at, 'output'),
      RETRY_DELAY_SECONDS: '0.1',
    }
    server = await testServer({ env })
    agents = await startAgents(server, 2, { DATA_PATH: env.DATA_PATH })
  }, 120_000)
  afterAll(async () => {
    await Promise.all((agents ?? []).map((agent) => agent.stop(0)))
    await server?.[Symbol.asyncDispose]()
    disk?.close()
  })

  const CSV = `name,revenue\n${Array.from({ length: 200 }, (_, i) => `n${i},${i}`).join('\n')}\n`
  const attach = async () => {
    const body = new FormData()
    body.set('description', 'Read the attached CSV, filter rows where revenue > 100 and save to new file')
    body.append('files', new Blob([CSV]), 'sales.csv')
    const reply = await fetch(`${server.url}/tasks`, { method: 'POST', body })
    return { status: reply.status, body: (await reply.json()) as any }
  }

  it('a task with a file is refused with the reason and leaves nothing; afterwards it works', async () => {
    const first = await attach()
    expect(first.status).toBe(200)
    await finished(server, first.body.task_id)
    const before = filesOf(disk.at)
    disk.fill()
    const refused = await attach()
    expect([refused.status, JSON.stringify(refused.body)]).toEqual([503, expect.stringMatching(FULL)])
    expect((await server.call('GET', '/tasks')).body.tasks).toHaveLength(1)
    expect(filesOf(disk.at)).toEqual(before)
    disk.free()
    const again = await attach()
    expect((await finished(server, again.body.task_id)).task.status).toBe('completed')
  })

  it('a planned event is completed, and says that its calendar could not be written', async () => {
    const made = await server.call('POST', '/api/event-briefs', {
      title: 'No space',
      date_range_start: '2027-11-15T18:00:00Z',
      date_range_end: '2027-11-15T21:00:00Z',
      audience_size: 20,
      event_type: 'meetup',
      objectives: 'Short talks',
      constraints: 'Budget $500; place downtown',
    })
    disk.fill()
    const { session_id } = (
      await server.call('POST', '/api/agents/orchestrate', {
        event_brief_id: made.body.id,
        instruction_level: 'Beginner',
      })
    ).body
    const end = await until(async () => {
      const now = (await server.call('GET', `/api/agents/sessions/${session_id}`)).body
      return now.status !== 'in_progress' && now
    })
    expect(end.status).toBe('completed')
    const said = JSON.stringify(
      (await server.call('GET', `/api/agents/sessions/${session_id}/messages?limit=200`)).body,
    )
    expect(said).toMatch(/calendar/i)
    expect(filesOf(path.join(disk.at, 'calendars'))).toEqual([]) // no part of it either
    const plan = await fetch(`${server.url}/api/agents/sessions/${session_id}/plan`)
    expect(plan.status).toBe(200)
    disk.free()
  })

  it('a film stops with the reason, and goes on from there when it is started again', async () => {
    disk.fill()
    const made = await server.call('POST', '/api/v1/workflows', {
      project_id: 'full',
      workflow_type: 'movie_creation',
      title: 'No space',
      description: 'A lone operator hears a voice from an empty station.',
      target_duration: 12,
      custom_parameters: { decision_mode: 'auto' },
    })
    const path_ = `/api/v1/workflows/${made.body.workflow_id}`
    const look = async () => (await server.call('GET', path_)).body
    expect(made.status).toBe(201)
    const stopped = await until(async () => {
      const film = await look()
      return ['failed', 'completed', 'cancelled'].includes(film.status) && film
    }, 200)
    expect(stopped.status).toBe('failed')
    expect(JSON.stringify([stopped.error_details, stopped.error_history])).toMatch(FULL)
    disk.free()
    expect((await server.call('POST', `${path_}/start`)).status).toBe(200)
    expect(
      await until(async () => {
        const film = await look()
        return ['completed', 'cancelled'].includes(film.status) && film.status
      }, 200),
    ).toBe('completed')
    expect(filesOf(disk.at).filter((file) => /\.(part|tmp|new)$/.test(file))).toEqual([])
  })

  it('a simulation is refused, or ends with what it lost; the next one is whole', async () => {
    const config = {
      simulation: { name: 'full', max_turns: 30, seed: 7 },
      engine: { type: 'simple_economic' },
      validator: { type: 'basic' },
      agents: [{ name: 'ada', initial_state: { wealth: 1000 } }],
    }
    const run = async () => {
      const made = await server.call('POST', '/v1/simulations', { config })
      if (made.status !== 201) return made
      return until(async () => {
        const now = (await server.call('GET', `/v1/simulations/${made.body.run_id}`)).body
        return now.ended_at !== null && now.continued_as === null && now
      }, 100)
    }
    disk.fill()
    const lost = await run()
    expect(JSON.stringify(lost)).toMatch(FULL)
    disk.free()
    expect(await run()).toMatchObject({ status: 'completed', turn: 30 })
  })
})

const BRIEF = {
  title: 'While the disk is full',
  date_range_start: '2027-11-15T18:00:00Z',
  date_range_end: '2027-11-15T21:00:00Z',
  audience_size: 20,
  event_type: 'meetup',
  constraints: 'Budget $500; place downtown',
}

describe.runIf(LONG)('the disk of PostgreSQL is full', () => {
  let disk: Disk
  let installation: Installation
  beforeAll(async () => {
    disk = smallDisk(400)
    fs.chmodSync(disk.at, 0o755)
    installation = await startInstallation({ workers: 1, agents: 2, database: path.join(disk.at, 'pg') })
  }, 180_000)
  afterAll(async () => {
    await installation?.close()
    disk?.close()
  })

  it('again and again, with work of all domains in flight: calls say so, nothing is lost, doubled or wrong', async () => {
    const { urls, databaseUrl } = installation
    const load = startLoad(
      createClient(urls, TOKEN, { patienceMs: 300_000 }),
      [taskKind(), planningKind(), movieKind(), simulationKind()],
      1,
    )
    await sleep(10_000)
    const refused: string[] = []
    const taken = new Set<string>()
    for (let i = 0; i < 3; i++) {
      disk.fill()
      // Until PostgreSQL has felt it, and a while longer.
      for (let asked = 0, felt = 0; asked < 300 && felt < 30; asked++) {
        const reply = await fetch(`${urls[asked % 2]}/api/event-briefs`, {
          method: 'POST',
          headers: { authorization: `Bearer ${TOKEN}`, 'content-type': 'application/json' },
          body: JSON.stringify({ ...BRIEF, objectives: randomBytes(1_900).toString('base64') }),
        })
        const text = await reply.text()
        if (reply.ok) taken.add(JSON.parse(text).id)
        else refused.push(`${reply.status} ${text}`)
        if (!reply.ok && felt++ > 0) await sleep(200)
      }
      disk.free()
      if (!installation.isDatabaseAlive()) await installation.restartDatabase()
      await sleep(8_000)
    }
    await load.stop()
    expect(load.wrong).toEqual([])
    const db = openDb({ url: databaseUrl, max: 2, applicationName: 'test' })
    const faults = await faultsOfStore(db, load.jobs)
    const { rows } = await db.query(`select id from planning.event_briefs where body ->> 'title' = $1`, [BRIEF.title])
    const { rows: failed } = await db.query(`select id, kind, error from kernel.runs where status = 'failed'`)
    await db.close()
    const { briefs_too_many: more, ...others } = faults
    expect(Object.entries(others).filter(([, count]) => count !== 0)).toEqual([])
    expect(more).toBe(taken.size)
    expect(failed).toEqual([])
    // What was taken is there, what was refused is not, and every refusal says why.
    expect(rows.map(({ id }) => id).sort()).toEqual([...taken].sort())
    expect(refused.length).toBeGreaterThan(0)
    for (const answer of refused) expect(answer).toMatch(/^503 .*(disk|database)/)
    const said = Object.groupBy(refused, (answer) => answer.replace(/corr-\w+-\w+/, '').slice(0, 120))
    console.log(
      JSON.stringify({
        ended: load.ended,
        taken: taken.size,
        refused: Object.fromEntries(Object.entries(said).map(([text, all]) => [text, all?.length])),
      }),
    )
  }, 1_200_000)
})
