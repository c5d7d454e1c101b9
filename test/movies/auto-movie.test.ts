import { expect, test } from 'vitest'
import { pruneRecords } from '../../src/movies/services/core/prune-records.ts'
import { noFaults } from '../../src/movies/services/stand-ins/faults.ts'
import { until } from '../_server.ts'
import { artifact, auto, create, ended, pending, reached } from './_movies.ts'
import { filmOf, withOutside } from './_services.ts'

const outside = withOutside(['autoMovie', 'taskService'])

test('I12: the project is served, records and updates arrive in order, deliverables are uploaded', async () => {
  const id = outside.project()
  const made = await create(outside.server, {
    project_id: id,
    workflow_type: 'movie_creation',
    custom_parameters: auto,
  })
  expect(made).toMatchObject({ title: 'Signal at Dawn', genre: 'science_fiction', target_duration: 24 })
  const mirror = (await outside.call('GET', `/projects/${id}`)).body
  expect(mirror).toMatchObject({ source: 'auto_movie', content_rating: 'PG-13', user_id: 'user-7' })
  const w = await ended(outside.server, made.workflow_id)
  const updates = await until(() => {
    const own = outside.autoMovie.updates.filter((u) => u.id === id)
    return own.at(-1)?.body.status === 'completed' ? own : undefined
  })
  const phases = updates.map((u) => u.body.progress.currentPhase)
  expect([...new Set(phases)]).toEqual([
    'story_development',
    'character_creation',
    'visual_design',
    'scene_production',
    'post_production',
    'final_assembly',
  ])
  const percents = updates.map((u) => u.body.progress.overallProgress)
  expect(percents).toEqual([...percents].sort((a, b) => a - b))
  expect(updates.at(-1)!.body.progress).toMatchObject({ currentPhase: 'final_assembly', overallProgress: 100 })
  const scenes = outside.autoMovie.records.filter((r) => r.kind === 'scenes' && r.record['project'] === id)
  expect(scenes).toHaveLength((await artifact(outside.server, w.workflow_id, 'scene_list')).content.scenes.length)
  expect(outside.autoMovie.records.some((r) => r.kind === 'characters' && r.record['project'] === id)).toBe(true)
  const film = await until(() =>
    outside.autoMovie.uploads.find((u) => u.projectId === id && /final edit/.test(u.description)),
  )
  expect(film.bytes).toBeGreaterThan(0)
  expect(outside.autoMovie.uploads.some((u) => u.projectId === id && /video segments/.test(u.description))).toBe(false)
})

test('I12: an outage does not hold the run; what was to be told arrives in order afterwards', async () => {
  const id = outside.project()
  const made = await create(outside.server, filmOf(id))
  await outside.autoMovie.vanish()
  await ended(outside.server, made.workflow_id)
  const before = outside.autoMovie.updates.length
  expect(outside.autoMovie.updates.some((u) => u.id === id && u.body.status === 'completed')).toBe(false)
  await outside.autoMovie.start()
  const updates = await until(() => {
    const own = outside.autoMovie.updates.slice(before).filter((u) => u.id === id)
    return own.at(-1)?.body.status === 'completed' ? own : undefined
  })
  const percents = updates.map((u) => u.body.progress.overallProgress)
  expect(percents).toEqual([...percents].sort((a, b) => a - b))
})

test('a project it denies is 404; away at the start the workflow begins without it and takes it over later', async () => {
  const unknown = await outside.call('POST', '/workflows', filmOf('unheard-of'))
  expect([unknown.status, unknown.body.code]).toEqual([404, 'PROJECT_NOT_FOUND'])
  const id = outside.project({ title: 'Told later', genre: 'drama' })
  await outside.autoMovie.vanish()
  const made = await create(outside.server, { project_id: id, workflow_type: 'movie_creation', target_duration: 24 })
  expect(made.waiting_on).toEqual(['auto_movie'])
  await pending(outside.server, made.workflow_id, 'story_approval_001')
  await outside.autoMovie.start()
  const w = await reached(outside.server, made.workflow_id, (x) => x.waiting_on.length === 0)
  expect(w).toMatchObject({ title: 'Told later', genre: 'drama', status: 'paused', pause_reason: 'decision' })
  await outside.call('POST', `/workflows/${made.workflow_id}/cancel`)
  await until(() => outside.autoMovie.updates.some((u) => u.id === id && u.body.status === 'on-hold'))
})

test.each([
  ['slow', { slow_ms: 3500 }],
  ['never', { hang: true }],
  ['wrong', { garbage: true }],
  ['failing', { fail_next: 1000, fail_status: 500 }],
] as const)('chaos: %s answers do not keep a workflow from starting and ending', async (_name, faults) => {
  const id = outside.project()
  outside.autoMovie.tell(faults)
  const made = await create(outside.server, filmOf(id))
  expect(made.status).toBe('running')
  await ended(outside.server, made.workflow_id)
  expect((await outside.server.call('GET', '/health')).body.status).toBe('degraded')
  outside.autoMovie.tell(noFaults())
  await until(() => outside.autoMovie.updates.some((u) => u.id === id && u.body.status === 'completed'))
  await until(async () => (await outside.server.call('GET', '/health')).body.dependencies.auto_movie === 'connected')
})

test('what it refuses is kept for the operator and passed over; old records are removed', async () => {
  const id = outside.project()
  const made = await create(outside.server, filmOf(id))
  outside.autoMovie.tell({ fail_next: 2, fail_status: 422 })
  await ended(outside.server, made.workflow_id)
  await until(() => outside.autoMovie.updates.some((u) => u.id === id && u.body.status === 'completed'))
  const { db } = outside.server.kernel
  const refused = await until(async () => {
    const { rows } = await db.query(
      'select operation, last_error from movies.outbox where workflow_id = $1 and refused_at is not null',
      [made.workflow_id],
    )
    return rows.length > 0 && rows
  })
  expect(refused[0]!['last_error']).toContain('422')
  await db.query(`update movies.outbox set created_at = now() - interval '8 days' where workflow_id = $1`, [
    made.workflow_id,
  ])
  expect(await pruneRecords(outside.server.kernel)).toBeGreaterThan(0)
  const { rows } = await db.query(
    'select count(*)::int as n from movies.outbox where workflow_id = $1 and delivered_at is not null',
    [made.workflow_id],
  )
  expect(rows[0]!['n']).toBe(0)
})
