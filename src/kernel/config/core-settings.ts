import { choice, flag, int, list, logLevel, optionalText, text } from './parsers.ts'
import { setting } from './table.ts'

/** Settings of the platform itself. Domains and services keep theirs in the sibling tables. */
export const coreSettings = {
  environment: setting({
    names: ['ENVIRONMENT', 'NODE_ENV'],
    schema: text(),
    fallback: 'development',
    doc: '`production` switches AUTH_MODE to a mode with credentials',
  }),
  host: setting({
    names: ['HOST', 'API_HOST'],
    schema: text(),
    fallback: '127.0.0.1',
    doc: 'Address the server listens on',
  }),
  port: setting({
    names: ['PORT', 'ORCHESTRATOR_PORT', 'API_PORT'],
    schema: int(0, 65535),
    fallback: 8000,
    doc: 'Port of the API and the UI; 0 takes a free one',
  }),
  publicUrl: setting({
    names: ['PUBLIC_URL', 'ORCHESTRATOR_URL'],
    schema: optionalText(),
    fallback: undefined,
    doc: 'Address under which agents and browsers reach the server; default http://127.0.0.1:PORT',
  }),
  dataDir: setting({
    names: ['TROUPE_HOME'],
    schema: text(),
    fallback: '.troupe',
    doc: 'Folder of the embedded database, secrets and process files',
  }),
  retentionDays: setting({
    names: ['RETENTION_DAYS'],
    schema: int(1, 36_500).optional(),
    fallback: undefined as number | undefined,
    doc: 'Ended tasks, films and simulations are removed this many days after their end, with events, logs, results and files; unset keeps them. `troupe db prune` shows what that is',
  }),
  dataKeys: setting({
    names: ['DATA_KEYS'],
    schema: list(),
    fallback: [] as string[],
    doc: 'Keys that contract terms and contact data are encrypted with (32 bytes each, base64): the first seals, all open. Unset: the file data-key of TROUPE_HOME. Servers on one database need the same',
    secret: true,
  }),
  databaseUrl: setting({
    names: ['DATABASE_URL', 'POSTGRES_URL', 'COORDINATION_URL'],
    schema: optionalText().refine(
      (url) => url === undefined || /^postgres(ql)?:\/\//.test(url),
      'must be a postgres:// address: one PostgreSQL holds the data and the coordination of agents',
    ),
    fallback: undefined,
    doc: 'PostgreSQL to use, for data and coordination; unset starts the embedded server. PGHOST, PGPORT, PGUSER, PGPASSWORD, PGDATABASE are read too',
    secret: true,
  }),
  databaseAuth: setting({
    names: ['DATABASE_AUTH', 'DB_AUTH_MODE'],
    schema: choice(['password', 'entra']),
    fallback: 'password' as 'password' | 'entra',
    doc: '`entra` fetches an Entra ID token as the database password',
  }),
  databasePool: setting({
    names: ['DATABASE_POOL'],
    schema: int(1, 50),
    fallback: 10,
    doc: 'Application connections per server process',
  }),
  authMode: setting({
    names: ['AUTH_MODE'],
    schema: choice(['dev', 'keys', 'oidc']),
    fallback: undefined as 'dev' | 'keys' | 'oidc' | undefined,
    doc: 'dev (default outside production), keys, oidc. API_TOKEN or API_KEY switch to keys',
  }),
  apiToken: setting({
    names: ['API_TOKEN'],
    schema: optionalText(),
    fallback: undefined,
    doc: 'Seeds a full-access key and switches AUTH_MODE to keys',
    secret: true,
  }),
  apiKey: setting({
    names: ['API_KEY'],
    schema: optionalText(),
    fallback: undefined,
    doc: 'Seeds a full-access key and switches AUTH_MODE to keys',
    secret: true,
  }),
  oidcIssuer: setting({
    names: ['OIDC_ISSUER'],
    schema: optionalText(),
    fallback: undefined,
    doc: 'Issuer URL of the OpenID provider (AUTH_MODE=oidc)',
  }),
  oidcAudience: setting({
    names: ['OIDC_AUDIENCE'],
    schema: optionalText(),
    fallback: undefined,
    doc: 'Audience a token must carry (AUTH_MODE=oidc)',
  }),
  a2aAgents: setting({
    names: ['A2A_AGENTS'],
    schema: list(),
    fallback: [] as string[],
    doc: 'Agents of other systems that ours may ask: name=address pairs, comma separated (A2A 1.0)',
  }),
  mcpServers: setting({
    names: ['MCP_SERVERS'],
    schema: list(),
    fallback: [] as string[],
    doc: 'Programs whose tools our agents may use: name=address pairs, comma separated (MCP over HTTP)',
  }),
  corsOrigins: setting({
    names: ['CORS_ORIGINS'],
    schema: list(),
    fallback: ['*'] as string[],
    doc: 'Origins allowed on API paths, comma separated',
  }),
  allowedHosts: setting({
    names: ['ALLOWED_HOSTS'],
    schema: list(),
    fallback: [] as string[],
    doc: 'Host names accepted in dev mode besides loopback',
  }),
  rateLimit: setting({
    names: ['RATE_LIMIT_PER_MINUTE'],
    schema: int(0, 1_000_000),
    fallback: 0,
    doc: 'Requests per minute and caller; 0 is off',
  }),
  logLevel: setting({
    names: ['LOG_LEVEL'],
    schema: logLevel(),
    fallback: 'info' as 'debug' | 'info' | 'warn' | 'error' | 'silent',
    doc: 'Operational log on stderr',
  }),
  otlpEndpoint: setting({
    names: ['OTEL_EXPORTER_OTLP_ENDPOINT'],
    schema: optionalText(),
    fallback: undefined,
    doc: 'Sends traces to this OpenTelemetry collector',
  }),
  sample: setting({
    names: ['TROUPE_SAMPLE'],
    schema: flag(),
    fallback: true,
    doc: 'Submits the sample job on the first start',
  }),
}
