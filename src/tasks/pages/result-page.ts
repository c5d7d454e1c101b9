export type ResultPage = {
  taskId: string
  subtaskId: string
  agentId: string
  executionTime: number
  timestamp: Date
  result: string
}

const esc = (text: string) =>
  text.replace(/[&<>"]/g, (c) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' })[c]!)

export function renderResultPage({ taskId, subtaskId, agentId, executionTime, timestamp, result }: ResultPage): string {
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>Task Result - ${esc(subtaskId)}</title></head>
<body style="max-width:1200px;margin:auto;font-family:sans-serif"><header><p>${esc(taskId)} · ${esc(subtaskId)} · ${esc(agentId)} · ${executionTime.toFixed(2)} s · ${timestamp.toISOString()}</p></header><pre>${esc(result)}</pre></body></html>`
}
