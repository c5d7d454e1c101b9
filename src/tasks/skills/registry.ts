import type { Capability } from '../schema.ts'
import { apiCall } from './api/api-call.ts'
import { arithmetic } from './arithmetic/arithmetic.ts'
import { codeMetrics } from './code/code-metrics.ts'
import { database } from './database/database.ts'
import { fileConversion } from './files/file-conversion.ts'
import { reporting } from './report/report.ts'
import type { Skill, SkillRequest } from './skill.ts'
import { tableAnalysis } from './table-analysis/table-analysis.ts'
import { webExtraction } from './web/web-extraction.ts'

/** S1 to S8 of the contract (4.4). What a skill needs to work is loaded when it runs, not here. */
export const SKILLS: readonly Skill[] = [
  arithmetic,
  tableAnalysis,
  webExtraction,
  apiCall,
  fileConversion,
  database,
  reporting,
  codeMetrics,
]

/** Enough to run without a model. */
export const CONFIDENT = 0.8
/** Enough to run before a configured model. */
export const CERTAIN = 0.95

export type Candidate = { skill: Skill; confidence: number }

/** Skills of an agent for a step, the best first; equal ones in the order of the contract. */
export function rankSkills(request: SkillRequest, own: readonly Capability[]): Candidate[] {
  const usable = new Set([...own, ...request.capabilities])
  return SKILLS.filter((skill) => skill.capabilities.some((name) => usable.has(name)))
    .map((skill) => ({ skill, confidence: skill.confidence(request) }))
    .sort((a, b) => b.confidence - a.confidence)
}

const MAX_NAMED = 3

/** Names for "closest built-in skills": those that recognised something, else those of the required capabilities. */
export function closestSkills(request: SkillRequest, ranked: readonly Candidate[]): string[] {
  const hinted = ranked.filter(({ confidence }) => confidence > 0).map(({ skill }) => skill.title)
  const fitting = SKILLS.filter((skill) => skill.capabilities.some((name) => request.capabilities.includes(name)))
  return [...new Set([...hinted, ...fitting.map(({ title }) => title)])].slice(0, MAX_NAMED)
}
