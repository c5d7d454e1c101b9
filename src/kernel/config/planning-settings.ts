import { flag, int, number, optionalText, text } from './parsers.ts'
import { setting } from './table.ts'

/** Settings of the planning domain (spec event-planning, section 8.8). */
export const planningSettings = {
  approvalTimeoutMinutes: setting({
    names: ['APPROVAL_TIMEOUT_MINUTES'],
    schema: number(0.001, 525_600),
    fallback: 1440,
    doc: 'Minutes before an unanswered approval goes to the next person',
  }),
  auditRetentionDays: setting({
    names: ['AUDIT_RETENTION_DAYS'],
    schema: int(365, 36_500),
    fallback: 365,
    doc: 'Change and decision entries of deleted or closed events are kept at least so long',
  }),
  maxConcurrentSessions: setting({
    names: ['MAX_CONCURRENT_SESSIONS'],
    schema: int(1, 1000),
    fallback: 10,
    doc: 'Planning runs at work at the same time; further ones wait',
  }),
  enableTestEndpoints: setting({
    names: ['ENABLE_TEST_ENDPOINTS'],
    schema: flag(),
    fallback: undefined as boolean | undefined,
    doc: 'Failure injection and approval timeouts for tests; default on outside production, refused in production',
  }),
  requireSeparationOfDuties: setting({
    names: ['REQUIRE_SEPARATION_OF_DUTIES'],
    schema: flag(),
    fallback: false,
    doc: 'Nobody decides an own request',
  }),
  readOnlyMode: setting({
    names: ['READ_ONLY_MODE'],
    schema: flag(),
    fallback: false,
    doc: 'Maintenance: planning answers reads and refuses writes with 503',
  }),
  calendarStoragePath: setting({
    names: ['CALENDAR_STORAGE_PATH'],
    schema: text(),
    fallback: './data/calendars',
    doc: 'Folder of the iCalendar files',
  }),
  searchProvider: setting({
    names: ['SEARCH_PROVIDER'],
    schema: text(),
    fallback: 'fixture',
    doc: 'Venue and web search; `fixture` is the built-in catalogue',
  }),
  searchEndpoint: setting({
    names: ['SEARCH_ENDPOINT'],
    schema: optionalText(),
    fallback: undefined,
    doc: 'Address of the search service',
  }),
  sequentialThinkingCommand: setting({
    names: ['MCP_SEQUENTIAL_THINKING_COMMAND'],
    schema: optionalText(),
    fallback: undefined,
    doc: 'Command of an MCP server for step-by-step thinking',
  }),
  maxHistorySize: setting({
    names: ['MAX_HISTORY_SIZE'],
    schema: int(1, 100_000),
    fallback: 1000,
    doc: 'Thoughts that server keeps',
  }),
  a2aAgentHost: setting({
    names: ['A2A_AGENT_HOST'],
    schema: optionalText(),
    fallback: undefined,
    doc: 'Remote calendar agent; unset: none',
  }),
  specialistsDir: setting({
    names: ['PLANNING_SPECIALISTS_DIR'],
    schema: optionalText(),
    fallback: undefined,
    doc: 'Folder of further planning agents, one file each, beside those of `src/planning/specialists`',
  }),
  publicWsUrl: setting({
    names: ['PUBLIC_WS_URL'],
    schema: optionalText(),
    fallback: undefined,
    doc: 'Base of `websocket_url` in answers; default ws:// and the address of the server',
  }),
}
