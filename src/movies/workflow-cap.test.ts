import { expect, test } from 'vitest'
import { loadConfig } from '../kernel/config/load-config.ts'
import { workflowCap } from './workflow-cap.ts'

test.each([
  [{}, 100],
  [{ MAX_WORKFLOWS: '7' }, 7],
  [{ ENVIRONMENT: 'testing' }, 10],
  [{ ENVIRONMENT: 'testing', MAX_WORKFLOWS: '25' }, 25],
])('with %j at most %d workflows run at once', (env, cap) => {
  expect(workflowCap({ config: loadConfig(env as Record<string, string>) })).toBe(cap)
})
