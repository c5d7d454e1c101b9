import { taskOf } from '../agents/tasks.ts'
import { displayNameOf, teamSheets } from '../agents/team.ts'
import type { Board } from '../artifacts/board.ts'
import { definitionOf } from '../artifacts/definitions.ts'
import type { ArtifactType } from '../schema.ts'
import { onBoard } from '../store/load-board.ts'
import type { Step } from './steps.ts'

/** Fields without which an artifact is nothing, as its endpoint requires them. */
const fieldsOf = (type: ArtifactType): string[] =>
  Object.entries(definitionOf(type).input?.shape ?? {})
    .filter(([, field]) => !(field as { safeParse(value: unknown): { success: boolean } }).safeParse(undefined).success)
    .map(([name]) => name)

const makerOf = (type: ArtifactType): string => {
  const maker = teamSheets().find(({ outputs }) => outputs.includes(type))
  return maker ? `; it comes from the ${displayNameOf(maker.name)}` : ''
}

/**
 * Why a step cannot start (contract 5.1): the artifacts its task needs that are missing, with the fields they lack, or that are not valid.
 * Work that is done again starts from what it is there to mend, so only missing ones count then. Empty when nothing is in the way.
 */
export function missingInputs(step: Step, board: Board): string[] {
  const again = step.key !== step.task
  return taskOf(step.agent, step.task).needs.flatMap((type) => {
    const found = onBoard(board, type)
    if (found.length === 0) return [`${type} is missing (${fieldsOf(type).join(', ')})${makerOf(type)}`]
    if (type === 'VenueScorecard' && !found[0]!['selected_venue_id'])
      return [`${type} names no venue (selected_venue_id)${makerOf(type)}`]
    const invalid = found.find(({ validation_status }) => validation_status === 'invalid')
    if (!invalid || again) return []
    const problems = invalid.validation_errors.map(({ field, message }) => `${field}: ${message}`)
    return [`${type} ${invalid.id} is not valid (${problems.slice(0, 5).join('; ')})${makerOf(type)}`]
  })
}
