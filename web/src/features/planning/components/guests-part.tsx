import { Tag } from '../../../components/chip.tsx'
import { plural } from '../../../lib/format.ts'
import { useArtifact } from '../api/artifacts.ts'
import type { EventBrief } from '../types.ts'
import { ImportButton, LastImport } from './import-dialog.tsx'
import { Loaded, NotYet, Part } from './loaded.tsx'

/** Who comes, and what they eat. */
export function GuestsPart({ brief }: { brief: EventBrief }) {
  const guests = useArtifact(brief.id, 'guests')
  return (
    <Part
      title="Guests"
      note={guests.data ? plural(guests.data.head_count, 'guest') : undefined}
      actions={<ImportButton brief={brief} kind="guests" />}
    >
      <Loaded
        query={guests}
        what="The guest list"
        empty={<NotYet>No guest list yet. Import one from a spreadsheet.</NotYet>}
      >
        {(data) => (
          <>
            {Object.keys(data.diets).length > 0 ? (
              <p className="flex flex-wrap gap-1">
                {Object.entries(data.diets).map(([diet, count]) => (
                  <Tag key={diet}>
                    {count} {diet}
                  </Tag>
                ))}
              </p>
            ) : null}
            <details>
              <summary className="cursor-pointer text-xs font-medium text-accent-ink">Names</summary>
              <ul
                className="mt-2 grid max-h-64 gap-x-6 overflow-y-auto text-sm sm:grid-cols-2"
                tabIndex={0}
                aria-label="Guests"
              >
                {data.guests.map((guest, i) => (
                  <li key={`${i}-${guest.name}`} className="flex flex-wrap gap-x-2 border-b border-line py-1">
                    <span className="min-w-0 flex-1">{guest.name}</span>
                    <span className="text-xs text-ink-3">{[guest.email, guest.diet].filter(Boolean).join(' · ')}</span>
                  </li>
                ))}
              </ul>
            </details>
            <LastImport brief={brief} kind="guests" />
          </>
        )}
      </Loaded>
    </Part>
  )
}
