import { afterAll, beforeAll, expect, test } from 'vitest'
import type { TestServer } from '../_server.ts'
import { artifact, auto, bodyB, create, ended, moviesServer } from './_movies.ts'

let server: TestServer
beforeAll(async () => {
  server = await moviesServer()
})
afterAll(() => server[Symbol.asyncDispose]())

test('I1: a whole movie without model and services completes with all deliverables', async () => {
  const made = await create(server, bodyB({ custom_parameters: auto }))
  const w = await ended(server, made.workflow_id)
  expect(w.progress_percentage).toBe(100)
  expect(w.draft).toBe(true)
  const frames = await artifact(server, w.workflow_id, 'generated_frames')
  expect(frames.content.frames.length).toBeGreaterThanOrEqual(6)
})
