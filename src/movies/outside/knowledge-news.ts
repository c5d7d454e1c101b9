import { contentOf } from '../engine/artifacts.ts'
import type { EngineEvent, EngineState, EngineTask } from '../engine/engine-state.ts'
import type { DialogueScript, Scene } from '../schema.ts'
import type { News } from './tell-services.ts'

const SUMMARY = 400
const ENDS = ['completed', 'failed', 'cancelled']

/** What the Brain is told (contract 2.6.2, use points): the start, every step, texts and who is in them, choices, the end. */
export function knowledgeNews(before: EngineState, s: EngineState, events: readonly EngineEvent[]): News[] {
  const begun = events.filter((e) => e.type === 'workflow.created')
  const rest = events.filter((e) => e.type !== 'workflow.created')
  const told = (list: readonly EngineEvent[]) => list.flatMap((e) => ofEvent(s, e))
  const done = new Map(before.tasks.map((t) => [t.task_id, t.status]))
  const finished = s.tasks.filter((t) => t.status === 'completed' && done.get(t.task_id) !== 'completed')
  const lane = `workflow:${s.workflow_id}`
  return [...told(begun), ...finished.flatMap((task) => ofTask(s, task)), ...told(rest)].map((one) => ({
    lane,
    ...one,
  }))
}

type Told = Omit<News, 'lane'>

const knowledge = (s: EngineState, type: string, content: Record<string, unknown>): Told => ({
  operation: 'store_knowledge',
  payload: {
    project_id: s.project_id,
    knowledge_type: type,
    knowledge: { workflow_id: s.workflow_id, workflow_type: s.type, title: s.title, ...content },
  },
})

function ofEvent(s: EngineState, { type, data }: EngineEvent): Told[] {
  if (type === 'workflow.created')
    return [
      knowledge(s, 'workflow', {
        description: s.description,
        genre: s.genre,
        duration: s.target_duration,
        style: s.style_preferences,
      }),
    ]
  if (type === 'workflow.decision_resolved')
    return [
      {
        operation: 'agent_memory',
        payload: {
          project_id: s.project_id,
          agent_id: 'orchestrator',
          memory_type: 'decision',
          content: `${String(data['point']).replaceAll('_', ' ')}: ${String(data['choice'])}${data['feedback'] ? `. ${String(data['feedback'])}` : ''}`,
          metadata: { workflow_id: s.workflow_id, decision_id: data['decision_id'], automatic: data['automatic'] },
        },
      },
    ]
  if (type === 'workflow.status_changed' && ENDS.includes(String(data['to'])))
    return [
      knowledge(s, 'workflow_result', {
        status: data['to'],
        reason: data['reason'] ?? null,
        error: s.error_details?.error_message ?? null,
        seconds: Math.round(s.ran_seconds),
        completed_states: s.completed_states,
        logline: contentOf(s, 'concept_brief')?.['logline'] ?? null,
        film: contentOf(s, 'final_edit')?.['video_url'] ?? null,
      }),
    ]
  return []
}

function ofTask(s: EngineState, task: EngineTask): Told[] {
  const artifact = s.artifacts.findLast((a) => a.task_id === task.task_id)
  const step = knowledge(s, 'workflow_step', {
    agent_id: task.agent_id,
    task_type: task.task_type,
    state: task.state,
    version: artifact?.version ?? null,
    quality_score: task.quality_score,
    execution_time_ms:
      task.started_at && task.completed_at ? Date.parse(task.completed_at) - Date.parse(task.started_at) : 0,
    summary: JSON.stringify(artifact?.content ?? {}).slice(0, SUMMARY),
  })
  return [step, ...texts(s, task), ...relations(s, task)]
}

/** Scripts, profiles and scenes are remembered as text that can be found again. */
function texts(s: EngineState, task: EngineTask): Told[] {
  const remember = (kind: string, content: string, more: Record<string, unknown>): Told => ({
    operation: 'remember_text',
    payload: {
      project_id: s.project_id,
      content,
      metadata: { kind, workflow_id: s.workflow_id, title: s.title, ...more },
    },
  })
  if (task.produces === 'scene_list' || task.produces === 'episode_outline')
    return scenesOf(s).map((scene) =>
      remember('scene', `${scene.location}: ${scene.goal} ${scene.beat_notes.join(' ')}`, {
        scene_number: scene.scene_number,
      }),
    )
  if (task.produces === 'character_profiles')
    return peopleOf(s).map((p) =>
      remember('character', `${p.name} (${p.role}): ${p.motivation} ${p.visual_signature}`, { character: p.name }),
    )
  if (task.produces !== 'dialogue_script') return []
  const script = contentOf(s, 'dialogue_script') as DialogueScript | null
  return (script?.scenes ?? [])
    .filter((scene) => scene.lines.length > 0)
    .map((scene) =>
      remember('script', scene.lines.map((line) => `${line.character}: ${line.text}`).join('\n'), {
        scene_number: scene.scene_number,
      }),
    )
}

/** Who is in which scene, once both are known. */
function relations(s: EngineState, task: EngineTask): Told[] {
  if (task.produces !== 'scene_list' && task.produces !== 'character_profiles') return []
  const known = new Set(peopleOf(s).map((p) => p.name.toLowerCase()))
  return scenesOf(s).flatMap((scene) =>
    scene.primary_characters
      .filter((name) => known.has(name.toLowerCase()))
      .map((name) => ({
        operation: 'relate',
        payload: {
          project_id: s.project_id,
          from_id: `character:${s.project_id}:${name}`,
          to_id: `scene:${s.workflow_id}:${scene.scene_number}`,
          relationship_type: 'APPEARS_IN',
          properties: { workflow_id: s.workflow_id, location: scene.location },
        },
      })),
  )
}

const scenesOf = (s: EngineState) => (contentOf(s, 'scene_list')?.['scenes'] ?? []) as Scene[]
const peopleOf = (s: EngineState) =>
  (contentOf(s, 'character_profiles')?.['characters'] ?? []) as {
    name: string
    role: string
    motivation: string
    visual_signature: string
  }[]
