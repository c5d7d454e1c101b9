import type { Ctx } from '../../kernel/context.ts'
import type { Tx } from '../../kernel/db/database.ts'
import { AppError } from '../../kernel/errors/app-error.ts'
import { emit } from '../../kernel/events/emit.ts'
import type { Board } from '../artifacts/board.ts'
import { money, sumMoney } from '../formulas/round.ts'
import {
  type ArtifactType,
  type BudgetImportInput,
  type Guest,
  type GuestImportInput,
  type GuestList,
  type ImportRecord,
  isoTime,
} from '../schema.ts'
import { actorName } from '../store/actor-name.ts'
import { loadBoard, lockEvent, notFound } from '../store/load-board.ts'
import { listRecords, putRecord } from '../store/records.ts'
import { openBody } from '../store/sealed.ts'
import { nextId } from '../store/sequence.ts'
import { requireEventAccess, requireOpen } from '../verbs/access.ts'
import { patchEventIn } from '../verbs/event-briefs.ts'
import { saveArtifactIn, versionConflict } from '../verbs/save-artifact.ts'
import { safeText } from './read-rows.ts'

type Kept = ImportRecord & { guests_before?: Guest[] | null }

async function opened(tx: Tx, ctx: Ctx, id: string): Promise<Board> {
  await lockEvent(tx, id)
  const board = await loadBoard(tx, id, new Date(ctx.kernel.clock.now()))
  requireEventAccess(ctx.actor, board)
  requireOpen(board.brief)
  return board
}

async function keep(tx: Tx, ctx: Ctx, id: string, rest: Pick<Kept, 'kind' | 'rows' | 'wrote' | 'guests_before'>) {
  const record: Kept = {
    id: await nextId(tx, 'imp', id),
    event_brief_id: id,
    ...rest,
    applied_at: isoTime(ctx.kernel.clock.now()),
    applied_by: actorName(ctx),
    undone_at: null,
  }
  await putRecord(tx, ctx, 'imports', record.id, id, record)
  await tell(tx, ctx, id, `${rest.kind} imported: ${rest.rows} rows`, record)
  return shown(record)
}
const shown = ({ guests_before: _before, ...record }: Kept): ImportRecord => record
const tell = (tx: Tx, ctx: Ctx, id: string, summary: string, record: Kept) =>
  emit(tx, ctx, {
    domain: 'planning',
    type: record.undone_at ? 'import.undone' : 'import.applied',
    stream: `brief:${id}`,
    summary,
    data: { event_brief_id: id, import_id: record.id, kind: record.kind },
  })

/**
 * Makes previewed budget rows the cost lines of the event: a new version of the CostModel, and a baseline of their sums when there is none.
 * What follows from another budget (1.7) follows here too.
 */
export async function applyBudget(ctx: Ctx, id: string, { lines }: BudgetImportInput): Promise<ImportRecord> {
  return ctx.kernel.db.transaction(async (tx) => {
    const { artifacts } = await opened(tx, ctx, id)
    const line_items = lines.map(({ category, item, quantity, unit_cost }) => ({
      category: safeText(category),
      item: safeText(item),
      quantity,
      unit_cost,
      total: money(quantity * unit_cost),
    }))
    const wrote: ImportRecord['wrote'] = []
    const note = (artifact_type: ArtifactType, version: number) =>
      wrote.push({ artifact_type, version, before: version - 1 })
    if (!artifacts.BudgetBaseline)
      note('BudgetBaseline', (await saveArtifactIn(tx, ctx, id, 'BudgetBaseline', baselineOf(line_items))).version)
    const rules = artifacts.CostModel?.variance_rules
    const model = await saveArtifactIn(tx, ctx, id, 'CostModel', {
      line_items,
      ...(rules ? { variance_rules: rules } : {}),
    })
    note('CostModel', model.version)
    return keep(tx, ctx, id, { kind: 'budget', rows: lines.length, wrote })
  })
}

function baselineOf(lines: { category: string; total: number }[]) {
  const total = sumMoney(lines.map((line) => line.total))
  const names = [...new Set(lines.map(({ category }) => category))]
  return {
    total_budget: total,
    category_allocations: names.map((category) => {
      const allocated = sumMoney(lines.filter((line) => line.category === category).map((line) => line.total))
      return { category, allocated, percentage: total > 0 ? allocated / total : 0 }
    }),
    assumptions: 'Sums of an imported budget',
  }
}

const idOf = (eventId: string) => `guests-${eventId}`

async function storeGuests(tx: Tx, ctx: Ctx, eventId: string, guests: Guest[], version: number): Promise<GuestList> {
  const diets: Record<string, number> = {}
  for (const diet of guests.map((guest) => guest.diet.toLowerCase()).filter(Boolean))
    diets[diet] = (diets[diet] ?? 0) + 1
  const made: GuestList = {
    event_brief_id: eventId,
    version,
    guests,
    head_count: guests.length,
    diets,
    imported_at: isoTime(ctx.kernel.clock.now()),
    imported_by: actorName(ctx),
  }
  await putRecord(tx, ctx, 'guest_lists', idOf(eventId), eventId, made)
  return made
}

