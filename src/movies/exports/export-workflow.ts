import { createHash } from 'node:crypto'
import type { Ctx } from '../../kernel/context.ts'
import { AppError } from '../../kernel/errors/app-error.ts'
import type { Kernel } from '../../kernel/kernel.ts'
import { maskTexts } from '../../kernel/telemetry/mask-texts.ts'
import { mediaFiles } from '../files/media-files.ts'
import type { StoredWorkflow } from '../store/load-state.ts'
import { readWorkflow } from '../workflow/read-workflow.ts'
import type { ExportFile } from './export-file.ts'
import { availableExports, EXPORT_FORMATS, type ExportFormat, exportKind, isExportFormat } from './export-table.ts'
import { productionOf } from './production-of.ts'

const CACHE_SIZE = 60
const caches = new WeakMap<Kernel, Map<string, Promise<ExportFile>>>()

export type ExportRow = {
  format: ExportFormat
  title: string
  ending: string
  mime: string
  /** Its artifacts exist. */
  available: boolean
  name: string | null
  bytes: number | null
  sha256: string | null
  /** In words, what the format could not carry. */
  loss: string[]
}

/** Every format with size and loss report; those whose artifacts do not exist yet are named as not available. */
export async function listExports(ctx: Ctx, id: string): Promise<{ exports: ExportRow[] }> {
  const stored = await readWorkflow(ctx, id)
  const offered = new Set(availableExports(presentNames(stored)))
  const rows: ExportRow[] = []
  for (const format of EXPORT_FORMATS) {
    const { title, ending, mime } = exportKind(format)
    const file = offered.has(format) ? await fileOf(ctx.kernel, stored, format) : null
    rows.push({
      format,
      title,
      ending,
      mime,
      available: file !== null,
      name: file?.name ?? null,
      bytes: file?.bytes.byteLength ?? null,
      sha256: file ? createHash('sha256').update(file.bytes).digest('hex') : null,
      loss: file?.loss ?? [],
    })
  }
  return { exports: rows }
}

/** One export. Unknown formats, and formats whose artifacts do not exist yet, are ARTIFACT_NOT_FOUND. */
export async function exportWorkflow(ctx: Ctx, id: string, format: string): Promise<ExportFile> {
  const stored = await readWorkflow(ctx, id)
  if (!isExportFormat(format))
    throw new AppError('ARTIFACT_NOT_FOUND', `No export ${format}: there are ${EXPORT_FORMATS.join(', ')}`, {
      format,
      formats: EXPORT_FORMATS,
    })
  const present = new Set(presentNames(stored))
  const missing = exportKind(format).needs.filter((name) => !present.has(name))
  if (missing.length > 0)
    throw new AppError('ARTIFACT_NOT_FOUND', `${exportKind(format).title} needs ${missing.join(', ')}, not made yet`, {
      format,
      missing,
    })
  return fileOf(ctx.kernel, stored, format)
}

const presentNames = ({ state }: StoredWorkflow) => state.artifacts.filter((a) => !a.dropped).map((a) => a.name)

/** Made once per version of the workflow; it is the same every time, so keeping it changes nothing but the time. */
function fileOf(kernel: Kernel, stored: StoredWorkflow, format: ExportFormat): Promise<ExportFile> {
  const cache = caches.get(kernel) ?? new Map<string, Promise<ExportFile>>()
  caches.set(kernel, cache)
  const { state } = stored
  const key = `${state.workflow_id}|${stored.version}|${format}`
  const known = cache.get(key)
  if (known) return known
  const files = mediaFiles(kernel, state.workflow_id)
  const made = exportKind(format).make(
    productionOf(maskTexts(kernel.mask, state), async (url) =>
      files.read(url).catch((error: { code?: string }) => absent(error)),
    ),
  )
  made.catch(() => cache.delete(key))
  cache.set(key, made)
  if (cache.size > CACHE_SIZE) cache.delete(cache.keys().next().value!)
  return made
}

/** Bytes that are not there, or not ours, are left out of an export; anything else is a fault. */
function absent(error: { code?: string }): null {
  if (error.code === 'ENOENT' || error.code === 'VALIDATION_ERROR') return null
  throw error
}
