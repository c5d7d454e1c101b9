import { RotateCcw, Star } from 'lucide-react'
import { useMemo, useState } from 'react'
import { Button } from '../../../components/button.tsx'
import { Chip, Tag } from '../../../components/chip.tsx'
import { Money } from '../../../components/money.tsx'
import { toast, toastError } from '../../../components/toast.tsx'
import { cx } from '../../../lib/cx.ts'
import { formatNumber, plural } from '../../../lib/format.ts'
import { useArtifact } from '../api/artifacts.ts'
import { useEventWrite } from '../api/briefs.ts'
import { Write } from '../components/artifact-editor.tsx'
import { Loaded, NotYet, Part } from '../components/loaded.tsx'
import { rankVenues, roundWeights, shiftWeight, type Weights, weightsOf } from '../lib/what-if.ts'
import type { EventBrief, Scorecard, Venue } from '../types.ts'

const hue = (i: number) => `var(--series-${(i % 8) + 1})`

/** The venues ranked by the weighted criteria; the weights can be tried out before they are applied. */
export default function VenuesTab({ brief }: { brief: EventBrief }) {
  const venues = useArtifact(brief.id, 'venue-shortlist')
  const card = useArtifact(brief.id, 'venue-scorecard')
  const criteria = useArtifact(brief.id, 'venue-criteria')
  const baseline = useArtifact(brief.id, 'budget-baseline')
  const currency = baseline.data?.currency ?? 'USD'
  return (
    <div className="flex flex-col gap-4">
      <Loaded
        query={card}
        what="The scorecard"
        empty={
          <Part
            title="Ranking"
            actions={
              (venues.data ?? []).length > 0 ? (
                <Write brief={brief} type="VenueScorecard" label="Score the venues" />
              ) : null
            }
          >
            <NotYet>No scorecard yet. It scores at least three shortlisted venues by weighted criteria.</NotYet>
          </Part>
        }
      >
        {(data) => (
          <Ranking key={data.version} brief={brief} card={data} venues={venues.data ?? []} currency={currency} />
        )}
      </Loaded>
      <Part
        title="Shortlist"
        note={venues.data ? plural(venues.data.length, 'venue') : undefined}
        actions={criteria.data ? <Write brief={brief} type="VenueShortlist" label="Add a venue" /> : null}
      >
        <Loaded query={venues} what="The venues" empty={<NotYet>No venue is on the shortlist yet.</NotYet>}>
          {(rows) => (
            <ul className="grid gap-3 sm:grid-cols-2">
              {rows.map((venue) => (
                <VenueFacts key={venue.id} brief={brief} venue={venue} currency={currency} />
              ))}
            </ul>
          )}
        </Loaded>
      </Part>
      <Leads brief={brief} ready={Boolean(criteria.data)} />
      <Part
        title="What is looked for"
        actions={
          criteria.data === undefined ? null : (
            <Write
              brief={brief}
              type="VenueCriteria"
              stored={criteria.data}
              label={criteria.data ? 'Change the criteria' : 'Write the criteria'}
            />
          )
        }
      >
        <Loaded query={criteria} what="The criteria" empty={<NotYet>No criteria yet.</NotYet>}>
          {(data) => (
            <dl className="grid gap-x-6 gap-y-2 text-sm sm:grid-cols-2">
              {(
                [
                  ['People', `${formatNumber(data.min_capacity)} to ${formatNumber(data.max_capacity)}`],
                  ['Place', data.location_preferences.join(', ') || '–'],
                  ['Must offer', data.required_amenities.join(', ') || '–'],
                  ['Access', data.accessibility_requirements.join(', ') || '–'],
                ] as const
              ).map(([name, value]) => (
                <div key={name}>
                  <dt className="text-xs text-ink-3">{name}</dt>
                  <dd>{value}</dd>
                </div>
              ))}
              <div>
                <dt className="text-xs text-ink-3">Price</dt>
                <dd>
                  <Money amount={data.budget_range_min} currency={currency} /> to{' '}
                  <Money amount={data.budget_range_max} currency={currency} />
                </dd>
              </div>
            </dl>
          )}
        </Loaded>
      </Part>
    </div>
  )
}

