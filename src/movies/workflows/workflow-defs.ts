import type { WorkflowType } from '../schema.ts'
import { characterDevelopment } from './character-development.ts'
import { episodeProduction } from './episode-production.ts'
import { movieCreation } from './movie-creation.ts'
import type { StateDef, TaskDef, WorkflowDef } from './workflow-def.ts'

export const WORKFLOWS: Record<WorkflowType, WorkflowDef> = {
  movie_creation: movieCreation,
  episode_production: episodeProduction,
  character_development: characterDevelopment,
}

export const stateDef = (type: WorkflowType, id: string): StateDef => {
  const found = WORKFLOWS[type].states.find((state) => state.id === id)
  if (!found) throw new Error(`workflow type ${type} has no state ${id}`)
  return found
}

export const taskDef = (type: WorkflowType, state: string, id: string): TaskDef => {
  const found = stateDef(type, state).tasks.find((task) => task.id === id)
  if (!found) throw new Error(`state ${state} of ${type} has no task ${id}`)
  return found
}

export const stateIndex = (type: WorkflowType, id: string) =>
  WORKFLOWS[type].states.findIndex((state) => state.id === id)
