import type * as M from '../../../../../src/movies/schema.ts'

export type PlayBlock =
  | { kind: 'heading'; text: string; scene: number }
  | { kind: 'action'; text: string }
  | { kind: 'line'; id: string; character: string; aside: string; text: string }
  | { kind: 'transition'; text: string }

/** "INT./EXT." as written, or added from the place's own words when the location has none. */
export function sceneHeading(location: string): string {
  if (/^(int|ext|int\.?\/ext|i\/e)[.\s]/i.test(location)) return location.toUpperCase()
  const outside =
    /\b(street|forest|sea|beach|harbou?r|field|garden|roof|mountain|river|road|park|square|sky|desert|coast|quay|deck|yard|outside)\b/i.test(
      location,
    )
  return `${outside ? 'EXT.' : 'INT.'} ${location.toUpperCase()}`
}

/** The heading the scene was written under; one made of its location when it has none. */
const headingOf = (scene: M.Scene): string =>
  sceneHeading(typeof scene['heading'] === 'string' && scene['heading'] ? scene['heading'] : scene.location)

/** Scenes and dialogue as the blocks of a screenplay, in order. */
export function screenplay(scenes: M.SceneList | undefined, script: M.DialogueScript | undefined): PlayBlock[] {
  const lines = new Map((script?.scenes ?? []).map((scene) => [scene.scene_number, scene.lines]))
  const blocks: PlayBlock[] = (scenes?.scenes ?? []).flatMap((scene): PlayBlock[] => [
    { kind: 'heading', text: headingOf(scene), scene: scene.scene_number },
    { kind: 'action', text: [scene.visual_hook, scene.goal].filter(Boolean).join('\n') },
    ...(lines.get(scene.scene_number) ?? []).map(
      (line): PlayBlock => ({
        kind: 'line',
        id: line.line_id,
        character: line.character.toUpperCase(),
        aside: [line.emotion, line.direction].filter(Boolean).join(', '),
        text: line.text,
      }),
    ),
  ])
  return blocks.length > 0 ? [...blocks, { kind: 'transition', text: 'FADE OUT.' }] : []
}
