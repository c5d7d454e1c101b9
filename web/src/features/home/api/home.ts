import { useQuery } from '@tanstack/react-query'
import type { Decision } from '../../../../../src/kernel/decisions/schema.ts'
import type { RunView } from '../../../../../src/kernel/runs/schema.ts'
import { api } from '../../../api/client.ts'

export type OpenPlan = {
  id: string
  domain: string
  subject: string
  created_at: string
  total: number
  completed: number
  running: number
  agents: string[]
}
export type Failure = { domain: string; code: string; count: number; last: string; example: string }
export type FleetPool = { pool: string; total: number; alive: number; running: number; slots: number }
export type Home = {
  waiting: { total: number; oldest: string | null; decisions: Decision[] }
  running: { total: number; runs: RunView[]; plans: OpenPlan[] }
  failures: Failure[]
  fleet: FleetPool[]
  spent_today: { usd: number; tokens: number; calls: number }
}

/** What waits for a person, what runs, what failed in the last day. */
export function useHome(enabled: boolean) {
  return useQuery({ queryKey: ['home'], queryFn: () => api<Home>('/v1/home'), refetchInterval: 5000, enabled })
}

type RecentTask = { id: string; description: string; status: string; progress: { completed: number; total: number } }

/** The newest tasks: on a first visit the first of them is the sample. They also give open plans their titles. */
export function useNewestTasks() {
  return useQuery({
    queryKey: ['tasks', 'newest'],
    queryFn: async () => (await api<{ tasks: RecentTask[] }>('/tasks', { query: { limit: 20 } })).tasks,
    refetchInterval: 5000,
  })
}
