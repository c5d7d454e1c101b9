import type { AgentName, InstructionLevel, RiskLevel } from '../schema.ts'

type WorkItem = { title: string; owner: AgentName; level: InstructionLevel }
type MilestoneRow = {
  name: string
  level: InstructionLevel
  /** Days before the first event day: a share of the lead, or fixed. */
  share?: number
  days?: number
  /** The first item is the main one, on the chain; the others run beside it. */
  work: readonly WorkItem[]
}
const work = (title: string, owner: AgentName, level: InstructionLevel = 'Beginner'): WorkItem => ({
  title,
  owner,
  level,
})

/** Milestones with the work that leads to them (contract 4.9). */
export const MILESTONES: readonly MilestoneRow[] = [
  {
    name: 'Scope approved',
    level: 'Beginner',
    share: 0.6,
    work: [
      work('Agree scope and requirements', 'event-planner'),
      work('Draft the budget frame', 'budget-analyst'),
      work('Check permits, insurance and house rules', 'logistics-coordinator'),
      work('Map stakeholders and their decisions', 'event-planner', 'Advanced'),
    ],
  },
  {
    name: 'Holds placed',
    level: 'Advanced',
    share: 0.5,
    work: [
      work('Place holds on venues', 'venue-researcher', 'Advanced'),
      work('Compare halls, access and layouts', 'venue-researcher', 'Advanced'),
    ],
  },
  {
    name: 'Budget approved',
    level: 'Intermediate',
    share: 0.45,
    work: [
      work('Build the cost model and have it approved', 'budget-analyst', 'Intermediate'),
      work('Collect catering proposals', 'catering-coordinator', 'Intermediate'),
    ],
  },
  {
    name: 'Communications launched',
    level: 'Advanced',
    share: 0.4,
    work: [
      work('Launch communications', 'event-planner', 'Advanced'),
      work('Open registration', 'logistics-coordinator', 'Advanced'),
    ],
  },
  {
    name: 'Venue confirmed',
    level: 'Beginner',
    share: 0.3,
    work: [
      work('Find, score and confirm the venue', 'venue-researcher'),
      work('Plan food and dietary needs', 'catering-coordinator'),
      work('Walk through the venue: access, exits, power', 'logistics-coordinator', 'Intermediate'),
      work('Negotiate venue terms', 'venue-researcher', 'Advanced'),
    ],
  },
  {
    name: 'Vendors contracted',
    level: 'Intermediate',
    share: 0.25,
    work: [
      work('Negotiate and sign vendor contracts', 'logistics-coordinator', 'Intermediate'),
      work('Agree service levels with vendors', 'budget-analyst', 'Intermediate'),
      work('Insure the event', 'budget-analyst', 'Advanced'),
    ],
  },
  {
    name: 'Programme fixed',
    level: 'Intermediate',
    share: 0.2,
    work: [
      work('Fix tracks, speakers and sessions', 'event-planner', 'Intermediate'),
      work('Test AV equipment', 'logistics-coordinator', 'Intermediate'),
      work('Brief speakers and collect slides', 'event-planner', 'Intermediate'),
      work('Recruit and brief staff and volunteers', 'logistics-coordinator', 'Intermediate'),
      work('Design and print badges, signs and programme', 'event-planner', 'Intermediate'),
      work('Plan the expo floor', 'logistics-coordinator', 'Advanced'),
    ],
  },
  {
    name: 'Contingency rehearsal',
    level: 'Advanced',
    days: 7,
    work: [
      work('Rehearse contingencies', 'logistics-coordinator', 'Advanced'),
      work('Rehearse streaming', 'logistics-coordinator', 'Advanced'),
    ],
  },
  {
    name: 'Go / no-go',
    level: 'Advanced',
    days: 2,
    work: [
      work('Hold the go / no-go review', 'event-planner', 'Advanced'),
      work('Walk the run of show with everybody on site', 'logistics-coordinator', 'Advanced'),
    ],
  },
  {
    name: 'Event opens',
    level: 'Beginner',
    days: 0,
    work: [
      work('Prepare rooms, equipment and programme', 'logistics-coordinator'),
      work('Invite guests and collect registrations', 'event-planner'),
      work('Guarantee numbers and diets to the caterer', 'catering-coordinator'),
      work('Set up streaming', 'logistics-coordinator', 'Advanced'),
    ],
  },
]

