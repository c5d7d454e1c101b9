import { stringify } from 'csv-stringify/sync'
import { writeXlsx } from 'hucre/xlsx'
import { type ExportFile, fileName, utf8 } from '../export-file.ts'
import type { Production } from '../production.ts'
import { SHOT_COLUMNS, shotRows } from './shot-rows.ts'

/** A cell that a spreadsheet would take for a formula is marked as text. */
const safe = (value: string | number) => (typeof value === 'string' && /^[=+\-@\t\r]/.test(value) ? `'${value}` : value)

/** A fixed date keeps the same production the same bytes. */
const SHEET_DATE = new Date(Date.UTC(2000, 0, 1))

const shotLoss = (production: Production) =>
  production.artifacts.shot_list
    ? []
    : ['there is no shot list yet: rows come from the storyboard, their lengths are equal shares']

/** The shot list as CSV (RFC 4180, UTF-8 with mark, so that spreadsheets read accents). */
export function exportShotListCsv(production: Production): ExportFile {
  const rows = shotRows(production)
  const text = stringify(
    [SHOT_COLUMNS.map((c) => c.title), ...rows.map((row) => SHOT_COLUMNS.map((c) => safe(row[c.key])))],
    { bom: true, record_delimiter: '\r\n' },
  )
  return {
    bytes: utf8(text),
    name: fileName(`${production.title} shot list`, '.csv'),
    mime: 'text/csv; charset=utf-8',
    loss: [...shotLoss(production), ...(rows.length > 0 ? ['pictures are not part of a CSV file'] : [])],
  }
}

/** The shot list as a workbook: one sheet of shots, one of totals by scene. */
export async function exportShotListXlsx(production: Production): Promise<ExportFile> {
  const rows = shotRows(production)
  const scenes = [...new Set(rows.map((row) => row.scene))]
  const bytes = await writeXlsx({
    properties: {
      title: `${production.title} shot list`,
      creator: 'Troupe',
      created: SHEET_DATE,
      modified: SHEET_DATE,
    },
    sheets: [
      {
        name: 'Shots',
        columns: SHOT_COLUMNS.map((c) => ({ header: c.title, key: c.key, width: c.width })),
        data: rows.map((row) => ({ ...row })),
        freezePane: { rows: 1 },
      },
      {
        name: 'Scenes',
        columns: [
          { header: 'Scene', key: 'scene', width: 8 },
          { header: 'Location', key: 'location', width: 30 },
          { header: 'Shots', key: 'shots', width: 8 },
          { header: 'Seconds', key: 'seconds', width: 10 },
        ],
        data: scenes.map((scene) => {
          const own = rows.filter((row) => row.scene === scene)
          const seconds = Math.round(own.reduce((sum, row) => sum + row.duration, 0) * 1000) / 1000
          return { scene, location: own[0]!.location, shots: own.length, seconds }
        }),
        freezePane: { rows: 1 },
      },
    ],
  })
  return {
    bytes: new Uint8Array(bytes),
    name: fileName(`${production.title} shot list`, '.xlsx'),
    mime: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
    loss: shotLoss(production),
  }
}
