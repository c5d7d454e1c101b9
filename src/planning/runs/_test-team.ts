import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { type TestApp, testActor, testApp } from '../../../test/_app.ts'
import { type Engine, startEngine } from '../../kernel/runs/engine.ts'
import { registerFlow } from '../../kernel/runs/flows.ts'
import { planningModule } from '../index.ts'
import { sessionFlow } from './session-flow.ts'

export type Team = TestApp & { engine: Engine; calendars: string; stopTeam(): Promise<void> }

/** The planning app with the engine that runs its sessions; one a test file. */
export async function startTeam(options: Parameters<typeof testApp>[1] = {}): Promise<Team> {
  const calendars = fs.mkdtempSync(path.join(os.tmpdir(), 'troupe-calendars-'))
  const t = await testApp([planningModule], { ...options, env: { CALENDAR_STORAGE_PATH: calendars, ...options.env } })
  t.actor = testActor(['Admin'], 'dev-user')
  registerFlow(sessionFlow)
  const { rows } = await t.kernel.db.query('select current_database() as name')
  const engine = await startEngine({
    kernel: t.kernel,
    databaseUrl: databaseUrl(rows[0]!['name'] as string),
    role: 'test',
    poolSize: 4,
  })
  return Object.assign(t, {
    engine,
    calendars,
    async stopTeam() {
      await engine.stop()
      await t[Symbol.asyncDispose]()
      fs.rmSync(calendars, { recursive: true, force: true })
    },
  })
}

import { inject } from 'vitest'

function databaseUrl(name: string): string {
  const url = new URL(inject('pgUrl'))
  url.pathname = `/${name}`
  return url.href
}

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))

/** Waits until the session ends or waits; approves what is pending when told to. */
export async function follow(
  t: Team,
  sessionId: string,
  { approve = false, until = (_: any): boolean => false } = {},
): Promise<any> {
  for (let i = 0; i < 3_000; i++) {
    const { body } = await t.call('GET', `/api/agents/sessions/${sessionId}`)
    if (body.status !== 'in_progress' || until(body)) return body
    if (approve && body.waiting_on?.kind === 'approval') await approveAll(t, body.event_brief_id)
    await pause(20)
  }
  throw new Error(`session ${sessionId} did not end`)
}

export async function approveAll(t: Team, eventId: string): Promise<number> {
  const { body } = await t.call('GET', '/api/approvals/pending')
  const own = body.filter((one: any) => one.event_brief_id === eventId)
  for (const one of own)
    await t.call('POST', `/api/approvals/${one.approval_id}`, { decision: 'approved', comments: 'fine' })
  return own.length
}

export async function startRunOf(t: Team, brief: object, run: object): Promise<{ id: string; session: string }> {
  const made = await t.call('POST', '/api/event-briefs', brief)
  if (made.status !== 201) throw new Error(JSON.stringify(made.body))
  const reply = await t.call('POST', '/api/agents/orchestrate', { event_brief_id: made.body.id, ...run })
  if (reply.status !== 202) throw new Error(JSON.stringify(reply.body))
  return { id: made.body.id, session: reply.body.session_id }
}
