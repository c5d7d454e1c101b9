import { formatExact, toMs } from '../../lib/format.ts'
import { DomainMark } from '../domain.tsx'
import { LevelMark } from '../level-slider.tsx'
import type { Column } from '../table-rows.ts'
import { When } from '../when.tsx'
import type { TroupeEvent } from './events-api.ts'

/** How events are listed everywhere. */
export const eventColumns: Column<TroupeEvent>[] = [
  {
    id: 'at',
    header: 'Time',
    width: 104,
    cell: (e) => (
      <span title={formatExact(toMs(e.at) ?? 0)} className="tabular font-mono text-xs text-ink-2">
        {e.at.slice(11, 23)}
      </span>
    ),
    phone: 'sub',
  },
  { id: 'level', header: 'Level', width: 92, cell: (e) => <LevelMark level={e.level} />, phone: 'side' },
  {
    id: 'domain',
    header: 'Domain',
    width: 34,
    bare: true,
    cell: (e) => <DomainMark domain={e.domain} />,
    text: (e) => e.domain,
  },
  {
    id: 'type',
    header: 'Type',
    width: 180,
    cell: (e) => <span className="font-mono text-xs">{e.type}</span>,
    text: (e) => e.type,
    phone: 'sub',
  },
  {
    id: 'summary',
    header: 'What happened',
    width: 240,
    grow: 3,
    cell: (e) => e.summary,
    text: (e) => e.summary,
    phone: 'title',
  },
  {
    id: 'agent',
    header: 'Agent',
    width: 110,
    cell: (e) => <span className="text-ink-2">{e.agent_id ?? '–'}</span>,
    text: (e) => e.agent_id ?? undefined,
  },
  { id: 'actor', header: 'Actor', width: 120, optional: true, cell: (e) => e.actor, text: (e) => e.actor },
  {
    id: 'stream',
    header: 'Stream',
    width: 160,
    optional: true,
    cell: (e) => <span className="font-mono text-xs">{e.stream}</span>,
    text: (e) => e.stream,
  },
  { id: 'age', header: 'Age', width: 84, align: 'end', cell: (e) => <When at={e.at} className="text-xs text-ink-3" /> },
]
