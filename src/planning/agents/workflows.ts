import type { AgentName, Task } from '../schema.ts'

type WorkflowRow = {
  workflow: string
  level: 'Beginner' | 'Intermediate' | 'Advanced'
  owner: AgentName
  steps: string[]
  words: RegExp
}
/** Workflows by level, each with who owns it, its steps, and the words of the tasks that prepare it. */
export const WORKFLOWS: readonly WorkflowRow[] = [
  {
    workflow: 'registration',
    level: 'Beginner',
    owner: 'logistics-coordinator',
    steps: [
      'Desks, signs and badges ready an hour before doors, one desk for access needs',
      'Check guests in by name or code, count them at the door',
      'Help without a registration: list, badge by hand, capacity kept',
      'Close the desk 90 minutes after doors, one person stays',
    ],
    words: /regist|invite/i,
  },
  {
    workflow: 'programme',
    level: 'Beginner',
    owner: 'event-planner',
    steps: [
      'Speakers in, slides loaded, sound check',
      'Welcome with safety and house notes',
      'Run the sessions on time: signs at 5, 2 and 0 minutes',
      'Close with thanks, survey and the way home',
    ],
    words: /programme|tracks|rooms/i,
  },
  {
    workflow: 'networking',
    level: 'Beginner',
    owner: 'logistics-coordinator',
    steps: [
      'Tables and seats for half the guests, the rest stands',
      'Food and drinks open at once at two points, diets labelled',
      'Hosts bring people together and watch for those alone',
      'Clear up, leftovers to a food bank',
    ],
    words: /food|catering|rooms/i,
  },
  {
    workflow: 'build-up and load-out',
    level: 'Beginner',
    owner: 'logistics-coordinator',
    steps: [
      'Load in by the service entrance in the agreed slots',
      'Furniture, signs, power and technology by the floor plan',
      'Safety walk with the venue before doors',
      'Load out after the last guest, rooms handed back with a signed protocol',
    ],
    words: /rooms|equipment|halls|vendor/i,
  },
  {
    workflow: 'catering service',
    level: 'Intermediate',
    owner: 'catering-coordinator',
    steps: [
      'Guarantee the number three days before',
      'Receive the delivery: temperatures, allergen sheets, counts of diets',
      'Serve special diets first, then all; refill every 20 minutes',
      'Count what is left for the next day, clear up',
    ],
    words: /catering|food/i,
  },
  {
    workflow: 'vendor management',
    level: 'Intermediate',
    owner: 'logistics-coordinator',
    steps: [
      'Confirm arrival times, vehicles and names a week before',
      'Receive each vendor at the service entrance, show the place and the power',
      'Accept the set-up in writing an hour before doors',
      'Check service levels during the day, note deviations for the bill',
    ],
    words: /vendor/i,
  },
  {
    workflow: 'streaming',
    level: 'Advanced',
    owner: 'logistics-coordinator',
    steps: [
      'Set up encoder and two uplinks, local recording on',
      'Test with real slides and captions the day before',
      'Run: one watches picture and sound, one answers remote guests',
      'Publish the recording within three days, after consent is checked',
    ],
    words: /stream/i,
  },
  {
    workflow: 'expo',
    level: 'Advanced',
    owner: 'logistics-coordinator',
    steps: [
      'Mark the floor and the emergency ways',
      'Exhibitors build up in time slots, power and network checked by stand',
      'Open the expo in the breaks, staffed information desk',
      'Dismantle after closing only, floor handed back clean',
    ],
    words: /expo/i,
  },
  {
    workflow: 'transfers between venues',
    level: 'Advanced',
    owner: 'logistics-coordinator',
    steps: [
      'Brief drivers on stops, times and the step-free vehicle',
      'Run shuttles every ten minutes around the breaks',
      'Report delays to the event lead, sessions wait up to five minutes',
    ],
    words: /brief|halls|holds/i,
  },
]

/** Ids of the tasks these words name; the last task when none does, so that nothing stays unlinked. */
export const tasksFor = (tasks: readonly Task[], words: RegExp): string[] => {
  const found = tasks.filter(({ title }) => words.test(title)).map(({ id }) => id)
  const last = tasks.at(-1)?.id
  return found.length > 0 ? found : last ? [last] : []
}
