import type * as M from '../../../../../src/movies/schema.ts'

export type FilmForm = Record<
  | 'title'
  | 'description'
  | 'genre'
  | 'target_duration'
  | 'visual_style'
  | 'workflow_type'
  | 'profile'
  | 'decision_mode'
  | 'aspect_ratio'
  | 'episode_number'
  | 'character_count'
  | 'tone'
  | 'priority'
  /** Further questions, separated by commas: concept, character_approval, storyboard_approval. */
  | 'ask',
  string
>
export const EMPTY_FILM: FilmForm = {
  title: '',
  description: '',
  genre: '',
  target_duration: '60',
  visual_style: '',
  workflow_type: 'movie_creation',
  profile: '',
  decision_mode: 'interactive',
  aspect_ratio: '16:9',
  episode_number: '1',
  character_count: '2',
  tone: '',
  priority: '5',
  ask: '',
}
export const ASKS = [
  { value: 'concept', label: 'four concepts to choose from' },
  { value: 'character_approval', label: 'the characters' },
  { value: 'storyboard_approval', label: 'the storyboard' },
]

/** The list with the word in it, or without. */
export const toggled = (list: string, word: string, on: boolean) =>
  [...list.split(',').filter((one) => one !== '' && one !== word), ...(on ? [word] : [])].join(',')

const text = (value: unknown) => (typeof value === 'string' ? value : '')

/** What a new film of a project starts from. */
export const filmOf = (project: M.ProjectResponse): FilmForm => ({
  ...EMPTY_FILM,
  title: project.title,
  description: project.description.slice(0, 2000),
  genre: project.genre ?? '',
  target_duration: String(project.target_duration),
  visual_style: text(project.style_preferences.visual_style),
  tone: text(project.style_preferences.tone),
  character_count: String(Math.max(2, Math.min(20, project.characters.length))),
})
/** What the reading of an uploaded screenplay answers. */
export type ImportedScript = {
  title: string | null
  description: string
  artifacts: { scene_list?: M.SceneList; character_profiles?: M.CharacterProfiles; dialogue_script?: M.DialogueScript }
  loss: string[]
}

/** What the service would refuse, said beside the field before it is sent. */
export function filmProblems(form: FilmForm): Partial<Record<keyof FilmForm, string>> {
  const out: Partial<Record<keyof FilmForm, string>> = {}
  if (form.title.trim() === '') out.title = 'Give the film a title'
  const seconds = Number(form.target_duration)
  if (!Number.isInteger(seconds) || seconds < 1 || seconds > 21_600)
    out.target_duration = 'A whole number from 1 to 21 600'
  const priority = Number(form.priority)
  if (!Number.isInteger(priority) || priority < 1 || priority > 10) out.priority = 'A whole number from 1 to 10'
  const people = Number(form.character_count)
  if (form.workflow_type === 'character_development' && !(Number.isInteger(people) && people >= 1 && people <= 20))
    out.character_count = 'A whole number from 1 to 20'
  const episode = Number(form.episode_number)
  if (form.workflow_type === 'episode_production' && !(Number.isInteger(episode) && episode >= 1 && episode <= 50))
    out.episode_number = 'A whole number from 1 to 50'
  return out
}

/** A project id from a title, made distinct by the form's key. */
export function projectId(title: string, key: string): string {
  const slug = title
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
  return `${slug.slice(0, 80) || 'film'}-${key.slice(0, 6)}`
}

/** The request of a new production; empty fields are left to the service's defaults. */
export function toWorkflow(form: FilmForm, project: string, script?: ImportedScript): Record<string, unknown> {
  return {
    project_id: project,
    workflow_type: form.workflow_type,
    title: form.title.trim(),
    ...(form.description.trim() || script?.description
      ? { description: (form.description.trim() || script?.description || '').slice(0, 2000) }
      : {}),
    ...(form.genre.trim() ? { genre: form.genre.trim() } : {}),
    target_duration: Number(form.target_duration),
    ...(form.priority === '5' ? {} : { priority: Number(form.priority) }),
    ...styleOf(form),
    custom_parameters: {
      decision_mode: form.decision_mode,
      aspect_ratio: form.aspect_ratio,
      ...(form.profile && form.workflow_type !== 'episode_production' ? { profile: form.profile } : {}),
      ...(form.workflow_type === 'episode_production' ? { episode_number: Number(form.episode_number) } : {}),
      ...(form.workflow_type === 'character_development' ? { character_count: Number(form.character_count) } : {}),
      ...asked(form),
      ...(script ? { artifacts: script.artifacts } : {}),
    },
  }
}

function styleOf(form: FilmForm): Record<string, unknown> {
  const given = Object.entries({ visual_style: form.visual_style.trim(), tone: form.tone.trim() }).filter(
    ([, value]) => value !== '',
  )
  return given.length > 0 ? { style_preferences: Object.fromEntries(given) } : {}
}

function asked(form: FilmForm): Record<string, unknown> {
  if (form.decision_mode !== 'interactive' || form.workflow_type === 'character_development') return {}
  const words = form.ask.split(',').filter(Boolean)
  const points = words.filter((word) => word !== 'concept')
  return {
    ...(words.includes('concept') && form.workflow_type === 'movie_creation' ? { interactive_concept: true } : {}),
    ...(points.length > 0 ? { approval_points: points } : {}),
  }
}