/** Keeps a previewed guest list and, when wanted, makes the number of guests the size of the event, as a change like any other (4). */
export async function applyGuests(ctx: Ctx, id: string, input: GuestImportInput): Promise<ImportRecord> {
  return ctx.kernel.db.transaction(async (tx) => {
    const { brief } = await opened(tx, ctx, id)
    const [before] = await listRecords<GuestList>(tx, 'guest_lists', id)
    const guests = input.guests.map(({ name, email, diet }) => ({ name: safeText(name), email, diet: safeText(diet) }))
    const list = await storeGuests(tx, ctx, id, guests, (before?.version ?? 0) + 1)
    const wrote: ImportRecord['wrote'] = [
      { artifact_type: 'GuestList', version: list.version, before: before?.version ?? 0 },
    ]
    if (input.update_audience && guests.length !== brief.audience_size) {
      const { version } = await patchEventIn(tx, ctx, id, { audience_size: guests.length })
      wrote.push({ artifact_type: 'EventBrief', version, before: brief.version })
    }
    return keep(tx, ctx, id, { kind: 'guests', rows: guests.length, wrote, guests_before: before?.guests ?? null })
  })
}

/** The guest list of an event. Throws NOT_FOUND before one was imported. */
export async function readGuests(ctx: Ctx, id: string): Promise<GuestList> {
  const board = await loadBoard(ctx.kernel.db, id, new Date(ctx.kernel.clock.now()))
  requireEventAccess(ctx.actor, board)
  const [found] = await listRecords<GuestList>(ctx.kernel.db, 'guest_lists', id)
  if (!found) throw notFound('GuestList', id)
  return found
}

/** Imports of an event, oldest first. */
export async function listImports(ctx: Ctx, id: string): Promise<ImportRecord[]> {
  const board = await loadBoard(ctx.kernel.db, id, new Date(ctx.kernel.clock.now()))
  requireEventAccess(ctx.actor, board)
  return (await listRecords<Kept>(ctx.kernel.db, 'imports', id)).map(shown)
}

async function bodyBefore(tx: Tx, type: string, artifactId: string, version: number): Promise<Record<string, unknown>> {
  const { rows } = await tx.query(
    'select body from planning.artifact_versions where artifact_type = $1 and artifact_id = $2 and version = $3',
    [type, artifactId, version],
  )
  return openBody(artifactId, rows[0]!['body'])
}

/**
 * Takes an import back: what it replaced is written again as a newer version, so nothing is lost either way. VERSION_CONFLICT when
 * something was changed since; INVALID_TRANSITION when it is undone already or there was nothing before it.
 */
export async function undoImport(ctx: Ctx, id: string, importId: string): Promise<ImportRecord> {
  return ctx.kernel.db.transaction(async (tx) => {
    const board = await opened(tx, ctx, id)
    const record = (await listRecords<Kept>(tx, 'imports', id)).find((one) => one.id === importId)
    if (!record) throw notFound('Import', importId)
    const [guests] = await listRecords<GuestList>(tx, 'guest_lists', id)
    const versions: Record<string, { id: string; version: number } | null | undefined> = {
      EventBrief: board.brief,
      CostModel: board.artifacts.CostModel,
      BudgetBaseline: board.artifacts.BudgetBaseline,
      GuestList: guests ? { id: idOf(id), version: guests.version } : null,
    }
    if (record.undone_at)
      throw new AppError('INVALID_TRANSITION', `Invalid transition from undone to undone`, {
        current: 'undone',
        target: 'undone',
      })
    for (const { artifact_type, version } of record.wrote) {
      const now = versions[artifact_type]
      if (now?.version !== version) throw versionConflict(now?.id ?? artifact_type, version, now?.version ?? 0)
    }
    for (const { artifact_type, version, before } of record.wrote) {
      if (artifact_type === 'GuestList') {
        if (before === 0) await tx.query('delete from planning.guest_lists where event_brief_id = $1', [id])
        else await storeGuests(tx, ctx, id, record.guests_before ?? [], version + 1)
      } else if (before === 0)
        throw new AppError(
          'INVALID_TRANSITION',
          `There was no ${artifact_type} before this import: write another one instead of undoing it`,
          { current: 'applied', target: 'undone' },
        )
      else {
        const body = await bodyBefore(tx, artifact_type, versions[artifact_type]!.id, before)
        if (artifact_type === 'EventBrief') await patchEventIn(tx, ctx, id, { audience_size: body['audience_size'] })
        else await saveArtifactIn(tx, ctx, id, artifact_type as ArtifactType, body)
      }
    }
    const undone = { ...record, undone_at: isoTime(ctx.kernel.clock.now()) }
    await putRecord(tx, ctx, 'imports', importId, id, undone)
    await tell(tx, ctx, id, `${record.kind} import taken back`, undone)
    return shown(undone)
  })
}
