import type { AgentSession } from '../types.ts'

type Props = { session: Pick<AgentSession, 'engine' | 'without_model'>; modelless: boolean }

/** Says what no model thought about: all of a run, or the turns the rules engine had to write. */
export function MadeBy({ session, modelless }: Props) {
  const { engine, without_model: parts = [] } = session
  const all = engine === 'rules' || (engine === undefined && modelless)
  if (!all && parts.length === 0) return null
  return (
    <span
      title={
        all
          ? 'The team worked by its rules, without a model.'
          : `By the rules of the team: ${parts.map(({ agent_name, task }) => `${agent_name} (${task})`).join(', ')}`
      }
      className="hatched rounded px-1.5 py-0.5 text-2xs text-draft-ink"
    >
      {all ? 'made without a model' : `${parts.length} part${parts.length > 1 ? 's' : ''} made without the model`}
    </span>
  )
}
