import { z } from 'zod'
import { sceneLimits } from '../engine/run-settings.ts'
import { artifactKind, isArtifactName } from '../schema.ts'
import type { AgentInput } from './craft/craft.ts'
import { castSize } from './craft/story-facts.ts'
import { instructionFor } from './instructions.ts'
import { agentTitle, rosterAgent } from './roster.ts'

export type AgentPrompt = {
  role: string
  instructions: string
  /** Project text and artifacts: marked as data by the gateway, never followed as instruction. */
  material: Record<string, unknown>
  /** The wanted shape for the model; the answer is checked after it was normalised. */
  schema: z.ZodType
  temperature: 'creative' | 'exact'
  template: string
}

/** The prompt of contract 5.2 for one task. Null for an agent that has no words for a model. */
export function buildAgentPrompt(capability: string, product: string, input: AgentInput): AgentPrompt | null {
  const instruction = instructionFor(product)
  const agent = rosterAgent(capability)
  if (!instruction) return null
  const name = product === 'concept_options' ? 'concept_brief' : product
  return {
    role: `You are the ${agentTitle(capability).toLowerCase()} of a film production, department ${agent?.department ?? 'production'}.`,
    instructions: [
      instruction.text,
      ...limitsOf(name, input),
      'Answer with JSON only, in the shape of the schema.',
    ].join('\n'),
    material: materialOf(input),
    schema: shapeOf(name, input),
    temperature: instruction.temperature,
    template: `${name}@${instruction.version}`,
  }
}

/** Limits the schema cannot say. */
function limitsOf(name: string, input: AgentInput): string[] {
  const { settings } = input
  const { target, min, max } = sceneLimits(settings.duration)
  const length = `The film lasts ${settings.duration} seconds.`
  const table: Readonly<Record<string, string[]>> = {
    concept_brief: ['The whole brief has fewer than 250 words.'],
    scene_list: [length, `Make ${target} scenes (${min} to ${max} are accepted).`],
    episode_outline: [length, `Make ${target} scenes (${min} to ${max} are accepted).`],
    character_profiles: [`Make ${castSize(input)} characters.`],
    dialogue_script: [length, 'Speaking takes 0.4 seconds a word.'],
    storyboard_frames: ['A description has at most 60 words.'],
  }
  return table[name] ?? []
}

function materialOf(input: AgentInput): Record<string, unknown> {
  const { workflow, project, settings } = input
  const { purpose: _purpose, feedback, issues, ...item } = input.input
  return {
    project: {
      title: workflow.title,
      description: workflow.description,
      genre: workflow.genre,
      content_rating: project.content_rating,
      style: workflow.style_preferences,
      duration_seconds: settings.duration,
      themes: project.themes,
      characters: project.characters,
      settings: project.settings,
      custom_requirements: project.custom_requirements,
    },
    parameters: workflow.custom_parameters,
    task: { name: input.task.name, run: input.task.run, ...item },
    ...(typeof feedback === 'string' ? { human_feedback: feedback } : {}),
    ...(Array.isArray(issues) && issues.length > 0 ? { gate_issues: issues } : {}),
    ...(input.knowledge.length > 0 ? { knowledge: input.knowledge.slice(0, 3).map((k) => k.text) } : {}),
    ...input.artifacts,
  }
}

/** The JSON Schema of the artifact on a type that accepts anything: what an answer is worth is decided later. */
function shapeOf(name: string, input: AgentInput): z.ZodType {
  if (!isArtifactName(name)) return z.unknown()
  const kind = artifactKind(name)
  const schema = input.task.index !== null && kind.item ? kind.item : kind.schema
  const { $schema: _dialect, ...json } = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' })
  return z.unknown().meta(json as Record<string, unknown>)
}
