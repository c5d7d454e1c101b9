import type { Ctx } from '../../kernel/context.ts'

/** Who is written down: the user's id, the agent's display name, or `system`. */
export const actorName = ({ actor }: Pick<Ctx, 'actor'>): string =>
  actor.kind === 'system' ? 'system' : actor.kind === 'agent' ? (actor.name ?? actor.id) : actor.id
