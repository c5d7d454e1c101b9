import type { MediaService } from './media-port.ts'

/**
 * Ports to the three outside services as the engine uses them (contract 2.6). An implementation owns time limits,
 * retries, circuit breaker, bulkhead and the call log; writes that cannot be delivered go to its outbox and are
 * delivered in order later. Unset services are `null` in OutsideServices: stand-alone behaviour applies.
 */
export type ServiceName = 'auto_movie' | 'brain' | 'task_service'
export type ServiceState = 'connected' | 'degraded' | 'unavailable' | 'not_configured'

/** Who asks: kept in the call log, and priority orders the bulkhead. */
export type ServiceCaller = {
  workflow_id: string | null
  project_id: string
  task_id?: string
  priority: number
  correlation_id: string
}

export type OutsideProject = {
  id: string
  title: string
  description: string
  genre: string | null
  episode_duration: number | null
  aspect_ratio: string | null
  quality_tier: string | null
  content_rating: string | null
  style_references: { id: string; url: string }[]
  raw: Record<string, unknown>
}

/** Reads only: what Auto-Movie is told is written to the outbox with the change itself (outside/tell-services.ts). */
export interface ProjectService {
  /** null: the service says 404. Throws ServiceOutageError when it cannot be reached within a few seconds. */
  getProject(projectId: string, caller: ServiceCaller): Promise<OutsideProject | null>
}

export type KnowledgeItem = { text: string; score: number | null; metadata: Record<string, unknown> }

/** Answers [] with a warning in an outage; writes go to the outbox. Nothing here fails a workflow. */
export interface KnowledgeService {
  findSimilar(
    query: string,
    limit: number,
    caller: ServiceCaller,
  ): Promise<{ items: KnowledgeItem[]; warning?: string }>
  getKnowledge(
    kind: string,
    query: string,
    caller: ServiceCaller,
  ): Promise<{ items: KnowledgeItem[]; warning?: string }>
}

export interface JobService extends MediaService {
  /**
   * A callback for one of our tasks, its token already checked: ends the polling of that job, in whatever process it
   * happens. True for a job we know, also one that has ended before; false: unknown.
   */
  acceptCallback(body: { task_id: string; status: string; [key: string]: unknown }): Promise<boolean>
}

export type OutsideServices = {
  projects: ProjectService | null
  knowledge: KnowledgeService | null
  jobs: JobService | null
  /** For /health: the last check of each service, at most 30 s old, and the circuit. */
  state(service: ServiceName): ServiceState
  circuit(service: ServiceName): 'closed' | 'open' | 'half_open'
  /** Called when a service is back (circuit closed, probe fine): waiting work is taken up again. */
  onRecovered(listener: (service: ServiceName) => void): () => void
  /** Begins delivering and probing in this process. */
  start(): void
  close(): Promise<void>
}

/** A service cannot be reached and the call has no stand-in. */
export class ServiceOutageError extends Error {
  readonly service: ServiceName
  constructor(service: ServiceName, message: string, options?: { cause?: unknown }) {
    super(message, options)
    this.name = 'ServiceOutageError'
    this.service = service
  }
}
