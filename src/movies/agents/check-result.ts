import { artifactKind, isArtifactName } from '../schema.ts'
import type { AgentInput } from './craft/craft.ts'
import { itemsOf, scenesIn } from './craft/story-facts.ts'

export type ResultCheck =
  | { valid: true; content: Record<string, unknown>; score: number; findings: string[] }
  | { valid: false; violations: string[] }

/**
 * Schema and reference checks of a normalised result. A valid one is worth 100 points when every reference resolves, else
 * 60 (contract 3.4); an invalid one is answered with what a repair has to mend.
 */
export function checkResult(product: string, content: Record<string, unknown>, input: AgentInput): ResultCheck {
  const name = product === 'concept_options' ? 'concept_brief' : product
  if (!isArtifactName(name)) return { valid: true, content, score: 100, findings: [] }
  const kind = artifactKind(name)
  const schema = input.task.index !== null && kind.item ? kind.item : kind.schema
  const parsed = schema.safeParse(content)
  if (!parsed.success)
    return {
      valid: false,
      violations: parsed.error.issues.slice(0, 20).map((issue) => `${issue.path.join('.') || name}: ${issue.message}`),
    }
  const good = parsed.data as Record<string, unknown>
  const scoped = scopeViolations(name, good, input)
  if (scoped.length > 0) return { valid: false, violations: scoped }
  const findings = references(name, good, input)
  return { valid: true, content: good, score: findings.length === 0 ? 100 : 60, findings }
}

/** A fan-out task answers for its own item only. */
function scopeViolations(name: string, content: Record<string, unknown>, input: AgentInput): string[] {
  const key = ITEM_KEYS[name]
  const wanted = key ? input.input[key] : undefined
  if (input.task.index === null || typeof wanted !== 'string') return []
  const given = content[key!]
  return typeof given === 'string' && given.trim().toLowerCase() === wanted.trim().toLowerCase()
    ? []
    : [`${key}: must be ${wanted}, the item this task is about`]
}
const ITEM_KEYS: Readonly<Record<string, string>> = {
  generated_frames: 'frame_id',
  video_segments: 'segment_id',
  dialogue_audio: 'line_id',
  character_designs: 'character',
  voice_profiles: 'character',
}

/** References that do not resolve, in words. */
function references(name: string, content: Record<string, unknown>, input: AgentInput): string[] {
  const flags = [...list(content['continuity_flags']), ...list(content['continuity_notes'])].filter((text) =>
    /who is not part of the cast|does not exist|who has no profile/.test(text),
  )
  if (name === 'shot_list') {
    const frames = new Set(itemsOf<{ frame_id: string }>(input, 'storyboard_frames', 'frames').map((f) => f.frame_id))
    const lost = ((content['items'] ?? []) as { shot_id: string; frame_id: string }[]).filter(
      (s) => !frames.has(s.frame_id),
    )
    return lost.map((s) => `${s.shot_id} follows ${s.frame_id}, which does not exist`)
  }
  if (name === 'dialogue_script') {
    const spoken = new Set(
      ((content['scenes'] ?? []) as { scene_number: number; lines: unknown[] }[])
        .filter((s) => s.lines.length > 0)
        .map((s) => s.scene_number),
    )
    return scenesIn(input)
      .filter((s) => !spoken.has(s.scene_number) && s.silent !== true)
      .map((s) => `scene ${s.scene_number} has no lines`)
  }
  return flags
}
const list = (value: unknown) => (Array.isArray(value) ? value.filter((v): v is string => typeof v === 'string') : [])
