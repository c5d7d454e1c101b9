import type {
  Approval,
  BudgetBaseline,
  BudgetDecision,
  Change,
  CommunicationsPlan,
  ContingencyPlan,
  CostModel,
  Decision,
  EventBrief,
  Execution,
  Feedback,
  Incident,
  LogisticsPlan,
  Requirements,
  ResourceRoster,
  Risk,
  Schedule,
  StakeholderMap,
  Task,
  Timeline,
  VendorContract,
  VenueAvailability,
  VenueCriteria,
  VenueLead,
  VenueNegotiationNotes,
  VenueScorecard,
  VenueShortlist,
} from '../schema.ts'

/** One-per-parent artifacts of an event; null while missing. */
export type BoardSingles = {
  Requirements: Requirements | null
  StakeholderMap: StakeholderMap | null
  Timeline: Timeline | null
  BudgetBaseline: BudgetBaseline | null
  CostModel: CostModel | null
  BudgetDecision: BudgetDecision | null
  VenueCriteria: VenueCriteria | null
  VenueScorecard: VenueScorecard | null
  LogisticsPlan: LogisticsPlan | null
  Schedule: Schedule | null
  ResourceRoster: ResourceRoster | null
  ContingencyPlan: ContingencyPlan | null
  CommunicationsPlan: CommunicationsPlan | null
}
/** List artifacts of an event, ordered by id. */
export type BoardLists = {
  TaskRegister: Task[]
  VenueLeads: VenueLead[]
  VenueShortlist: VenueShortlist[]
  VenueAvailability: VenueAvailability[]
  VenueNegotiationNotes: VenueNegotiationNotes[]
  VendorContracts: VendorContract[]
  RiskRegister: Risk[]
}
export type BoardArtifacts = BoardSingles & BoardLists
export type SingleType = keyof BoardSingles
export type ListType = keyof BoardLists

/** Everything rules, gates and formulas read about one event: the committed versions and the records around them. */
export type Board = {
  /** ISO time of the reading; rules take no other clock. */
  now: string
  brief: EventBrief
  artifacts: BoardArtifacts
  /** Oldest first; `approvals` of a change include later outcomes. */
  changes: Change[]
  decisions: Decision[]
  approvals: Approval[]
  incidents: Incident[]
  executions: Execution[]
  feedback: Feedback[]
  /** First version of the timeline passing G2, before that the first version; null without a timeline. */
  baselineTimeline: Timeline | null
  /** First version of each task by id, for planned durations. */
  firstTasks: Readonly<Record<string, Task>>
}