export type RiskRow = {
  key: string
  description: string
  level: InstructionLevel
  probability: RiskLevel
  impact: RiskLevel
  /** From Intermediate on. */
  later?: [RiskLevel, RiskLevel]
  owner: AgentName
  mitigations: readonly string[]
  trigger: string
  response: string
}

/** The generated risks (contract 4.9) with what triggers and answers them. */
export const RISKS: readonly RiskRow[] = [
  {
    key: 'venue_cancellation',
    description: 'Venue unavailable or cancelled at short notice',
    level: 'Beginner',
    probability: 'low',
    impact: 'high',
    owner: 'venue-researcher',
    mitigations: ['Keep the runner-up of the scorecard informed', 'Agree a cancellation clause'],
    trigger: 'The venue cancels or cannot be used',
    response: 'Move to the best venue left on the scorecard, tell stakeholders, renew venue and budget approval',
  },
  {
    key: 'low_attendance',
    description: 'Low attendance',
    level: 'Beginner',
    probability: 'medium',
    impact: 'low',
    later: ['medium', 'medium'],
    owner: 'event-planner',
    mitigations: ['Confirm registrations a week ahead', 'Keep catering numbers adjustable until three days before'],
    trigger: 'Registrations are below 70 % of the plan two weeks ahead',
    response: 'Widen the invitation, cut catering and rooms to the confirmed number',
  },
  {
    key: 'vendor_cancellation',
    description: 'A vendor cancels',
    level: 'Intermediate',
    probability: 'medium',
    impact: 'medium',
    owner: 'logistics-coordinator',
    mitigations: ['Keep a second quote for each service', 'Contracts with notice and penalty'],
    trigger: 'A vendor cancels or misses a milestone of its contract',
    response: 'Call the second quote, move the allocation, have the replacement approved',
  },
  {
    key: 'av_failure',
    description: 'AV equipment fails',
    level: 'Intermediate',
    probability: 'low',
    impact: 'medium',
    owner: 'logistics-coordinator',
    mitigations: ['Spare projector and microphones on site'],
    trigger: 'Sound or picture fails for more than five minutes',
    response: 'Swap in the spare set, re-order the sessions of the track',
  },
  {
    key: 'speaker_no_show',
    description: 'A speaker does not come',
    level: 'Intermediate',
    probability: 'medium',
    impact: 'low',
    owner: 'event-planner',
    mitigations: ['Two stand-by speakers'],
    trigger: 'A speaker is not on site an hour before the session',
    response: 'Call a stand-by speaker or merge the session',
  },
  {
    key: 'travel_or_weather',
    description: 'Travel or weather keeps guests away',
    level: 'Intermediate',
    probability: 'low',
    impact: 'medium',
    owner: 'logistics-coordinator',
    mitigations: ['Watch the forecast from a week ahead', 'Offer remote participation'],
    trigger: 'A severe weather warning for the event days',
    response: 'Inform guests, start later, open the remote access',
  },
  {
    key: 'streaming_outage',
    description: 'Streaming outage',
    level: 'Advanced',
    probability: 'medium',
    impact: 'medium',
    owner: 'logistics-coordinator',
    mitigations: ['Second uplink and encoder', 'Record locally'],
    trigger: 'The stream is down for more than two minutes',
    response: 'Switch to the second uplink, publish the local recording',
  },
  {
    key: 'registration_bottleneck',
    description: 'Queues at registration',
    level: 'Advanced',
    probability: 'medium',
    impact: 'low',
    owner: 'logistics-coordinator',
    mitigations: ['Badges by code before arrival'],
    trigger: 'Waiting time above fifteen minutes',
    response: 'Open further desks, admit by list',
  },
  {
    key: 'transfer_delay',
    description: 'Delays on the way between venues',
    level: 'Advanced',
    probability: 'low',
    impact: 'medium',
    owner: 'logistics-coordinator',
    mitigations: ['Shuttles with ten minutes of slack'],
    trigger: 'A shuttle is more than ten minutes late',
    response: 'Send the spare shuttle, start sessions later',
  },
  {
    key: 'schedule_compression',
    description: 'Preparation time runs short',
    level: 'Advanced',
    probability: 'medium',
    impact: 'medium',
    owner: 'event-planner',
    mitigations: ['Ten percent buffer on the critical path', 'Weekly forecast against the baseline'],
    trigger: 'The forecast slips by more than 10 %',
    response: 'Reallocate people, cut optional scope, escalate to the owner',
  },
]
