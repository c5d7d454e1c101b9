import { expect, it } from 'vitest'
import { sceneHeading, screenplay } from './screenplay.ts'

it('keeps a heading as written and tells inside from outside else', () => {
  expect(sceneHeading('Int. kitchen - night')).toBe('INT. KITCHEN - NIGHT')
  expect(sceneHeading('The old harbour')).toBe('EXT. THE OLD HARBOUR')
  expect(sceneHeading('Lighthouse keeper’s room')).toBe('INT. LIGHTHOUSE KEEPER’S ROOM')
})
it('puts the lines under their scene in order', () => {
  const blocks = screenplay(
    {
      scenes: [
        {
          scene_number: 1,
          goal: 'Leave',
          location: 'Quay',
          visual_hook: 'Fog',
          primary_characters: [],
          beat_notes: [],
        },
      ],
      continuity_flags: [],
    },
    {
      scenes: [
        { scene_number: 1, lines: [{ line_id: 'L1', character: 'Ida', text: 'Now.', emotion: 'calm', direction: '' }] },
      ],
    } as never,
  )
  expect(blocks.map((block) => block.kind)).toEqual(['heading', 'action', 'line', 'transition'])
  expect(blocks[2]).toMatchObject({ character: 'IDA', aside: 'calm', text: 'Now.' })
  expect(screenplay(undefined, undefined)).toEqual([])
})
