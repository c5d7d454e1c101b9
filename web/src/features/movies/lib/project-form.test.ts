import { expect, it } from 'vitest'
import { EMPTY_PROJECT, toForm, toProject } from './project-form.ts'

it('reads people and places from lines, and keeps what else was known of them', () => {
  const body = toProject(
    { ...EMPTY_PROJECT, title: ' Tide ', characters: 'Ada: a diver\n\nBruno', themes: 'loss, , water', max_cost: '20' },
    {
      characters: [{ name: 'ada', voice: 'low' }],
      settings: [],
      style_preferences: {},
      budget_constraints: {},
    } as never,
  )
  expect(body).toMatchObject({
    title: 'Tide',
    genre: null,
    characters: [{ name: 'Ada', description: 'a diver', voice: 'low' }, { name: 'Bruno' }],
    themes: ['loss', 'water'],
    budget_constraints: { max_cost: 20 },
  })
})

it('shows a project in the form and gives the same back', () => {
  const project = {
    title: 'Tide',
    description: 'd',
    genre: 'drama',
    target_duration: 30,
    style_preferences: { tone: 'warm', pacing: 'slow' },
    content_rating: 'PG',
    characters: [{ name: 'Ada', description: 'a diver' }],
    settings: [{ name: 'Pier' }],
    themes: ['loss'],
    custom_requirements: '',
    budget_constraints: { max_workflows: 2 },
  }
  expect(toProject(toForm(project as never), project as never)).toEqual(project)
})
