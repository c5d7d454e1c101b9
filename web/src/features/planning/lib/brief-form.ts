import type { BriefInput } from '../api/briefs.ts'
import { fromLocalInput } from './dates.ts'

export type BriefForm = Record<
  'title' | 'date_range_start' | 'date_range_end' | 'audience_size' | 'event_type' | 'objectives' | 'constraints',
  string
>
export const EMPTY_FORM: BriefForm = {
  title: '',
  date_range_start: '',
  date_range_end: '',
  audience_size: '',
  event_type: 'meetup',
  objectives: '',
  constraints: '',
}

/** What the service would refuse, said beside the field before it is sent. */
export function briefProblems(form: BriefForm): Partial<Record<keyof BriefForm, string>> {
  const out: Partial<Record<keyof BriefForm, string>> = {}
  if (form.title.trim() === '') out.title = 'Give the event a title'
  if (form.date_range_start === '') out.date_range_start = 'Choose when it starts'
  if (form.date_range_end === '') out.date_range_end = 'Choose when it ends'
  else if (form.date_range_start && fromLocalInput(form.date_range_end) <= fromLocalInput(form.date_range_start))
    out.date_range_end = 'The end must be after the start'
  const people = Number(form.audience_size)
  if (!Number.isInteger(people) || people < 1 || people > 1_000_000)
    out.audience_size = 'A whole number from 1 to 1 000 000'
  if (form.objectives.trim() === '') out.objectives = 'Say what the event is for'
  return out
}

export function toBriefInput(form: BriefForm): BriefInput {
  return {
    title: form.title.trim(),
    date_range_start: fromLocalInput(form.date_range_start),
    date_range_end: fromLocalInput(form.date_range_end),
    audience_size: Number(form.audience_size),
    event_type: form.event_type,
    objectives: form.objectives.trim(),
    constraints: form.constraints,
  }
}
