import type { Ctx } from '../../kernel/context.ts'
import type { Tx } from '../../kernel/db/database.ts'
import type { Board } from '../artifacts/board.ts'
import type { Runbook } from '../schema.ts'
import { isoTime } from '../schema.ts'
import { listRecords, putRecord } from '../store/records.ts'

/** The run-book of a board (3.30). Parts whose artifact is not valid are left out. */
export function buildRunbook(board: Board, version: number): Runbook {
  const { artifacts, brief, now, changes } = board
  const valid = <T extends { validation_status: string }>(found: T | null): T | null =>
    found?.validation_status === 'valid' ? found : null
  const plan = valid(artifacts.LogisticsPlan)
  const contingency = valid(artifacts.ContingencyPlan)
  const contracts = artifacts.VendorContracts.filter(
    ({ status, validation_status }) => status !== 'cancelled' && validation_status === 'valid',
  )
  const sessions = [...(valid(artifacts.Schedule)?.sessions ?? [])].sort((a, b) =>
    a.start === b.start ? (a.id < b.id ? -1 : 1) : a.start < b.start ? -1 : 1,
  )
  const people = valid(artifacts.StakeholderMap)?.stakeholders ?? []
  return {
    event_brief_id: brief.id,
    version,
    generated_at: now,
    schedule: sessions,
    roles_and_contacts: [
      ...people.map(({ name, role, email, contact_info }) => ({
        name,
        role,
        email,
        contact_info: contact_info ?? null,
      })),
      ...(valid(artifacts.ResourceRoster)?.resources ?? [])
        .filter(({ type }) => type === 'Person')
        .map(({ id, name, role }) => ({ name, role: role ?? 'Crew', email: null, resource_id: id })),
    ],
    workflows: (plan?.workflows ?? []).map((flow) => ({ ...flow, time: flow.start ?? null })),
    vendors: contracts.map(({ id, vendor_name, service_type, sla }) => ({
      id,
      contact: vendor_name,
      service_type,
      sla,
    })),
    contingencies: (contingency?.scenarios ?? []).map(
      ({ scenario, trigger, trigger_key, response, owner, task_ids }) => ({
        scenario,
        trigger,
        trigger_key,
        response,
        owner,
        task_ids,
      }),
    ),
    communications: valid(artifacts.CommunicationsPlan)?.communications ?? [],
    checklist: [
      ...sessions.map(({ start, title, location }) => `${start} ${title} ready at ${location}`),
      ...(plan?.workflows ?? []).flatMap(({ workflow, steps }) => steps.map((step) => `${workflow}: ${step}`)),
      ...contracts.map(({ vendor_name }) => `${vendor_name} confirmed`),
      ...(contingency?.scenarios ?? []).map(({ scenario, owner }) => `${owner} briefed on "${scenario}"`),
    ],
    change_log_from: changes.at(-1)?.id ?? null,
  }
}

/** Writes the run-book anew, version + 1. */
export async function refreshRunbook(tx: Tx, ctx: Ctx, board: Board): Promise<Runbook> {
  const [before] = await listRecords<Runbook>(tx, 'runbooks', board.brief.id)
  const runbook = buildRunbook({ ...board, now: isoTime(ctx.kernel.clock.now()) }, (before?.version ?? 0) + 1)
  await putRecord(tx, ctx, 'runbooks', `runbook-${board.brief.id}`, board.brief.id, runbook)
  return runbook
}
