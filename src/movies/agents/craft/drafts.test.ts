import { describe, expect, test } from 'vitest'
import { Play } from '../../engine/_play.ts'
import { NO_PROJECT } from '../../engine/engine-state.ts'
import { ARTIFACT_NAMES, artifactKind, countWords, isArtifactName } from '../../schema.ts'

/** What is drafted without a model (contract 5.4), read as a person would read it. */
const project = {
  ...NO_PROJECT,
  characters: [
    { name: 'Ada', description: 'a diver who lost her brother' },
    { name: 'Bruno', description: 'keeper of the tide tables' },
    { name: 'Cleo' },
  ],
  settings: [{ name: 'Old pier' }, { name: 'Council hall' }],
  themes: ['grief', 'duty'],
}
const played = (custom: Record<string, unknown>, seconds: number, over = {}) =>
  new Play({
    title: 'The Drowned Bell',
    description: 'A bell under the harbour rings before each storm. The council wants it silent.',
    genre: 'mystery',
    style_preferences: { tone: 'hushed' },
    target_duration: seconds,
    project,
    custom_parameters: { decision_mode: 'auto', ...custom } as never,
    ...over,
  }).run()
const full = played({ profile: 'full' }, 90)
const text = (value: unknown): string[] =>
  typeof value === 'string' ? [value] : value && typeof value === 'object' ? Object.values(value).flatMap(text) : []

test('a whole production of the full profile is drafted and completes', () => {
  expect([full.state.status, full.state.error_details]).toEqual(['completed', null])
})

test('every artifact of it keeps its schema, and all kinds are made', () => {
  const made = new Set(full.state.artifacts.map((a) => a.name))
  for (const a of full.state.artifacts.filter((one) => one.index === null)) {
    if (!isArtifactName(a.name)) continue
    const parsed = artifactKind(a.name).schema.safeParse(a.content)
    expect(parsed.success, `${a.name}: ${parsed.error?.issues[0]?.message}`).toBe(true)
  }
  const elsewhere = new Set(['episode_outline', 'relationship_map'])
  expect(ARTIFACT_NAMES.filter((name) => !made.has(name) && !elsewhere.has(name))).toEqual([])
})

test('the brief takes title, first sentence, genre and tone, and its conflict names the first two', () => {
  const brief = full.content('concept_brief')
  expect(brief).toMatchObject({ title: 'The Drowned Bell', genre_tags: ['mystery'], tone_keywords: ['hushed'] })
  expect(brief.logline).toContain('A bell under the harbour rings before each storm')
  for (const name of ['Ada', 'Bruno']) expect(brief.core_conflict).toContain(name)
  expect(countWords(text(brief).join(' '))).toBeLessThan(250)
})

test('without a description the logline says genre and title; without a tone it is neutral', () => {
  const bare = played({}, 24, { description: '', style_preferences: {}, project: NO_PROJECT })
  expect(bare.content('concept_brief').logline).toMatch(/^A mystery story called The Drowned Bell\.?$/)
  expect(bare.content('concept_brief').tone_keywords).toEqual(['neutral'])
  expect(bare.content('character_profiles').characters.map((c: any) => [c.name, c.role])).toEqual([
    ['Lead', 'protagonist'],
    ['Rival', 'antagonist'],
  ])
})

test('the arc has three parts and three beats', () => {
  const arc = full.content('story_arc')
  expect(arc.emotional_beats).toHaveLength(3)
  expect(arc.emotional_beats.map((beat: string) => beat.split(':')[0])).toEqual(['hook', 'struggle', 'payoff'])
  for (const part of ['setup', 'escalation', 'resolution']) expect(countWords(arc[part])).toBeLessThanOrEqual(80)
})

