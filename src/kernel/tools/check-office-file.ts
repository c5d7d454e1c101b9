import { AppError } from '../errors/app-error.ts'
import { readZip } from './read-zip.ts'

/** A document type stands before the first element; this much of a part is looked at. */
const LOOKED_AT = 64 * 1024

/**
 * Opens every part of a workbook or document once, within limits, so that the reader behind never meets a bomb. Throws what readZip throws, and
 * DOCUMENT_TYPE for a part that declares entities: they reach files and grow without end, and no office program writes them.
 */
export async function checkOfficeFile(bytes: Uint8Array, maxExpandedBytes: number): Promise<void> {
  for (const entry of readZip(bytes, { maxExpandedBytes })) {
    const content = await entry.read()
    if (!/\.(xml|rels|vml)$/i.test(entry.name)) continue
    // Also in UTF-16, whose letters have a NUL beside them.
    const start = content.subarray(0, LOOKED_AT).toString('latin1').replaceAll('\0', '')
    if (/<!DOCTYPE|<!ENTITY/i.test(start))
      throw new AppError(
        'DOCUMENT_TYPE',
        `its part ${entry.name} declares a document type or entities: save it again in an office program`,
        { part: entry.name },
      )
  }
}