function VenueFacts({ brief, venue, currency }: { brief: EventBrief; venue: Venue; currency: string }) {
  const availability = useArtifact(brief.id, 'venue-availability')
  const notes = useArtifact(brief.id, 'venue-negotiation-notes')
  const held = availability.data?.find((one) => one.shortlist_id === venue.id)
  const talks = notes.data?.find((one) => one.shortlist_id === venue.id)
  const open = venue.status !== 'cancelled'
  return (
    <li className="rounded-md border border-line p-3 text-sm">
      <div className="flex items-start gap-2">
        <p className="min-w-0 flex-1 font-medium break-words">{venue.venue_name}</p>
        {venue.status === 'active' ? null : (
          <Chip
            status={venue.status === 'selected' ? 'confirmed' : venue.status}
            word={venue.status === 'selected' ? 'Selected' : 'Cancelled'}
          />
        )}
      </div>
      <p className="mt-1 text-xs text-ink-2">
        {venue.location} · {formatNumber(venue.capacity)} people ·{' '}
        <Money amount={venue.cost_estimate} currency={currency} />
      </p>
      <p className="mt-2 flex flex-wrap gap-1">
        {venue.venue_role === 'main' ? null : <Tag>{venue.venue_role}</Tag>}
        {venue.amenities?.slice(0, 5).map((amenity) => (
          <Tag key={amenity}>{amenity}</Tag>
        ))}
        {venue.budget_fit ? null : (
          <Chip status="failed" word="Over budget" title={venue.exception_rationale ?? undefined} />
        )}
        {venue.capacity_fit ? null : (
          <Chip status="failed" word="Too small" title={venue.exception_rationale ?? undefined} />
        )}
      </p>
      {held ? (
        <p className="mt-2 text-xs text-ink-2">
          Hold: {held.hold_status}
          {held.dates.every(({ available }) => available) ? ', free on the dates' : ', not free on every date'}
        </p>
      ) : null}
      {talks ? (
        <p className="mt-1 text-xs text-ink-2">
          Negotiation {talks.status}: {talks.terms}
        </p>
      ) : null}
      {open ? (
        <p className="mt-2 flex flex-wrap gap-1">
          <Write
            brief={brief}
            type="VenueAvailability"
            label={held ? 'Change the hold' : 'Note dates and hold'}
            quiet
            given={held ? { ...held } : { shortlist_id: venue.id }}
          />
          <Write
            brief={brief}
            type="VenueNegotiationNotes"
            label={talks ? 'Change the notes' : 'Note the negotiation'}
            quiet
            given={talks ? { ...talks } : { shortlist_id: venue.id }}
          />
        </p>
      ) : null}
    </li>
  )
}

