import { expect, it } from 'vitest'
import { resultPageUrl, taskFileUrl } from './paths.ts'

it('finds the page behind html_file, and nothing behind anything else', () => {
  expect(resultPageUrl('artifacts/results/task_1_20260101_000000/subtask_a_agent_1.html')).toBe(
    '/results/task_1_20260101_000000/subtask_a_agent_1.html',
  )
  expect(resultPageUrl('output/x.html')).toBeUndefined()
  expect(resultPageUrl(undefined)).toBeUndefined()
})

it('serves charts below /artifacts and outputs below the task', () => {
  expect(taskFileUrl('t1', 'artifacts/images/t1/bar_1.svg')).toBe('/artifacts/images/t1/bar_1.svg')
  expect(taskFileUrl('t1', 'output/filtered file.csv')).toBe('/tasks/t1/outputs/filtered%20file.csv')
  expect(taskFileUrl('t1', 'shared_files/t1/output/a/b.json')).toBe('/tasks/t1/outputs/a/b.json')
  expect(taskFileUrl('t1', 'report.md')).toBe('/tasks/t1/outputs/report.md')
})
