import { expect, test } from 'vitest'
import { testServer } from '../_server.ts'

const production = { ENVIRONMENT: 'production', HOST: '127.0.0.1' }

test.each([
  ['without SECRET_KEY', { API_KEY: 'a-key-of-some-length' }, /SECRET_KEY must be set in production/],
  ['without any key to sign in with', { SECRET_KEY: 'x'.repeat(32) }, /API_KEY must be set in production/],
])('production does not start %s', async (_what, env, message) => {
  await expect(testServer({ env: { ...production, ...env } })).rejects.toThrow(message)
})

test('production with both starts, and refuses calls without the key', async () => {
  await using server = await testServer({
    env: { ...production, API_KEY: 'a-key-of-some-length', SECRET_KEY: 'x'.repeat(32) },
  })
  expect((await server.call('GET', '/api/v1/workflows')).status).toBe(401)
  expect((await server.call('GET', '/health')).status).toBe(200)
})
