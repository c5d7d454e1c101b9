import { z } from 'zod'
import {
  Common,
  count,
  freeText,
  idOf,
  ids,
  idsOf,
  idText,
  list,
  money,
  name,
  owner,
  refersTo,
  requiredText,
  texts,
  timestamp,
} from './common.ts'
import { CateringService, MenuStyle, ResourceType, Severity } from './enums.ts'

export const Workflow = z.object({
  workflow: name,
  steps: list(requiredText, 1),
  resources: ids.default([]),
  owner: refersTo(z.string().max(200), 'owner').default(''),
  task_ids: idsOf('task').default([]),
  start: timestamp.nullish(),
  end: timestamp.nullish(),
})
export type Workflow = z.infer<typeof Workflow>
export const Catering = z.object({
  menu_style: MenuStyle,
  service_type: CateringService,
  cost_per_person: money,
  total_cost: money.optional(),
  dietary_accommodations: texts.default([]),
  sample_menu_items: texts.default([]),
  includes_beverages: z.boolean().default(true),
  includes_dessert: z.boolean().default(true),
  setup_included: z.boolean().default(true),
  /** Further proposals, per-day menus and the allergen matrix of higher levels. */
  options: z.array(z.record(z.string(), z.unknown())).max(500).optional(),
  daily_menus: z.array(z.record(z.string(), z.unknown())).max(500).optional(),
  allergen_matrix: z.array(z.record(z.string(), z.unknown())).max(500).optional(),
})
export type Catering = z.infer<typeof Catering>

export const Resource = z.object({
  id: idText.optional(),
  type: ResourceType,
  name,
  role: z.string().max(200).nullish(),
  quantity: z.int().min(1).max(1_000_000).default(1),
  availability: list(z.object({ start: timestamp, end: timestamp })).default([]),
  assignments: list(
    z.object({
      start: timestamp,
      end: timestamp,
      session_id: idOf('session').nullish(),
      task_id: idOf('task').nullish(),
      units: z.int().min(1).optional(),
    }),
  ).default([]),
})
export const StoredResource = Resource.extend({ id: idText })
export type StoredResource = z.infer<typeof StoredResource>

const scenarioFields = {
  scenario: name,
  trigger: requiredText,
  trigger_key: z
    .string()
    .regex(/^[a-z0-9_.-]{1,100}$/, 'must be a machine key such as venue_cancellation')
    .optional(),
  response: requiredText,
  owner,
  task_ids: list(idOf('task'), 1),
  risk_ids: idsOf('risk').default([]),
  severity_threshold: Severity.default('high'),
  target_resolution_minutes: z.int().min(1).max(525_600).default(15),
  fallback_venue_id: idOf('venue').nullable().default(null),
}
export const ScenarioInput = z.object(scenarioFields)
export const Scenario = z.object({ ...scenarioFields, trigger_key: z.string() })
export type Scenario = z.infer<typeof Scenario>

const planFields = {
  workflows: list(Workflow, 1),
  resource_ids: idsOf('resource').default([]),
  vendor_ids: idsOf('contract').default([]),
  layouts: list(z.object({ area: name, layout: name, capacity: count })).default([]),
  policies: freeText.default(''),
  catering: Catering.nullable().default(null),
  calendar_name: z
    .string()
    .regex(/^[A-Za-z0-9_-]{1,64}$/)
    .nullable()
    .default(null),
  weather: z.record(z.string(), z.unknown()).nullable().default(null),
}
export const LogisticsPlanInput = z.object({
  ...planFields,
  resources: list(Resource, 1).optional(),
  contingency_scenarios: list(ScenarioInput, 1).optional(),
})
export type LogisticsPlanInput = z.infer<typeof LogisticsPlanInput>
export const LogisticsPlan = Common.extend({
  event_brief_id: idText,
  ...planFields,
  workflows_linked_to_tasks: z.boolean(),
  contingency_triggers_defined: z.boolean(),
  owners_assigned: z.boolean(),
})
export type LogisticsPlan = z.infer<typeof LogisticsPlan>

const sessionFields = {
  title: name,
  start: timestamp,
  end: timestamp,
  location: name,
  resources: idsOf('resource').default([]),
  track: z.string().max(200).nullish(),
  owner: refersTo(z.string().max(200), 'owner').nullish(),
}
export const ScheduleInput = z.object({ sessions: list(z.object({ id: idText.optional(), ...sessionFields }), 1) })
export type ScheduleInput = z.infer<typeof ScheduleInput>
export const ScheduleSession = z.object({ id: idText, ...sessionFields })
export type ScheduleSession = z.infer<typeof ScheduleSession>
export const Schedule = Common.extend({
  logistics_plan_id: idText,
  sessions: list(ScheduleSession, 1),
  has_resource_conflicts: z.boolean(),
})
export type Schedule = z.infer<typeof Schedule>

export const ResourceRosterInput = z.object({ resources: list(Resource, 1) })
export type ResourceRosterInput = z.infer<typeof ResourceRosterInput>
export const ResourceRoster = Common.extend({ logistics_plan_id: idText, resources: list(StoredResource, 1) })
export type ResourceRoster = z.infer<typeof ResourceRoster>

export const ContingencyPlanInput = z.object({ scenarios: list(ScenarioInput, 1) })
export type ContingencyPlanInput = z.infer<typeof ContingencyPlanInput>
export const ContingencyPlan = Common.extend({
  logistics_plan_id: idText,
  scenarios: list(Scenario, 1),
  warnings: z.array(z.string()),
})
export type ContingencyPlan = z.infer<typeof ContingencyPlan>
