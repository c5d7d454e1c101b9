import type { Block, DocumentText } from './document/blocks.ts'
import { printMarkdown } from './document/print-markdown.ts'
import { printPdf } from './document/print-pdf.ts'
import { type ExportFile, fileName, utf8 } from './export-file.ts'
import type { Production } from './production.ts'
import { shotRows } from './shots/shot-rows.ts'

const seconds = (value: number | null) => (value === null ? '' : `${Math.round(value * 10) / 10}`)
const title = (text: string) => text.replaceAll('_', ' ').replace(/^./, (c) => c.toUpperCase())

function overview(production: Production): Block[] {
  const { final_edit, qc_report, scene_list, character_profiles, storyboard_frames } = production.artifacts
  const record = production.record
  const rows: [string, string][] = [
    ['Title', production.title],
    ['Genre', production.genre ?? ''],
    ['Status', record?.status ?? ''],
    ['Started', record?.created_at ?? ''],
    ['Finished', record?.completed_at ?? ''],
    ['Target length', `${production.target_duration} s`],
    ['Length', final_edit ? `${final_edit.duration_seconds} s` : ''],
    ['Scenes', String(scene_list?.scenes.length ?? 0)],
    ['Characters', String(character_profiles?.characters.length ?? 0)],
    ['Frames', String(storyboard_frames?.frames.length ?? 0)],
    ['Quality control', qc_report ? qc_report.status : ''],
    ['Material', record?.draft ? 'contains draft material made without a model or outside services' : ''],
    ['Checksum', final_edit?.checksum ?? ''],
  ]
  return [
    { kind: 'heading', level: 1, text: `${production.title}: production report` },
    ...(production.description ? [{ kind: 'paragraph' as const, text: production.description }] : []),
    { kind: 'fields', rows: rows.filter(([, value]) => value !== '') },
  ]
}

function story(production: Production): Block[] {
  const { scene_list } = production.artifacts
  if (!scene_list) return []
  const shots = shotRows(production)
  return [
    { kind: 'heading', level: 2, text: 'Scenes' },
    {
      kind: 'table',
      head: ['No.', 'Location', 'Goal', 'People', 'Seconds'],
      widths: [6, 20, 44, 20, 10],
      rows: scene_list.scenes.map((scene) => [
        String(scene.scene_number),
        scene.location,
        scene.goal,
        scene.primary_characters.join(', '),
        seconds(shots.filter((s) => s.scene === scene.scene_number).reduce((sum, s) => sum + s.duration, 0)),
      ]),
    },
  ]
}

function quality(production: Production): Block[] {
  const { qc_report, continuity_report, quality_report } = production.artifacts
  const issues = [
    ...(continuity_report?.issues ?? []).map((i) => ['Continuity', i.severity, i.where, i.text]),
    ...(quality_report?.issues ?? []).map((i) => ['Quality', i.severity, i.where, i.text]),
    ...(qc_report?.issues ?? []).map((i) => [
      'Final check',
      i.severity,
      i.segment_id ?? '',
      `${i.code}: ${i.description}`,
    ]),
  ]
  const scores = [
    ...(continuity_report ? [`Continuity ${continuity_report.score}`] : []),
    ...(quality_report ? [`Quality ${quality_report.score}`] : []),
  ]
  if (issues.length === 0 && scores.length === 0) return []
  return [
    { kind: 'heading', level: 2, text: 'Quality' },
    ...(scores.length > 0 ? [{ kind: 'paragraph' as const, text: `${scores.join(', ')} of 100.` }] : []),
    ...(issues.length > 0
      ? [
          {
            kind: 'table' as const,
            head: ['Check', 'Severity', 'Where', 'Finding'],
            widths: [16, 12, 20, 52],
            rows: issues,
          },
        ]
      : []),
  ]
}

function making(production: Production): Block[] {
  const record = production.record
  if (!record) return []
  const blocks: Block[] = []
  if (record.decisions.length > 0)
    blocks.push(
      { kind: 'heading', level: 2, text: 'Decisions' },
      {
        kind: 'table',
        head: ['Decision', 'Choice', 'By', 'At', 'Feedback'],
        widths: [26, 14, 14, 22, 24],
        rows: record.decisions.map((d) => [
          d.decision_id,
          d.choice ?? 'open',
          d.automatic ? 'automatic' : (d.actor ?? ''),
          d.at ?? '',
          d.feedback ?? '',
        ]),
      },
    )
  if (record.tasks.length > 0)
    blocks.push(
      { kind: 'heading', level: 2, text: 'Work' },
      {
        kind: 'table',
        head: ['State', 'Task', 'Agent', 'Status', 'Seconds', 'Retries'],
        widths: [24, 24, 24, 12, 9, 7],
        rows: record.tasks.map((t) => [
          title(t.state),
          title(t.task_type),
          t.agent_id ?? '',
          t.status,
          seconds(t.seconds),
          String(t.retries),
        ]),
      },
    )
  if (record.artifacts.length > 0)
    blocks.push(
      { kind: 'heading', level: 2, text: 'Artifacts' },
      {
        kind: 'table',
        head: ['Artifact', 'Version', 'Made by', 'Draft', 'SHA-256'],
        widths: [28, 9, 14, 8, 41],
        rows: record.artifacts.map((a) => [
          title(a.name),
          String(a.version),
          a.generated_by ?? '',
          a.draft ? 'yes' : 'no',
          a.sha256 ?? '',
        ]),
      },
    )
  if (record.warnings.length > 0)
    blocks.push({ kind: 'heading', level: 2, text: 'Warnings' }, { kind: 'list', items: record.warnings })
  return blocks
}

function report(production: Production): DocumentText {
  return {
    title: `${production.title}: production report`,
    blocks: [...overview(production), ...story(production), ...quality(production), ...making(production)],
  }
}

export function exportReportMarkdown(production: Production): ExportFile {
  return {
    bytes: utf8(printMarkdown(report(production))),
    name: fileName(`${production.title} production report`, '.md'),
    mime: 'text/markdown; charset=utf-8',
    loss: production.record ? [] : ['the record of the work is not part of it'],
  }
}

export async function exportReportPdf(production: Production): Promise<ExportFile> {
  const { bytes, loss } = await printPdf(report(production))
  return {
    bytes,
    name: fileName(`${production.title} production report`, '.pdf'),
    mime: 'application/pdf',
    loss: production.record ? loss : [...loss, 'the record of the work is not part of it'],
  }
}
