import { Pencil } from 'lucide-react'
import { useState } from 'react'
import { Button } from '../../../components/button.tsx'
import { Chip, Tag } from '../../../components/chip.tsx'
import { When } from '../../../components/when.tsx'
import { useArtifact } from '../api/artifacts.ts'
import { Write } from '../components/artifact-editor.tsx'
import { ArtifactViewer } from '../components/artifact-viewer.tsx'
import { ChangeDialog } from '../components/change-dialog.tsx'
import { GuestsPart } from '../components/guests-part.tsx'
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
      <Part
        title="Requirements"
        actions={
          requirements.data === undefined ? null : (
            <Write
              brief={brief}
              type="Requirements"
              stored={requirements.data}
              label={requirements.data ? 'Change the requirements' : 'Write the requirements'}
            />
          )
        }
      >
        <Loaded
          query={requirements}
          what="The requirements"
          empty={
            <NotYet>
              None yet: name at least one thing the event must have. The planner can derive them from the objectives.
            </NotYet>
          }
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
      <Part
        title="People and what they decide"
        actions={
          people.data ? (
            <Write brief={brief} type="StakeholderMap" stored={people.data} label="Change the people" />
          ) : null
        }
      >
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
      <GuestsPart brief={brief} />
      <Communications brief={brief} />
      <Part title="Everything written">
        <ArtifactViewer eventId={brief.id} />
      </Part>
      <ChangeDialog brief={brief} open={changing} onClose={() => setChanging(false)} />
    </div>
  )
}

/** Who hears what, how often, and who is asked next when an approval is not answered. */
function Communications({ brief }: { brief: EventBrief }) {
  const plan = useArtifact(brief.id, 'communications-plan')
  return (
    <Part
      title="Communications"
      actions={
        plan.data === undefined ? null : (
          <Write
            brief={brief}
            type="CommunicationsPlan"
            stored={plan.data}
            label={plan.data ? 'Change the plan' : 'Write the plan'}
          />
        )
      }
    >
      <Loaded
        query={plan}
        what="The communications plan"
        empty={<NotYet>No plan yet. Only large events need one.</NotYet>}
      >
        {(data) => (
          <ul className="flex flex-col">
            {data.communications.map((one) => (
              <li
                key={`${one.audience}${one.channel}${one.message}`}
                className="flex flex-wrap items-center gap-2 border-b border-line py-2 text-sm last:border-b-0"
              >
                <span className="font-medium">{one.audience}</span>
                <span className="text-ink-2">{one.message}</span>
                <span className="ml-auto text-xs text-ink-3">
                  {one.channel}, {one.cadence}, {one.owner}
                </span>
              </li>
            ))}
            {data.escalation_paths.map((path) => (
              <li key={path.approval_type} className="py-2 text-xs text-ink-2">
                {path.approval_type.replace(/_/g, ' ')}: {[path.primary, ...path.backups].join(' → ')}
                {path.timeout_minutes ? ` after ${path.timeout_minutes} min each` : ''}
              </li>
            ))}
          </ul>
        )}
      </Loaded>
    </Part>
  )
}
