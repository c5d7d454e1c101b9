import { contentOf, currentArtifact, currentItems } from '../engine/artifacts.ts'
import { deliverableNames } from '../engine/deliverables.ts'
import type { EngineArtifact, EngineEvent, EngineState } from '../engine/engine-state.ts'
import { phaseOf, projectStatusOf } from '../services/auto-movie/phases.ts'
import type { News } from './tell-services.ts'

/** What Auto-Movie hears of a workflow (contract 2.6.1): where it stands, the records it makes, what it delivers. */
export function projectNews(s: EngineState, events: readonly EngineEvent[], tellProgress: boolean): News[] {
  const lane = `project:${s.project_id}`
  const left = events.filter((e) => e.type === 'workflow.state_changed' && e.data['loop'] !== true)
  const status = events.filter((e) => e.type === 'workflow.status_changed').map((e) => String(e.data['to']))
  const ended = status.some((to) => to === 'completed' || to === 'failed' || to === 'cancelled')
  const stands = ended || events.some((e) => e.type === 'workflow.created' || e.type === 'workflow.state_changed')
  const progress: News[] =
    stands || tellProgress
      ? [
          {
            lane,
            operation: 'update_progress',
            payload: { project_id: s.project_id, body: progressBody(s) },
            ...(stands ? {} : { supersede_key: 'progress' }),
          },
        ]
      : []
  const records = left.flatMap((e) => recordsOf(s, String(e.data['from'])))
  const atEnd = status.includes('completed') ? [...characterSheets(s), ...uploads(s)] : []
  return [...[...records, ...atEnd].map((news) => ({ ...news, lane })), ...progress]
}

const progressBody = (s: EngineState) => {
  const { status, currentPhase } = projectStatusOf(s.status, s.current_state)
  return {
    status,
    progress: {
      currentPhase,
      completedSteps: [...new Set(s.completed_states.map(phaseOf))],
      overallProgress: Math.round(s.progress),
    },
  }
}

type Record_ = Omit<News, 'lane'>
const record = (s: EngineState, kind: string, content: Record<string, unknown>): Record_ => ({
  operation: `store_${kind}`,
  payload: {
    project_id: s.project_id,
    kind,
    record: { ...content, project: s.project_id, workflow_id: s.workflow_id },
  },
})

const LISTS = [
  ['character_profiles', 'characters', 'characters'],
  ['scene_list', 'scenes', 'scenes'],
] as const

/** Records of what the state that was left has produced. */
function recordsOf(s: EngineState, state: string): Record_[] {
  const records: Record_[] = []
  const outline = currentArtifact(s, 'episode_outline')
  if (outline?.state === state) records.push(record(s, 'episodes', outline.content))
  for (const [name, key, kind] of LISTS) {
    const artifact = currentArtifact(s, name)
    if (artifact?.state !== state) continue
    if (kind === 'characters' && s.type === 'character_development') continue // told whole, at the end
    for (const item of (artifact.content[key] ?? []) as Record<string, unknown>[]) records.push(record(s, kind, item))
  }
  return records
}

/** A workflow that is about characters hands them over with their looks, voices and arcs. */
function characterSheets(s: EngineState): Record_[] {
  if (s.type !== 'character_development') return []
  const part = (name: 'character_designs' | 'voice_profiles' | 'character_arcs', who: string) =>
    ((contentOf(s, name)?.['items'] ?? []) as Record<string, unknown>[]).find((item) => item['character'] === who) ??
    null
  const people = (contentOf(s, 'character_profiles')?.['characters'] ?? []) as Record<string, unknown>[]
  return people.map((person) => {
    const who = String(person['name'])
    return record(s, 'characters', {
      ...person,
      design: part('character_designs', who),
      voice: part('voice_profiles', who),
      arc: part('character_arcs', who),
    })
  })
}

const KINDS: readonly (readonly [mime: RegExp, type: string])[] = [
  [/^video\//, 'video'],
  [/^audio\//, 'audio'],
  [/^image\//, 'image'],
]

/** Files of the deliverables that the Task Service has not registered itself. */
function uploads(s: EngineState): Record_[] {
  const own = (a: EngineArtifact) => a.file !== null && a.generated_by !== 'task_service'
  return deliverableNames(s).flatMap((name) => {
    const single = currentArtifact(s, name)
    return (single ? [single] : currentItems(s, name)).filter(own).map((a) => ({
      operation: 'upload_media',
      payload: {
        project_id: s.project_id,
        workflow_id: s.workflow_id,
        path: a.file!.path ?? a.file!.url,
        mime_type: a.file!.mime_type,
        media_type: KINDS.find(([rule]) => rule.test(a.file!.mime_type))?.[1] ?? 'document',
        description: `${s.title}: ${name.replaceAll('_', ' ')}${a.index === null ? '' : ` ${a.index + 1}`}`,
        tags: [name, s.type, ...(a.draft ? ['draft'] : [])],
      },
    }))
  })
}
