/** The task contract's shapes, as its HTTP answers carry them. */
export type Capability =
  | 'data_analysis'
  | 'web_scraping'
  | 'code_generation'
  | 'file_processing'
  | 'database_operations'
  | 'api_integration'
export const CAPABILITIES: Capability[] = [
  'data_analysis',
  'web_scraping',
  'code_generation',
  'file_processing',
  'database_operations',
  'api_integration',
]

export type Progress = {
  completed: number
  failed: number
  blocked: number
  cancelled: number
  running: number
  total: number
  percent: number
}
export type TaskStatus = 'pending' | 'in_progress' | 'completed' | 'failed' | 'cancelled'
export type SubTaskStatus = 'pending' | 'queued' | 'running' | 'completed' | 'failed' | 'blocked' | 'cancelled'

export type TaskSummary = {
  id: string
  user_id: string
  description: string
  status: TaskStatus
  created_at: string
  updated_at: string
  progress: Progress
}

export type SubTask = {
  id: string
  description: string
  required_capabilities: Capability[]
  dependencies: string[]
  priority: number
  estimated_duration: number | null
  input_data: Record<string, unknown>
  status: SubTaskStatus
  assigned_agent: string | null
  attempts: number
  queued_at: string | null
  started_at: string | null
  finished_at: string | null
  waiting_reason: string | null
  blocked_by: string[]
}

export type Attachment = {
  filename: string
  original_filename: string
  file_path: string
  file_size: number
  mime_type: string
  uploaded_at: string
}

export type Task = TaskSummary & {
  subtasks: SubTask[]
  result: TaskResult | null
  error: string | null
  attachments: Attachment[]
  uploads_folder: string | null
  decomposition_method: 'model' | 'rules' | 'fallback'
}

export type TaskResult = {
  subtask_results: {
    subtask_id: string
    agent_id: string
    status: string
    output: Output | null
    execution_time: number
  }[]
  outputs: Record<string, unknown>
  data: Record<string, unknown>
  files: string[]
  total_execution_time: number
  wall_time: number
  summary: string
}

export type Output = {
  success: boolean
  data: Record<string, unknown>
  summary: string
  result?: string
  html_file?: string
  files_created?: string[]
  next_steps?: string
  result_ref?: { path: string; bytes: number; sha256: string; content_type: string }
  preview?: string
}

export type SubTaskResult = {
  task_id: string
  subtask_id: string
  agent_id: string
  status: 'completed' | 'failed'
  output: Output | null
  error: string | null
  execution_time: number
  attempt: number
  created_at: string
}

export type TaskReply = { task: Task; subtask_results: SubTaskResult[] }

export type AgentStatus = {
  agent_id: string
  port: number
  base_url: string
  is_available: boolean
  current_task: string | null
  capabilities: Capability[]
  cpu_usage: number
  memory_usage: number
  tasks_completed: number
  last_heartbeat: string
  process_memory_bytes?: number
}

export type AgentLog = {
  id: number
  agent_id: string
  task_id: string | null
  log_level: 'DEBUG' | 'INFO' | 'WARN' | 'ERROR'
  message: string
  metadata: Record<string, unknown> | null
  created_at: string
}

export type TaskFile = { path: string; size: number; mime_type: string; subtask_id: string | null }
export type TaskFiles = { attachments: Attachment[]; outputs: TaskFile[]; artifacts: TaskFile[] }

export type ResultFolder = { name: string; task_id: string; created_at: string; files: number; size: number }
export type ResultFile = { name: string; subtask_id: string; agent_id: string; size: number }
type FolderStatistics = { count: number; size_mb: number }
export type ArtifactsInfo = {
  base_directory: string
  results: FolderStatistics
  uploads: FolderStatistics
  reports: FolderStatistics
  data: FolderStatistics
  images: FolderStatistics
  total_files: number
  total_size_mb: number
}

export type Approval = {
  id: string
  task_id: string
  subtask_id: string
  agent_id: string
  tool: string
  arguments: Record<string, unknown>
  requested_at: string
  expires_at: string
  status: string
}

export type Submitted = {
  task_id: string
  status: 'created'
  subtasks_count: number
  initial_subtasks_queued: number
  files_uploaded: number
}
export type RetryReply = { task_id: string; status: string; requeued: string[]; unblocked: string[] }
export type Health = { status: string; version?: string; uptime_seconds?: number; model_configured?: boolean }
