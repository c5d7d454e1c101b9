/** The shapes of the planning API as its contract writes them. */
export const STATES = [
  'Initiate',
  'Plan',
  'Research',
  'Budget',
  'Logistics',
  'Confirm',
  'Execute',
  'Postmortem',
] as const
export type LifecycleState = (typeof STATES)[number]
export const EVENT_TYPES = ['meetup', 'conference', 'workshop', 'gala', 'festival'] as const
export const LEVELS = ['Beginner', 'Intermediate', 'Advanced'] as const
export const TARGETS = ['Plan', 'Research', 'Budget', 'Logistics', 'Confirm', 'Execute'] as const
export const MODES = ['autonomous', 'collaborative', 'interactive'] as const

export type Common = {
  id: string
  version: number
  validation_status?: string
  validation_errors?: { code: string; message: string; field?: string }[]
  created_at?: string
  updated_at?: string
  created_by?: string
}
export type EventBrief = Common & {
  title: string
  date_range_start: string
  date_range_end: string
  audience_size: number
  event_type: string
  objectives: string
  constraints: string
  assumptions: string[]
  lifecycle_state: LifecycleState
  instruction_level?: string | null
  outcome?: string | null
  closed_at?: string | null
}
export type Page<T> = { data: T[]; total: number; limit: number; offset: number }
export type GateResult = {
  gate: string
  check: string
  code: string
  passed: boolean
  message: string
  artifact_id?: string
}
export type Gates = {
  event_brief_id: string
  current_state: LifecycleState
  next_state: LifecycleState | null
  passed: boolean
  missing_artifacts: string[]
  failed_gates: string[]
  gate_results: GateResult[]
}
export type Requirements = Common & {
  functional_requirements: string[]
  nonfunctional_requirements: string[]
  must_haves: string[]
  nice_to_haves: string[]
}
export type StakeholderMap = Common & {
  stakeholders: { name: string; role: string; email?: string; decision_rights?: string[]; backup_for?: string | null }[]
}
export type Timeline = Common & {
  phases: { name: string; start: string; end: string }[]
  milestones: { id: string; name: string; date: string; dependencies?: string[] }[]
  critical_path: string[]
  computed_critical_path?: string[]
  baseline_end?: string | null
  forecast_end?: string | null
}
export type PlanTask = Common & {
  title: string
  description: string
  owner: string
  status: string
  start_date: string
  end_date: string
  dependencies: string[]
  milestone_id?: string | null
  estimated_hours?: number | null
  completed_at?: string | null
  planned_end_date?: string | null
  slack?: number | null
  dependency_warning?: boolean
}
export type BudgetBaseline = Common & {
  total_budget: number
  currency: string
  category_allocations: { category: string; allocated: number; percentage: number }[]
  assumptions?: string
}
export type CostLine = {
  category: string
  item: string
  quantity: number
  unit_cost: number
  total: number
  list_unit_cost?: number | null
  actual_total?: number | null
  vendor_contract_id?: string | null
  is_reserve?: boolean
}
export type CostModel = Common & {
  line_items: CostLine[]
  variance_rules: { max_variance_percent: number; require_approval_threshold: number }
  total_cost: number
  variance_amount: number
  variance_percent: number
  within_variance: boolean
  savings?: { amount: number | null; percent: number | null; actions?: string[] } | null
  reserve?: { amount: number; exposure: number; adequacy_percent: number | null } | null
  scenarios?: { name: string; total_cost: number; variance_percent: number }[]
  mitigation_options?: { kind: string; description: string; saving: number; trade_off: string; rank: number }[]
}
export type BudgetDecision = Common & {
  approved_total: number
  status: string
  approved_date: string | null
  approvals: { approver: string; role: string; timestamp: string; kind: string; comments?: string }[]
  over_budget: boolean
  rationale?: string
}
export type VenueCriteria = Common & {
  min_capacity: number
  max_capacity: number
  budget_range_min: number
  budget_range_max: number
  location_preferences: string[]
  required_amenities: string[]
  accessibility_requirements: string[]
  layout_requirements?: string
}
export type Venue = Common & {
  venue_name: string
  capacity: number
  location: string
  cost_estimate: number
  initial_score: number
  venue_role: string
  amenities: string[]
  status: string
  budget_fit: boolean
  capacity_fit: boolean
  exception_rationale?: string | null
}
export type Scorecard = Common & {
  criteria_weights: { criterion: string; weight: number }[]
  candidate_scores: { venue_id: string; scores: Record<string, number>; total: number; rank: number }[]
  selected_venue_id: string | null
  selection_rationale: string | null
}
export type Availability = Common & {
  shortlist_id: string
  dates: { start: string; end: string; available: boolean }[]
  hold_status: string
  hold_expires_at?: string | null
  constraints?: string | null
}
export type Lead = Common & {
  venue_name: string
  source: string
  contact_info?: { phone?: string; email?: string; website?: string }
  initial_notes?: string
}
export type Negotiation = Common & {
  shortlist_id: string
  terms: string
  concessions: { item: string; value?: number }[]
  status: string
}
export type CommunicationsPlan = Common & {
  communications: { audience: string; channel: string; cadence: string; message: string; owner: string }[]
  escalation_paths: { approval_type: string; primary: string; backups: string[]; timeout_minutes?: number | null }[]
}
export type Contract = Common & {
  vendor_name: string
  service_type: string
  terms: { start_date: string; end_date: string; total_cost: number; payment_terms?: string } | null
  sla: { metric: string; target: string; penalty?: string }[] | null
  cancellation_policy: { notice_days: number; penalty: string; text?: string } | null
  status: string
  redacted?: boolean
}
export type LogisticsPlan = Common & {
  workflows: {
    workflow: string
    steps: string[]
    owner?: string
    resources?: string[]
    task_ids?: string[]
    start?: string
    end?: string
  }[]
  layouts?: { area: string; layout: string; capacity: number }[]
  catering?: {
    menu_style: string
    service_type: string
    cost_per_person: number
    total_cost: number
    dietary_accommodations?: string[]
    sample_menu_items?: string[]
  } | null
  policies?: string
}
export type Session = {
  id: string
  title: string
  start: string
  end: string
  location: string
  resources?: string[]
  track?: string | null
  owner?: string | null
}
export type Schedule = Common & { sessions: Session[]; has_resource_conflicts: boolean }
export type Roster = Common & {
  resources: { id: string; type: string; name: string; role?: string; quantity?: number; assignments?: unknown[] }[]
}
export type Contingency = {
  scenario: string
  trigger: string
  trigger_key: string
  response: string
  owner: string
  task_ids: string[]
  risk_ids: string[]
  severity_threshold?: string
  target_resolution_minutes?: number
}
export type ContingencyPlan = Common & { scenarios: Contingency[] }
export type Risk = Common & {
  description: string
  owner: string
  probability: string
  impact: string
  rating: number
  mitigation_strategies: string[]
  status: string
  cost_impact?: number | null
}
export type Incident = {
  id: string
  title: string
  kind: string
  severity: string
  description?: string
  status: string
  occurred_at: string
  resolved_at?: string | null
  resolution?: string | null
  resolution_minutes?: number | null
}
export type Execution = {
  id: string
  incident_id: string
  scenario: string
  trigger_key: string
  status: string
  started_at: string
  resolved_at?: string | null
  resolution_time?: number | null
}
export type ArtifactRef = { artifact_type: string; artifact_id: string; version?: number; field?: string }
export type DecisionEntry = Common & {
  timestamp: string
  owner: string
  description: string
  decision_type: string
  rationale: string
  alternatives_considered: { option: string; score?: number; pros?: string[]; cons?: string[]; rank?: number }[]
  impacted_artifacts: ArtifactRef[]
  approvals: { approver: string; status: string; timestamp: string }[]
  agent_name?: string | null
}
export type ChangeEntry = Common & {
  change_type: string
  description: string
  impact: string
  date: string
  impacted_artifacts: ArtifactRef[]
  approvals: { approver: string; status: string }[]
  amount?: number | null
  initiated_by: string
}
export type Approval = {
  approval_id: string
  approval_type: string
  event_brief_id: string
  artifact_id: string
  artifact_type: string
  artifact_version: number
  status?: string
  requested_at: string
  requested_by: string
  due_at: string
  escalation_level: number
  covers: ArtifactRef[]
  details: Record<string, unknown>
  decided_at?: string | null
  decided_by?: string | null
  comments?: string | null
}
export type AgentState = 'idle' | 'thinking' | 'responding' | 'waiting_approval' | 'waiting_input' | 'error'
export type AgentSession = {
  session_id: string
  event_brief_id: string
  status: string
  waiting_on: { kind: 'approval' | 'question'; id: string; since: string } | null
  partial?: boolean
  instruction_level: string
  target_phase: string
  interaction_mode: string
  current_agent: string | null
  engine?: string
  /** Turns the rules engine wrote in a run with a model. */
  without_model?: { agent_name: string; task: string }[]
  paused?: boolean
  artifacts_generated: ArtifactRef[]
  agents: { agent_name: string; state: string; duration_ms?: number | null; error?: string | null }[]
  errors: string[]
  started_at: string
  completed_at: string | null
}
export type ChatMessage = {
  message_id: string
  role: 'user' | 'agent' | 'system'
  agent_name?: string | null
  content: string
  timestamp: string
}
export type ArtifactRow = ArtifactRef & { version: number; validation_status: string; updated_at: string }
export type Runbook = {
  version: number
  generated_at: string
  checklist: string[]
  roles_and_contacts: { name: string; role: string; email: string | null }[]
  vendors: { id: string; contact: string; service_type: string; sla: { metric: string; target: string }[] | null }[]
  communications: { audience: string; channel: string; cadence: string; message: string; owner: string }[]
}
export type GuestList = {
  version: number
  guests: { name: string; email: string; diet: string }[]
  head_count: number
  diets: Record<string, number>
}
export type ImportRecord = {
  id: string
  kind: 'budget' | 'guests'
  rows: number
  applied_at: string
  applied_by: string
  undone_at: string | null
}
export type Postmortem = {
  summary: string
  incident_summary: {
    total: number
    resolved: number
    longest_resolution_minutes: number
    contingency_executions: number
  }
  decision_count: number
  change_count: number
  lessons: { topic: string; finding: string; recommendation: string }[]
  action_items: { title: string; owner: string; due_date: string }[]
  closed_at: string | null
}
export type Metrics = Record<string, Record<string, unknown>>
