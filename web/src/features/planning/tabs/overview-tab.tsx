import { Pencil } from 'lucide-react'
import { useState } from 'react'
import { Button } from '../../../components/button.tsx'
import { Chip, Tag } from '../../../components/chip.tsx'
import { When } from '../../../components/when.tsx'
import { useArtifact } from '../api/artifacts.ts'
import { ArtifactViewer } from '../components/artifact-viewer.tsx'
import { ChangeDialog } from '../components/change-dialog.tsx'
import { Loaded, NotYet, Part } from '../components/loaded.tsx'
import type { EventBrief } from '../types.ts'

const List = ({ items }: { items: string[] }) => (
  <ul className="list-disc pl-5 text-sm marker:text-ink-3">
    {items.map((item) => (
      <li key={item} className="max-w-[72ch] py-0.5">
        {item}
      </li>
    ))}
  </ul>
)

/** What the event is for, what it must have, who decides, and everything written so far. */
export default function OverviewTab({ brief }: { brief: EventBrief }) {
  const requirements = useArtifact(brief.id, 'requirements')
  const people = useArtifact(brief.id, 'stakeholder-map')
  const [changing, setChanging] = useState(false)
  const locked = brief.lifecycle_state === 'Postmortem'
  return (
    <div className="grid gap-4 xl:grid-cols-2">
      <Part
        title="What it is for"
        actions={
          <Button size="sm" icon={Pencil} disabled={locked} onClick={() => setChanging(true)}>
            Change guests, dates or budget
          </Button>
        }
      >
        <p className="max-w-[72ch] text-sm whitespace-pre-wrap">{brief.objectives}</p>
        {brief.constraints ? (
          <div>
            <h3 className="mb-1 text-xs font-medium text-ink-3">Constraints</h3>
            <p className="max-w-[72ch] text-sm whitespace-pre-wrap">{brief.constraints}</p>
          </div>
        ) : null}
        {brief.assumptions.length > 0 ? (
          <div>
            <h3 className="mb-1 text-xs font-medium text-ink-3">Assumed by the team</h3>
            <List items={brief.assumptions} />
          </div>
        ) : null}
        <p className="text-xs text-ink-3">
          Version {brief.version} · changed <When at={brief.updated_at} />
        </p>
      </Part>
      <Part title="Requirements">
        <Loaded
          query={requirements}
          what="The requirements"
          empty={<NotYet>None yet. The planner derives them from the objectives.</NotYet>}
        >
          {(data) => (
            <div className="flex flex-col gap-3">
              {(
                [
                  ['Must have', data.must_haves],
                  ['Nice to have', data.nice_to_haves],
                  ['Functional', data.functional_requirements],
                  ['Other', data.nonfunctional_requirements],
                ] as const
              ).map(([name, items]) =>
                items?.length > 0 ? (
                  <div key={name}>
                    <h3 className="mb-1 text-xs font-medium text-ink-3">{name}</h3>
                    <List items={[...items]} />
                  </div>
                ) : null,
              )}
            </div>
          )}
        </Loaded>
      </Part>
      <Part title="People and what they decide">
        <Loaded query={people} what="The people" empty={<NotYet>Nobody is named yet.</NotYet>}>
          {(data) => (
            <ul className="flex flex-col">
              {data.stakeholders.map((person) => (
                <li
                  key={`${person.name}${person.email}`}
                  className="flex flex-wrap items-center gap-2 border-b border-line py-2 text-sm last:border-b-0"
                >
                  <span className="font-medium">{person.name}</span>
                  <Chip status="none" tone="paused" word={person.role} />
                  <span className="text-xs text-ink-3">{person.email}</span>
                  <span className="ml-auto flex flex-wrap gap-1">
                    {(person.decision_rights ?? []).map((right) => (
                      <Tag key={right}>{right.replace(/_/g, ' ')}</Tag>
                    ))}
                  </span>
                </li>
              ))}
            </ul>
          )}
        </Loaded>
      </Part>
      <Part title="Everything written">
        <ArtifactViewer eventId={brief.id} />
      </Part>
      <ChangeDialog brief={brief} open={changing} onClose={() => setChanging(false)} />
    </div>
  )
}
