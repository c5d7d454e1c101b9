import type { Block, DocumentText } from './document/blocks.ts'
import { printMarkdown } from './document/print-markdown.ts'
import { printPdf } from './document/print-pdf.ts'
import { type ExportFile, fileName, utf8 } from './export-file.ts'
import type { Production } from './production.ts'

const same = (a: string, b: string) => a.trim().toLowerCase() === b.trim().toLowerCase()
const said = (value: unknown): string =>
  typeof value === 'string' || typeof value === 'number' ? String(value) : value == null ? '' : JSON.stringify(value)
const rows = (pairs: [string, string][]): [string, string][] => pairs.filter(([, value]) => value.trim() !== '')

function scenesOf(production: Production, name: string): string {
  const scenes = production.artifacts.scene_list?.scenes ?? []
  return scenes
    .filter((scene) => scene.primary_characters.some((c) => same(c, name)))
    .map((scene) => `${scene.scene_number} (${scene.location})`)
    .join(', ')
}

/** One sheet a character: who they are, how they look, sound and change, and where they appear. */
async function sheets(production: Production, pictures: boolean): Promise<{ document: DocumentText; left: number }> {
  const { character_profiles, character_designs, voice_profiles, character_arcs } = production.artifacts
  const title = `${production.title}: characters`
  const blocks: Block[] = [{ kind: 'heading', level: 1, text: title }]
  let left = 0
  for (const [i, profile] of (character_profiles?.characters ?? []).entries()) {
    const design = character_designs?.items.find((d) => same(d.character, profile.name))
    const voice = voice_profiles?.items.find((v) => same(v.character, profile.name))
    const arc = character_arcs?.items.find((a) => same(a.character, profile.name))
    if (i > 0) blocks.push({ kind: 'new_page' })
    blocks.push({ kind: 'heading', level: 2, text: profile.name })
    const image = design?.image_url ? await production.readFile(design.image_url) : null
    const usable = image && (image[0] === 0x89 || image[0] === 0xff)
    if (image && usable && pictures)
      blocks.push({ kind: 'image', bytes: image, alt: `${profile.name}, design`, width: 360 })
    else if (design?.image_url) left++
    blocks.push({
      kind: 'fields',
      rows: rows([
        ['Role', profile.role],
        ['Motivation', profile.motivation],
        ['Signature', profile.visual_signature],
        ['Appearance', design?.appearance ?? ''],
        ['Clothing', design?.clothing ?? ''],
        ['Features', (design?.features ?? []).map(said).join('; ')],
        ['Palette', (design?.palette ?? []).join(', ')],
        ['Relationships', profile.relationships.map(said).join('; ')],
        ['Scenes', scenesOf(production, profile.name)],
      ]),
    })
    if (voice)
      blocks.push(
        { kind: 'heading', level: 3, text: 'Voice' },
        {
          kind: 'fields',
          rows: rows([
            ['Age', said(voice.age)],
            ['Timbre', voice.timbre],
            ['Accent', voice.accent],
            ['Pace', said(voice.pace)],
            ['Range', voice.emotional_range.join(', ')],
            ['Sample', voice.sample_text],
          ]),
        },
      )
    if (arc)
      blocks.push(
        { kind: 'heading', level: 3, text: 'Arc' },
        {
          kind: 'fields',
          rows: rows([
            ['Start', arc.start],
            ['End', arc.end],
          ]),
        },
        { kind: 'list', items: arc.turning_points.map(said) },
      )
    if (profile.continuity_notes.length > 0)
      blocks.push({ kind: 'heading', level: 3, text: 'Continuity' }, { kind: 'list', items: profile.continuity_notes })
  }
  return { document: { title, blocks }, left }
}

export async function exportCharacterSheetsMarkdown(production: Production): Promise<ExportFile> {
  const { document, left } = await sheets(production, false)
  return {
    bytes: utf8(printMarkdown(document)),
    name: fileName(`${production.title} characters`, '.md'),
    mime: 'text/markdown; charset=utf-8',
    loss: left > 0 ? ['pictures are not part of a Markdown file'] : [],
  }
}

export async function exportCharacterSheetsPdf(production: Production): Promise<ExportFile> {
  const { document, left } = await sheets(production, true)
  const { bytes, loss } = await printPdf(document)
  return {
    bytes,
    name: fileName(`${production.title} characters`, '.pdf'),
    mime: 'application/pdf',
    loss: left > 0 ? [...loss, `${left} pictures are in a format that PDF does not take`] : loss,
  }
}
