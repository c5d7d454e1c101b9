import { expect, test } from 'vitest'
import type { Kernel } from '../../kernel/kernel.ts'
import { remember, remembered, type StoredWorkflow } from './load-state.ts'

const film = (workflow_id: string, status: string) => ({ version: 1, state: { workflow_id, status } }) as StoredWorkflow

test('films at work stay in memory however many others end; of those that ended only the last do', () => {
  const kernel = {} as Kernel
  remember(kernel, film('at work', 'running'))
  remember(kernel, film('waits', 'paused'))
  for (let i = 0; i < 300; i++) {
    remember(kernel, film(`f${i}`, 'running'))
    remember(kernel, film(`f${i}`, ['completed', 'failed', 'cancelled'][i % 3]!))
  }
  const last = Array.from({ length: 16 }, (_, i) => `f${284 + i}`)
  expect(remembered(kernel)).toEqual(['at work', 'waits', ...last])
})

test('at most 400 at work are in memory', () => {
  const kernel = {} as Kernel
  for (let i = 0; i < 450; i++) remember(kernel, film(`f${i}`, 'running'))
  expect(remembered(kernel)).toHaveLength(400)
  expect(remembered(kernel)[0]).toBe('f50')
})
