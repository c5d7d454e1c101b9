import type { ArtifactName } from '../schema.ts'
import { exportSrt, exportVtt } from './captions/export-captions.ts'
import { exportCharacterSheetsMarkdown, exportCharacterSheetsPdf } from './character-sheets.ts'
import type { ExportFile } from './export-file.ts'
import type { Production } from './production.ts'
import { exportReportMarkdown, exportReportPdf } from './production-report.ts'
import { exportFountain } from './screenplay/print-fountain.ts'
import { screenplayFromArtifacts } from './screenplay/screenplay-from-artifacts.ts'
import { exportScreenplayPdf } from './screenplay/screenplay-pdf.ts'
import { exportFdx } from './screenplay/write-fdx.ts'
import { exportShotListCsv, exportShotListXlsx } from './shots/export-shot-list.ts'
import { exportStoryboardPdf } from './storyboard-pdf.ts'
import { exportOtio } from './timeline/export-otio.ts'

/** One format a production can be handed out in. `needs`: without these artifacts there is nothing to export. */
export type ExportKind = {
  title: string
  ending: string
  mime: string
  needs: readonly ArtifactName[]
  make(production: Production): Promise<ExportFile>
}

const PDF = 'application/pdf'
const XLSX = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet'
const MD = 'text/markdown; charset=utf-8'

export const EXPORTS = {
  screenplay_fountain: {
    title: 'Screenplay (Fountain)',
    ending: '.fountain',
    mime: 'text/plain; charset=utf-8',
    needs: ['scene_list'],
    make: async (p) => exportFountain(screenplayFromArtifacts(p)),
  },
  screenplay_fdx: {
    title: 'Screenplay (Final Draft)',
    ending: '.fdx',
    mime: 'application/xml',
    needs: ['scene_list'],
    make: async (p) => exportFdx(screenplayFromArtifacts(p)),
  },
  screenplay_pdf: {
    title: 'Screenplay (PDF)',
    ending: '.pdf',
    mime: PDF,
    needs: ['scene_list'],
    make: (p) => exportScreenplayPdf(screenplayFromArtifacts(p)),
  },
  shot_list_csv: {
    title: 'Shot list (CSV)',
    ending: '.csv',
    mime: 'text/csv; charset=utf-8',
    needs: ['storyboard_frames'],
    make: async (p) => exportShotListCsv(p),
  },
  shot_list_xlsx: {
    title: 'Shot list (workbook)',
    ending: '.xlsx',
    mime: XLSX,
    needs: ['storyboard_frames'],
    make: exportShotListXlsx,
  },
  storyboard_pdf: {
    title: 'Storyboard (PDF)',
    ending: '.pdf',
    mime: PDF,
    needs: ['storyboard_frames'],
    make: exportStoryboardPdf,
  },
  timeline_otio: {
    title: 'Timeline (OpenTimelineIO)',
    ending: '.otio',
    mime: 'application/json',
    needs: ['storyboard_frames'],
    make: async (p) => exportOtio(p),
  },
  subtitles_srt: {
    title: 'Subtitles (SRT)',
    ending: '.srt',
    mime: 'application/x-subrip',
    needs: ['dialogue_script'],
    make: async (p) => exportSrt(p),
  },
  subtitles_vtt: {
    title: 'Subtitles (WebVTT)',
    ending: '.vtt',
    mime: 'text/vtt',
    needs: ['dialogue_script'],
    make: async (p) => exportVtt(p),
  },
  characters_pdf: {
    title: 'Character sheets (PDF)',
    ending: '.pdf',
    mime: PDF,
    needs: ['character_profiles'],
    make: exportCharacterSheetsPdf,
  },
  characters_md: {
    title: 'Character sheets (Markdown)',
    ending: '.md',
    mime: MD,
    needs: ['character_profiles'],
    make: exportCharacterSheetsMarkdown,
  },
  report_pdf: { title: 'Production report (PDF)', ending: '.pdf', mime: PDF, needs: [], make: exportReportPdf },
  report_md: {
    title: 'Production report (Markdown)',
    ending: '.md',
    mime: MD,
    needs: [],
    make: async (p) => exportReportMarkdown(p),
  },
} as const satisfies Record<string, ExportKind>

export type ExportFormat = keyof typeof EXPORTS
export const EXPORT_FORMATS = Object.keys(EXPORTS) as ExportFormat[]
export const isExportFormat = (name: string): name is ExportFormat => Object.hasOwn(EXPORTS, name)
export const exportKind = (format: ExportFormat): ExportKind => EXPORTS[format]

/** Formats that can be made of these artifacts now. */
export const availableExports = (present: Iterable<string>): ExportFormat[] => {
  const have = new Set(present)
  return EXPORT_FORMATS.filter((format) => exportKind(format).needs.every((name) => have.has(name)))
}
