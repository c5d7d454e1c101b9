import { useQuery } from '@tanstack/react-query'
import { ApiError } from '../../../api/api-error.ts'
import { api } from '../../../api/client.ts'
import type * as T from '../types.ts'
import { briefPath } from './briefs.ts'

/** Every readable thing of an event: the last part of its address and its shape. */
export type Artifacts = {
  requirements: T.Requirements
  'stakeholder-map': T.StakeholderMap
  timeline: T.Timeline
  tasks: T.PlanTask[]
  risks: T.Risk[]
  'venue-criteria': T.VenueCriteria
  'venue-leads': T.Lead[]
  'venue-shortlist': T.Venue[]
  'venue-negotiation-notes': T.Negotiation[]
  'communications-plan': T.CommunicationsPlan
  'venue-scorecard': T.Scorecard
  'venue-availability': T.Availability[]
  'budget-baseline': T.BudgetBaseline
  'cost-model': T.CostModel
  'budget-decision': T.BudgetDecision
  'vendor-contracts': T.Contract[]
  'logistics-plan': T.LogisticsPlan
  schedule: T.Schedule
  'resource-roster': T.Roster
  'contingency-plan': T.ContingencyPlan
  'contingency-plan/executions': T.Execution[]
  incidents: T.Incident[]
  decisions: T.DecisionEntry[]
  changes: T.ChangeEntry[]
  artifacts: T.ArtifactRow[]
  runbook: T.Runbook
  guests: T.GuestList
  imports: T.ImportRecord[]
  postmortem: T.Postmortem
}

/** Reads one artifact of an event; null when it does not exist yet. */
export function useArtifact<K extends keyof Artifacts>(id: string, name: K, enabled = true) {
  return useQuery({
    queryKey: ['planning', id, name],
    enabled,
    queryFn: async (): Promise<Artifacts[K] | null> => {
      try {
        return await api<Artifacts[K]>(`${briefPath(id)}/${name}`)
      } catch (error) {
        if (error instanceof ApiError && error.status === 404) return null
        throw error
      }
    },
    staleTime: 5000,
  })
}

/** One stored artifact with all its fields, and its earlier versions. */
export function useStored(type: string, id: string, version?: number) {
  const path = `/api/artifacts/${encodeURIComponent(type)}/${encodeURIComponent(id)}`
  return useQuery({
    queryKey: ['planning', 'stored', type, id, version ?? 'current'],
    enabled: type !== '' && id !== '',
    queryFn: () => api<Record<string, unknown>>(version ? `${path}/versions/${version}` : path),
  })
}

export type VersionRow = { version: number; created_at: string; created_by: string; change_log_id?: string | null }

export function useVersions(type: string, id: string) {
  return useQuery({
    queryKey: ['planning', 'versions', type, id],
    enabled: type !== '' && id !== '',
    queryFn: () => api<VersionRow[]>(`/api/artifacts/${encodeURIComponent(type)}/${encodeURIComponent(id)}/versions`),
  })
}

export function useMetrics(id: string, enabled: boolean) {
  return useQuery({
    queryKey: ['planning', id, 'metrics'],
    enabled,
    queryFn: () => api<T.Metrics>(`/api/metrics/event-briefs/${encodeURIComponent(id)}`),
  })
}
