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
  | 'episode_number',
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
}
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
    ...(form.visual_style.trim() ? { style_preferences: { visual_style: form.visual_style.trim() } } : {}),
    custom_parameters: {
      decision_mode: form.decision_mode,
      aspect_ratio: form.aspect_ratio,
      ...(form.profile && form.workflow_type !== 'episode_production' ? { profile: form.profile } : {}),
      ...(form.workflow_type === 'episode_production' ? { episode_number: Number(form.episode_number) } : {}),
      ...(script ? { artifacts: script.artifacts } : {}),
    },
  }
}