describe('scenes', () => {
  test.each([
    [24, 3],
    [30, 3],
    [31, 5],
    [225, 5],
    [226, 6],
    [600, 14],
    [21600, 60],
  ])('a film of %d s has %d', (seconds, count) => {
    const p = new Play({ target_duration: seconds, project, custom_parameters: { profile: 'short' } as never }).run(4)
    expect(p.content('scene_list').scenes).toHaveLength(count)
  })

  test('are numbered, go through the places of the project, and have two people each', () => {
    const { scenes } = full.content('scene_list')
    expect(scenes.map((s: any) => s.scene_number)).toEqual(scenes.map((_: unknown, i: number) => i + 1))
    expect(new Set(scenes.map((s: any) => s.location))).toEqual(new Set(['Old pier', 'Council hall']))
    for (const s of scenes) expect(s.primary_characters).toHaveLength(2)
    expect(new Set(scenes.map((s: any) => s.goal)).size).toBe(scenes.length)
  })
})

test('characters are the project’s: first protagonist, second antagonist, then support', () => {
  expect(full.content('character_profiles').characters.map((c: any) => [c.name, c.role])).toEqual([
    ['Ada', 'protagonist'],
    ['Bruno', 'antagonist'],
    ['Cleo', 'support'],
  ])
})

test('every scene speaks: its own people in turn, lines that differ, names that exist', () => {
  const { scenes } = full.content('dialogue_script')
  const cast = new Map(full.content('scene_list').scenes.map((s: any) => [s.scene_number, s.primary_characters]))
  for (const scene of scenes) {
    expect(scene.lines.length).toBeGreaterThan(0)
    for (const line of scene.lines) expect(cast.get(scene.scene_number)).toContain(line.character)
  }
  const lines = scenes.flatMap((s: any) => s.lines.map((line: any) => line.text))
  expect(new Set(lines).size).toBe(lines.length)
})

test('every scene has a wide frame on its place and a closer one on its people; one shot per frame in the same order', () => {
  const { frames } = full.content('storyboard_frames')
  const shots = full.content('shot_list').items
  expect(shots.map((s: any) => s.frame_id)).toEqual(frames.map((f: any) => f.frame_id))
  for (const f of frames) expect(f.frame_id).toBe(`SCENE_${f.scene_number}_SHOT_${f.shot_order}`)
  const first = frames.filter((f: any) => f.shot_order === 1)
  for (const f of first) expect(f.camera_notes).toMatch(/wide/i)
  const descriptions = frames.map((f: any) => f.description)
  expect(new Set(descriptions).size).toBe(descriptions.length)
})

test('drafts hold no placeholder words, and no sentence is repeated with only a number changed', () => {
  const names = [
    'story_arc',
    'scene_list',
    'character_profiles',
    'dialogue_script',
    'storyboard_frames',
    'world_guide',
    'story_bible',
  ]
  for (const name of names)
    expect(JSON.stringify(full.content(name))).not.toMatch(/lorem|\bTBD\b|\bTODO\b|placeholder|undefined|\{\w+\}/i)
  const goals = full.content('scene_list').scenes.map((s: any) => s.goal.replace(/\d+/g, '#'))
  expect(new Set(goals).size).toBe(goals.length)
})

test('the same project gives the same drafts', () => {
  const again = played({ profile: 'full' }, 90)
  for (const name of ['concept_brief', 'story_arc', 'scene_list', 'dialogue_script', 'shot_list', 'world_guide'])
    expect(again.content(name), name).toEqual(full.content(name))
})

test('characters are developed in the number asked for: seeds, then the project’s, then invented ones', () => {
  const p = played({ character_count: 5, characters: [{ name: 'Mara' }] }, 60, {
    workflow_type: 'character_development',
  })
  const names = p.content('character_profiles').characters.map((c: any) => c.name)
  expect(names.slice(0, 4)).toEqual(['Mara', 'Ada', 'Bruno', 'Cleo'])
  expect(names[4]).toMatch(/^Support \d$/)
  expect(p.content('character_profiles').characters).toHaveLength(5)
  expect(p.state.status).toBe('completed')
})