function Ranking({
  brief,
  card,
  venues,
  currency,
}: {
  brief: EventBrief
  card: Scorecard
  venues: Venue[]
  currency: string
}) {
  const saved = useMemo(() => weightsOf(card), [card])
  const [weights, setWeights] = useState<Weights>(saved)
  const write = useEventWrite(brief.id)
  const rows = rankVenues(card, venues, weights)
  const names = Object.keys(weights)
  const changed = names.some((name) => Math.abs((weights[name] ?? 0) - (saved[name] ?? 0)) > 0.0005)
  const apply = () =>
    write.mutate(
      {
        path: '/venue-scorecard',
        body: {
          criteria_weights: roundWeights(weights),
          candidate_scores: rows.map((row) => ({
            venue_id: row.venue.id,
            scores: Object.fromEntries(row.parts.map((part) => [part.criterion, part.score])),
            total: Math.min(1, Math.round(row.total * 1000) / 1000),
          })),
          ...(card.selected_venue_id
            ? { selected_venue_id: card.selected_venue_id, selection_rationale: card.selection_rationale }
            : {}),
        },
      },
      {
        onSuccess: () => toast({ tone: 'done', title: 'The weights are saved' }),
        onError: (error) => toastError('The weights were not saved', error),
      },
    )
  return (
    <Part
      title="Ranking"
      note={changed ? 'what if: not saved' : 'as saved'}
      actions={
        changed ? (
          <>
            <Button size="sm" icon={RotateCcw} onClick={() => setWeights(saved)}>
              Back to saved
            </Button>
            <Button size="sm" look="primary" busy={write.isPending} onClick={apply}>
              Apply weights
            </Button>
          </>
        ) : (
          <Write brief={brief} type="VenueScorecard" label="Change scores or selection" stored={card} />
        )
      }
    >
      <div className="grid gap-5 xl:grid-cols-[1fr_280px]">
        <ol className="flex flex-col gap-3">
          {rows.map((row) => (
            <li key={row.venue.id}>
              <div className="mb-1 flex flex-wrap items-center gap-2 text-sm">
                <span className="tabular w-5 text-ink-3">{row.rank}.</span>
                <span className={cx('font-medium', row.venue.status === 'cancelled' && 'line-through')}>
                  {row.venue.venue_name}
                </span>
                {row.venue.id === card.selected_venue_id ? (
                  <span className="inline-flex items-center gap-1 text-xs font-medium text-done-ink">
                    <Star size={12} fill="currentColor" aria-hidden="true" />
                    selected
                  </span>
                ) : null}
                {changed && row.savedRank !== undefined && row.savedRank !== row.rank ? (
                  <span className="text-xs text-running-ink">
                    {row.savedRank > row.rank ? `up from ${row.savedRank}` : `down from ${row.savedRank}`}
                  </span>
                ) : null}
                <span className="ml-auto text-xs text-ink-3">
                  <Money amount={row.venue.cost_estimate} currency={currency} />
                </span>
                <span className="tabular w-10 text-right font-mono text-sm font-semibold">{row.total.toFixed(2)}</span>
              </div>
              <div
                className="ml-7 flex h-5 overflow-hidden rounded bg-sunken ring-1 ring-line ring-inset"
                role="img"
                aria-label={row.parts.map((part) => `${part.criterion} ${part.score.toFixed(2)}`).join(', ')}
              >
                {row.parts.map((part, i) => (
                  <span
                    key={part.criterion}
                    title={`${part.criterion}: ${part.score.toFixed(2)} × ${Math.round((weights[part.criterion] ?? 0) * 100)} %`}
                    className="h-full border-r border-surface"
                    style={{ width: `${part.value * 100}%`, background: hue(i) }}
                  />
                ))}
              </div>
            </li>
          ))}
        </ol>
        <fieldset className="flex flex-col gap-2 rounded-md bg-sunken p-3">
          <legend className="sr-only">Weights of the criteria</legend>
          {names.map((name, i) => (
            <label key={name} className="text-xs">
              <span className="flex items-center gap-1.5">
                <span className="size-2.5 rounded-sm" style={{ background: hue(i) }} aria-hidden="true" />
                <span className="min-w-0 flex-1 truncate text-ink-2">{name.replace(/_/g, ' ')}</span>
                <span className="tabular font-mono">{Math.round((weights[name] ?? 0) * 100)} %</span>
              </span>
              <input
                type="range"
                min={0}
                max={100}
                value={Math.round((weights[name] ?? 0) * 100)}
                onChange={(event) => setWeights(shiftWeight(weights, name, Number(event.target.value) / 100))}
                className="h-6 w-full accent-[var(--accent)]"
              />
            </label>
          ))}
        </fieldset>
      </div>
      {card.selection_rationale ? (
        <p className="max-w-[72ch] border-l-2 border-line-strong pl-3 text-sm text-ink-2">{card.selection_rationale}</p>
      ) : null}
    </Part>
  )
}

/** Where venues were heard of, before any is on the shortlist. */
function Leads({ brief, ready }: { brief: EventBrief; ready: boolean }) {
  const leads = useArtifact(brief.id, 'venue-leads')
  return (
    <Part
      title="Leads"
      note={leads.data ? `${leads.data.length} found` : undefined}
      actions={ready ? <Write brief={brief} type="VenueLeads" label="Add a lead" /> : null}
    >
      <Loaded query={leads} what="The leads" empty={<NotYet>No lead yet.</NotYet>}>
        {(rows) => (
          <ul className="grid gap-x-6 sm:grid-cols-2">
            {rows.map((lead) => (
              <li key={lead.id} className="flex flex-wrap items-center gap-2 border-b border-line py-1.5 text-sm">
                <span className="min-w-0 flex-1 truncate">{lead.venue_name}</span>
                <Tag>{lead.source}</Tag>
                <span className="w-full text-xs text-ink-3">
                  {[lead.contact_info?.phone, lead.contact_info?.email, lead.contact_info?.website, lead.initial_notes]
                    .filter(Boolean)
                    .join(' · ')}
                </span>
              </li>
            ))}
          </ul>
        )}
      </Loaded>
    </Part>
  )
}
