import { blindIndex, dataKey, seal, sealedWith, unseal } from '../../kernel/access/data-keys.ts'
import type { Ctx } from '../../kernel/context.ts'
import type { Body } from '../artifacts/definition.ts'

type Keyed = { kernel: Pick<Ctx['kernel'], 'config'> }

/** Fields of supporting records that hold contract terms or contact data; those of artifacts stand in the catalogue. */
export const SEALED_RECORDS: Readonly<Record<string, readonly string[]>> = {
  approvals: ['details', 'escalation_path', 'assigned_to'],
  guest_lists: ['guests'],
  imports: ['guests_before'],
  runbooks: ['roles_and_contacts', 'vendors', 'communications'],
}

/** The body as it is stored: sensitive fields together in one sealed text that opens under this id only. */
export function sealBody(ctx: Keyed, id: string, fields: readonly string[] | undefined, body: Body): Body {
  const secret = (fields ?? []).filter((field) => body[field] !== undefined)
  if (secret.length === 0) return body
  const key = dataKey(ctx.kernel.config)
  const rest = Object.fromEntries(Object.entries(body).filter(([field]) => !secret.includes(field)))
  const names = (body['stakeholders'] ?? []) as { name: string; email: string | null }[]
  const people = names.flatMap(({ name, email }) => (email ? [name, email] : [name]))
  return {
    ...rest,
    $sealed: seal(key, JSON.stringify(Object.fromEntries(secret.map((field) => [field, body[field]]))), id),
    ...(people.length > 0 ? { $people: people.map((person) => blindIndex(key, person)) } : {}),
  }
}

/** The body as it was written; bodies stored before anything was sealed come back as they are. */
export function openBody(id: string, stored: Body): Body {
  if (typeof stored['$sealed'] !== 'string') return stored
  const { $sealed, $people: _people, ...rest } = stored
  return { ...rest, ...(JSON.parse(unseal($sealed, id)) as Body) }
}

/** Whether a stored body has sensitive fields in the open, or sealed with a key that is not the first any more. */
export function needsSeal(ctx: Keyed, fields: readonly string[], stored: Body): boolean {
  if (fields.some((field) => stored[field] !== undefined)) return true
  return typeof stored['$sealed'] === 'string' && sealedWith(stored['$sealed']) !== dataKey(ctx.kernel.config).id
}
