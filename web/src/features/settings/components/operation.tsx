import { Card, Command } from './card.tsx'

type Row = { title: string; hint: string; commands: string[] }
const ROWS: Row[] = [
  {
    title: 'Backup',
    hint: 'The database, runs in flight included, goes into one file while the server goes on. Copy the folders with files (TROUPE_HOME) beside it. Restore with the server stopped.',
    commands: ['troupe db backup backup.tar.gz', 'troupe db restore backup.tar.gz'],
  },
  {
    title: 'More machines',
    hint: 'A worker needs the address of the database, an agent that of this server.',
    commands: [
      'DATABASE_URL=postgres://… troupe worker',
      'ORCHESTRATOR_URL=http://this-host:8000 AGENT_ID=agent_6 troupe agent',
    ],
  },
  {
    title: 'Mail',
    hint: 'Questions and deadlines can also be sent by mail. Webhooks have a page of their own.',
    commands: ['SMTP_HOST=… SMTP_FROM=…'],
  },
  {
    title: 'Retention',
    hint: 'How many days logs and audit entries are kept. Work and its results stay until somebody deletes them.',
    commands: ['LOG_RETENTION_DAYS=30 AUDIT_RETENTION_DAYS=365'],
  },
  {
    title: 'When something is odd',
    hint: 'Says what is in flight, what lags, and what to do about it.',
    commands: ['troupe doctor'],
  },
]

/** What an operator does from a terminal. */
export function Operation() {
  return ROWS.map((row) => (
    <Card key={row.title} title={row.title} hint={row.hint}>
      <div className="flex flex-col gap-1.5">
        {row.commands.map((command) => (
          <Command key={command}>{command}</Command>
        ))}
      </div>
    </Card>
  ))
}
