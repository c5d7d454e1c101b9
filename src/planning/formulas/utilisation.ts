import { daysBetween, round } from './round.ts'

type Span = { start: string; end: string }
export type UsedResource = {
  type: string
  quantity?: number | undefined
  availability: readonly Span[]
  assignments: readonly (Span & { units?: number | undefined })[]
}

const hours = ({ start, end }: Span) => daysBetween(start, end) * 24

/** Assigned hours over available hours × quantity; null without availability. */
export function utilisation(resource: UsedResource): number | null {
  const available = resource.availability.reduce((sum, span) => sum + hours(span), 0) * (resource.quantity ?? 1)
  if (available <= 0) return null
  return resource.assignments.reduce((sum, span) => sum + hours(span) * (span.units ?? 1), 0) / available
}

/** 1 − σ/μ (population coefficient of variation) of the utilisations, in percent, at least 0; null when nothing is assigned. */
export function balanceOf(values: readonly number[]): number | null {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length
  if (values.length === 0 || mean === 0) return null
  if (values.every((value) => Math.abs(value - values[0]!) < 1e-9)) return 100
  const deviation = Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length)
  return round(Math.max(0, 1 - deviation / mean) * 100)
}

/** Contract 6.7: over people and equipment with availability. */
export const utilisationBalance = (resources: readonly UsedResource[]): number | null =>
  balanceOf(
    resources
      .filter(({ type }) => type === 'Person' || type === 'Equipment')
      .map(utilisation)
      .filter((value) => value !== null),
  )
