import { Chip, Tag } from '../../../components/chip.tsx'
import { Money } from '../../../components/money.tsx'
import { Facts } from '../../../components/run-header.tsx'
import { formatNumber } from '../../../lib/format.ts'
import { useArtifact } from '../api/artifacts.ts'
import { Write } from '../components/artifact-editor.tsx'
import { Loaded, NotYet, Part } from '../components/loaded.tsx'
import { ScheduleGrid } from '../components/schedule-grid.tsx'
import type { EventBrief } from '../types.ts'

/** The programme by room and time, the work behind it, catering, people and things. */
export default function LogisticsTab({ brief }: { brief: EventBrief }) {
  const plan = useArtifact(brief.id, 'logistics-plan')
  const schedule = useArtifact(brief.id, 'schedule')
  const roster = useArtifact(brief.id, 'resource-roster')
  const baseline = useArtifact(brief.id, 'budget-baseline')
  const currency = baseline.data?.currency ?? 'USD'
  const nameOf = (id: string) => roster.data?.resources.find((resource) => resource.id === id)?.name ?? id
  return (
    <div className="flex flex-col gap-4">
      <Part
        title="Programme"
        actions={
          <>
            {schedule.data ? (
              <Chip
                status={schedule.data.has_resource_conflicts ? 'conflict' : 'ok'}
                word={schedule.data.has_resource_conflicts ? 'Conflicts' : 'No conflicts'}
              />
            ) : null}
            {plan.data && schedule.data !== undefined ? (
              <Write
                brief={brief}
                type="Schedule"
                stored={schedule.data}
                label={schedule.data ? 'Change the programme' : 'Write the programme'}
              />
            ) : null}
          </>
        }
      >
        <Loaded query={schedule} what="The programme" empty={<NotYet>No programme yet.</NotYet>}>
          {(data) => <ScheduleGrid sessions={data.sessions} roster={roster.data ?? null} />}
        </Loaded>
      </Part>
      <Loaded
        query={plan}
        what="The logistics plan"
        empty={
          <Part title="Work" actions={<Write brief={brief} type="LogisticsPlan" label="Write the logistics plan" />}>
            <NotYet>
              No logistics plan yet. It names the work streams, their steps, owners and tasks; the programme and the
              roster hang on it.
            </NotYet>
          </Part>
        }
      >
        {(data) => (
          <>
            <Part
              title="Work"
              note={`${data.workflows.length} workflows`}
              actions={<Write brief={brief} type="LogisticsPlan" label="Change the work" stored={data} />}
            >
              <ul className="grid gap-3 sm:grid-cols-2">
                {data.workflows.map((flow) => (
                  <li key={flow.workflow} className="rounded-md border border-line p-3 text-sm">
                    <p className="flex items-center gap-2 font-medium">
                      <span className="min-w-0 flex-1">{flow.workflow}</span>
                      {flow.owner ? <Tag>{flow.owner}</Tag> : <Chip status="blocked" word="No owner" />}
                    </p>
                    <ol className="mt-1.5 list-decimal pl-5 text-ink-2 marker:text-ink-3">
                      {flow.steps.map((step) => (
                        <li key={step}>{step}</li>
                      ))}
                    </ol>
                    {(flow.task_ids ?? []).length === 0 ? (
                      <p className="mt-1 text-xs text-blocked-ink">Linked to no task</p>
                    ) : null}
                  </li>
                ))}
              </ul>
            </Part>
            {data.catering ? (
              <Part title="Catering">
                <Facts
                  facts={[
                    { label: 'Menu', value: data.catering.menu_style.replace(/_/g, ' ') },
                    { label: 'Service', value: data.catering.service_type.replace(/_/g, ' ') },
                    {
                      label: 'Per person',
                      value: <Money amount={data.catering.cost_per_person} currency={currency} />,
                    },
                    { label: 'Total', value: <Money amount={data.catering.total_cost} currency={currency} /> },
                  ]}
                />
                <p className="flex flex-wrap gap-1">
                  {[...(data.catering.dietary_accommodations ?? []), ...(data.catering.sample_menu_items ?? [])].map(
                    (item) => (
                      <Tag key={item}>{item}</Tag>
                    ),
                  )}
                </p>
              </Part>
            ) : null}
            {(data.layouts ?? []).length > 0 ? (
              <Part title="Rooms">
                <Facts
                  facts={(data.layouts ?? []).map((one) => ({
                    label: one.area,
                    value: `${one.layout}, ${formatNumber(one.capacity)} people`,
                  }))}
                />
              </Part>
            ) : null}
          </>
        )}
      </Loaded>
      <Part
        title="People and things"
        actions={
          plan.data && roster.data !== undefined ? (
            <Write
              brief={brief}
              type="ResourceRoster"
              stored={roster.data}
              label={roster.data ? 'Change the roster' : 'Write the roster'}
            />
          ) : null
        }
      >
        <Loaded query={roster} what="The roster" empty={<NotYet>Nobody is on the roster yet.</NotYet>}>
          {(data) => (
            <ul className="grid gap-x-6 sm:grid-cols-2">
              {data.resources.map((resource) => (
                <li key={resource.id} className="flex items-center gap-2 border-b border-line py-1.5 text-sm">
                  <Tag>{resource.type}</Tag>
                  <span className="min-w-0 flex-1 truncate">{nameOf(resource.id)}</span>
                  <span className="text-xs text-ink-3">{resource.role}</span>
                  <span className="tabular text-xs text-ink-2">
                    {(resource.quantity ?? 1) > 1 ? `${resource.quantity} × ` : ''}
                    {resource.assignments?.length ?? 0} uses
                  </span>
                </li>
              ))}
            </ul>
          )}
        </Loaded>
      </Part>
    </div>
  )
}
