import { createToolRegistry } from '../../kernel/tools/tool-registry.ts'
import { databaseQuery } from './database-query.ts'
import { listFilesTool, readFileTool, writeFileTool } from './files.ts'
import { httpRequest } from './http-request.ts'
import { askAgentTool, callMcpTool, listMcpToolsTool } from './other-programs.ts'
import { embeddingSearch, generateEmbedding, logProgress } from './outside.ts'
import { getSharedState, setSharedState } from './shared-state.ts'
import { storeRowsTool } from './store-rows.ts'
import { webSearch } from './web-search.ts'

/** Every tool of 3.11 that runs in the server; `shell` runs in the agent. */
export const taskTools = createToolRegistry([
  databaseQuery,
  storeRowsTool,
  readFileTool,
  writeFileTool,
  listFilesTool,
  getSharedState,
  setSharedState,
  embeddingSearch,
  generateEmbedding,
  httpRequest,
  webSearch,
  logProgress,
  askAgentTool,
  listMcpToolsTool,
  callMcpTool,
])
