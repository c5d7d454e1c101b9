import type { Row } from '../../kernel/db/database.ts'
import type { ArtifactDefinition, Body, Stored } from '../artifacts/definition.ts'
import { isoTime } from '../schema.ts'
import { openBody } from './sealed.ts'

const COMMON = new Set([
  'id',
  'version',
  'schema_version',
  'validation_status',
  'validation_errors',
  'correlation_id',
  'created_at',
  'updated_at',
  'created_by',
])

export const COLUMNS =
  'id, body, version, schema_version, validation_status, validation_errors, correlation_id, created_at, updated_at, created_by'

/** A database row as the contract's flat object. */
export const toStored = (row: Row): Stored => ({
  id: row['id'],
  ...openBody(row['id'], row['body']),
  version: row['version'],
  schema_version: row['schema_version'],
  validation_status: row['validation_status'],
  validation_errors: row['validation_errors'],
  correlation_id: row['correlation_id'],
  created_at: isoTime(row['created_at']),
  updated_at: isoTime(row['updated_at']),
  created_by: row['created_by'],
})

/** Own fields of a stored object. */
export const bodyOf = (stored: Record<string, any>): Body =>
  Object.fromEntries(Object.entries(stored).filter(([key, value]) => !COMMON.has(key) && value !== undefined))

export const tableOf = (definition: ArtifactDefinition): string => `planning.${definition.table}`
