import { expect, it } from 'vitest'
import { EMPTY_FILM, filmProblems, projectId, toWorkflow } from './film-form.ts'

it('makes a project id of plain letters that differs by key', () => {
  expect(projectId('Die Möwe & das Meer!', 'abcdef123')).toBe('die-mowe-das-meer-abcdef')
  expect(projectId('***', 'abcdef123')).toBe('film-abcdef')
})
it('names the fields at fault', () => {
  expect(filmProblems({ ...EMPTY_FILM, target_duration: '0' })).toMatchObject({
    title: expect.any(String),
    target_duration: expect.any(String),
  })
  expect(
    filmProblems({ ...EMPTY_FILM, title: 'A', workflow_type: 'episode_production', episode_number: '51' }),
  ).toHaveProperty('episode_number')
})
it('hands the artifacts of a screenplay over and leaves empty fields out', () => {
  const script = {
    title: 'A',
    description: 'From the script',
    artifacts: { scene_list: { scenes: [] } },
    loss: [],
  } as never
  const body = toWorkflow({ ...EMPTY_FILM, title: 'A' }, 'a-1', script)
  expect(body).toMatchObject({
    description: 'From the script',
    custom_parameters: { artifacts: { scene_list: { scenes: [] } } },
  })
  expect(body).not.toHaveProperty('genre')
  expect(body.custom_parameters).not.toHaveProperty('profile')
})
