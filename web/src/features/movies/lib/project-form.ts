import type * as M from '../../../../../src/movies/schema.ts'

export type ProjectForm = {
  title: string
  description: string
  genre: string
  target_duration: string
  visual_style: string
  tone: string
  content_rating: string
  characters: string
  settings: string
  themes: string
  custom_requirements: string
  max_cost: string
  max_workflows: string
}

export const EMPTY_PROJECT: ProjectForm = {
  title: '',
  description: '',
  genre: '',
  target_duration: '60',
  visual_style: '',
  tone: '',
  content_rating: '',
  characters: '',
  settings: '',
  themes: '',
  custom_requirements: '',
  max_cost: '',
  max_workflows: '',
}

const text = (value: unknown) => (typeof value === 'string' ? value : '')
const line = (one: Record<string, unknown>) =>
  [text(one.name), text(one.description) || text(one.type)].filter(Boolean).join(': ')

/** A project as the form shows it: people and places a line each, `name: who they are`. */
export const toForm = (p: M.ProjectResponse): ProjectForm => ({
  title: p.title,
  description: p.description,
  genre: p.genre ?? '',
  target_duration: String(p.target_duration),
  visual_style: text(p.style_preferences.visual_style),
  tone: text(p.style_preferences.tone),
  content_rating: p.content_rating ?? '',
  characters: p.characters.map(line).join('\n'),
  settings: p.settings.map(line).join('\n'),
  themes: p.themes.join(', '),
  custom_requirements: p.custom_requirements,
  max_cost: p.budget_constraints.max_cost === undefined ? '' : String(p.budget_constraints.max_cost),
  max_workflows: p.budget_constraints.max_workflows === undefined ? '' : String(p.budget_constraints.max_workflows),
})

/** `Ada: a diver` a line -> name and description; what else was known of that name is kept. */
function named(lines: string, known: readonly Record<string, unknown>[]) {
  return lines
    .split('\n')
    .map((one) => one.trim())
    .filter(Boolean)
    .map((one) => {
      const [name = '', ...rest] = one.split(':')
      const before = known.find((k) => text(k.name).toLowerCase() === name.trim().toLowerCase())
      const description = rest.join(':').trim()
      return { ...before, name: name.trim(), ...(description ? { description } : {}) }
    })
}

const number = (value: string) => (value.trim() === '' ? undefined : Number(value))

/** The body of POST and PUT /projects. */
export function toProject(form: ProjectForm, before?: M.ProjectResponse): Record<string, unknown> {
  const limits = { max_cost: number(form.max_cost), max_workflows: number(form.max_workflows) }
  const style = { visual_style: form.visual_style.trim(), tone: form.tone.trim() }
  return {
    title: form.title.trim(),
    description: form.description,
    genre: form.genre.trim() || null,
    target_duration: Number(form.target_duration),
    style_preferences: {
      ...before?.style_preferences,
      ...Object.fromEntries(Object.entries(style).filter(([, value]) => value !== '')),
    },
    content_rating: form.content_rating || null,
    characters: named(form.characters, before?.characters ?? []),
    settings: named(form.settings, before?.settings ?? []),
    themes: form.themes
      .split(',')
      .map((theme) => theme.trim())
      .filter(Boolean),
    custom_requirements: form.custom_requirements,
    budget_constraints: {
      ...before?.budget_constraints,
      ...Object.fromEntries(Object.entries(limits).filter(([, value]) => value !== undefined)),
    },
  }
}
