import { type ArtifactName, artifactKind, isArtifactName } from '../schema.ts'
import type { EngineArtifact, EngineState } from './engine-state.ts'

/** The current version of every (name, index): the highest that was not dropped. */
export function currentArtifacts(s: Pick<EngineState, 'artifacts'>): EngineArtifact[] {
  const best = new Map<string, EngineArtifact>()
  for (const artifact of s.artifacts) {
    if (artifact.dropped) continue
    const key = `${artifact.name}#${artifact.index ?? ''}`
    const other = best.get(key)
    if (!other || other.version < artifact.version) best.set(key, artifact)
  }
  return [...best.values()]
}

export const currentArtifact = (s: Pick<EngineState, 'artifacts'>, name: string, index: number | null = null) =>
  s.artifacts.reduce<EngineArtifact | null>(
    (best, a) =>
      !a.dropped && a.name === name && a.index === index && (best === null || a.version > best.version) ? a : best,
    null,
  )

/** Current items of a fan-out artifact in input order. */
export const currentItems = (s: Pick<EngineState, 'artifacts'>, name: string): EngineArtifact[] =>
  currentArtifacts({ artifacts: s.artifacts.filter((a) => a.name === name && a.index !== null) }).sort(
    (a, b) => a.index! - b.index!,
  )

/** Content as agents and gates read it: the single artifact, or the items of a fan-out joined under its list key. */
export function contentOf(s: EngineState, name: ArtifactName): Record<string, unknown> | null {
  const single = currentArtifact(s, name)
  if (single) return single.content
  const items = currentItems(s, name)
  return items.length === 0 ? null : joinItems(s, name, items)
}

/** The list of an artifact, or [] when it does not exist. */
export function listOf<T>(s: EngineState, name: ArtifactName): T[] {
  const content = contentOf(s, name)
  const key = artifactKind(name).listKey
  const list = content && key ? content[key] : null
  return Array.isArray(list) ? (list as T[]) : []
}

const ITEM_ID: Record<string, string> = { failed_frames: 'frame_id', failed_segments: 'segment_id' }

/** Container of 4.4 for the items of a fan-out; items that finally failed stand beside them. */
export function joinItems(
  s: Pick<EngineState, 'tasks'>,
  name: string,
  items: EngineArtifact[],
): Record<string, unknown> {
  const kind: { listKey?: string; failedKey?: string } = isArtifactName(name) ? artifactKind(name) : {}
  const joined: Record<string, unknown> = { [kind.listKey ?? 'items']: items.map((item) => item.content) }
  if (kind.failedKey) {
    const idKey = ITEM_ID[kind.failedKey]!
    joined[kind.failedKey] = s.tasks
      .filter((t) => t.produces === name && !t.superseded && t.status === 'failed')
      .map((t) => ({ [idKey]: String(t.input[idKey] ?? `${t.task_type}_${t.index}`), error: t.error_message ?? '' }))
  }
  return joined
}

export const nextVersion = (s: Pick<EngineState, 'artifacts'>, name: string, index: number | null) =>
  s.artifacts.reduce((v, a) => (a.name === name && a.index === index ? Math.max(v, a.version) : v), 0) + 1
