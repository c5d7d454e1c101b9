import { Link } from '@tanstack/react-router'
import { Button } from '../../../components/button.tsx'
import { Chip, Tag } from '../../../components/chip.tsx'
import { Confirm } from '../../../components/dialog.tsx'
import { Money } from '../../../components/money.tsx'
import { Facts } from '../../../components/run-header.tsx'
import { toast, toastError } from '../../../components/toast.tsx'
import { When } from '../../../components/when.tsx'
import { formatNumber, plural } from '../../../lib/format.ts'
import { useUrlState } from '../../../lib/use-url-state.ts'
import { Bars } from '../../../viewers/bars.tsx'
import { useArtifact } from '../api/artifacts.ts'
import { useEventWrite } from '../api/briefs.ts'
import { Write } from '../components/artifact-editor.tsx'
import { ImportButton, LastImport } from '../components/import-dialog.tsx'
import { Loaded, NotYet, Part } from '../components/loaded.tsx'
import { budgetBars } from '../lib/budget-bars.ts'
import type { Contract, EventBrief } from '../types.ts'

/** Plan against commitments and what was spent, who approved it, the lines and the contracts. */
export default function BudgetTab({ brief }: { brief: EventBrief }) {
  const baseline = useArtifact(brief.id, 'budget-baseline')
  const costs = useArtifact(brief.id, 'cost-model')
  const decision = useArtifact(brief.id, 'budget-decision')
  const contracts = useArtifact(brief.id, 'vendor-contracts')
  const [url, setUrl] = useUrlState()
  const currency = baseline.data?.currency ?? 'USD'
  const lines = (costs.data?.line_items ?? []).filter((line) => !url.category || line.category === url.category)
  const model = costs.data
  return (
    <div className="flex flex-col gap-4">
      <Part
        title="Budget"
        actions={
          <>
            {model ? (
              <Chip
                status={model.within_variance ? 'ok' : 'failed'}
                word={`${model.variance_amount > 0 ? '+' : ''}${formatNumber(Math.sign(model.variance_amount) * model.variance_percent, 1)} % ${model.within_variance ? 'within' : 'beyond'} ${formatNumber(model.variance_rules.max_variance_percent)} %`}
              />
            ) : null}
            <ImportButton brief={brief} kind="budget" />
            {baseline.data === undefined ? null : (
              <Write
                brief={brief}
                type="BudgetBaseline"
                stored={baseline.data}
                label={baseline.data ? 'Change the budget' : 'Write the budget'}
              />
            )}
          </>
        }
      >
        <Loaded
          query={baseline}
          what="The budget"
          empty={
            <NotYet>
              No budget yet: a total and its categories. You write it, or the analyst does after the venue is chosen.
            </NotYet>
          }
        >
          {(data) => (
            <>
              <Bars
                label="Plan, committed and actual"
                items={budgetBars(data, model ?? null)}
                currency={data.currency}
                selected={url.category}
                onSelect={(category) => setUrl({ category: category === url.category ? '' : category })}
              />
              {model ? (
                <Facts
                  facts={[
                    { label: 'Total cost', value: <Money amount={model.total_cost} currency={currency} /> },
                    {
                      label: 'Cost per guest',
                      value: <Money amount={model.total_cost / brief.audience_size} currency={currency} />,
                    },
                    {
                      label: 'Reserve',
                      value: model.reserve ? <Money amount={model.reserve.amount} currency={currency} /> : '–',
                    },
                    {
                      label: 'Exposure to risks',
                      value: model.reserve ? <Money amount={model.reserve.exposure} currency={currency} /> : '–',
                    },
                    {
                      label: 'Saved by negotiation',
                      value: model.savings?.amount ? <Money amount={model.savings.amount} currency={currency} /> : '–',
                    },
                  ]}
                />
              ) : null}
              <LastImport brief={brief} kind="budget" />
            </>
          )}
        </Loaded>
      </Part>
      <div className="grid gap-4 xl:grid-cols-2">
        <Part
          title="Decision"
          actions={
            costs.data && decision.data !== undefined ? (
              <Write
                brief={brief}
                type="BudgetDecision"
                stored={decision.data ? { ...decision.data, change_log_ids: [] } : null}
                label={decision.data ? 'Propose another total' : 'Propose a total'}
              />
            ) : null
          }
        >
          <Loaded query={decision} what="The decision" empty={<NotYet>Nothing is decided yet.</NotYet>}>
            {(data) => (
              <div className="flex flex-col gap-2 text-sm">
                <p className="flex flex-wrap items-center gap-2">
                  <Chip status={data.status} />
                  <Money amount={data.approved_total} currency={currency} className="font-semibold" />
                  {data.over_budget ? <Chip status="failed" word="Over budget" /> : null}
                  {data.status === 'pending_approval' ? (
                    <Link
                      to={'/planning/approvals' as never}
                      search={{ event: brief.id } as never}
                      className="text-xs font-medium text-accent-ink hover:underline"
                    >
                      Decide
                    </Link>
                  ) : null}
                </p>
                {data.rationale ? <p className="max-w-[72ch] text-ink-2">{data.rationale}</p> : null}
                <ul className="text-xs text-ink-2">
                  {data.approvals.map((one) => (
                    <li key={`${one.approver}${one.timestamp}`}>
                      {one.kind === 'agent' ? 'Endorsed' : 'Approved'} by {one.approver}, {one.role},{' '}
                      <When at={one.timestamp} />
                      {one.comments ? `: ${one.comments}` : ''}
                    </li>
                  ))}
                </ul>
              </div>
            )}
          </Loaded>
        </Part>
        <Part
          title="Contracts"
          actions={baseline.data ? <Write brief={brief} type="VendorContracts" label="Add a contract" /> : null}
        >
          <Loaded query={contracts} what="The contracts" empty={<NotYet>No contract yet.</NotYet>}>
            {(rows) => (
              <ul className="flex flex-col">
                {rows.map((contract) => (
                  <li
                    key={contract.id}
                    className="flex flex-wrap items-center gap-2 border-b border-line py-2 text-sm last:border-b-0"
                  >
                    <span className="font-medium">{contract.vendor_name}</span>
                    <Tag>{contract.service_type}</Tag>
                    <Chip status={contract.status} />
                    {contract.status === 'cancelled' || contract.redacted ? null : (
                      <>
                        <Write brief={brief} type="VendorContracts" label="Change" quiet stored={contract} />
                        <CancelContract brief={brief} contract={contract} />
                      </>
                    )}
                    <span className="ml-auto">
                      {contract.terms ? (
                        <Money amount={contract.terms.total_cost} currency={currency} />
                      ) : (
                        <span className="text-xs text-ink-3">not shown to you</span>
                      )}
                    </span>
                    <span className="w-full text-xs text-ink-3">
                      {(contract.sla ?? []).map((one) => `${one.metric} ${one.target}`).join(' · ')}
                      {contract.cancellation_policy
                        ? ` · cancel ${contract.cancellation_policy.notice_days} days before, ${contract.cancellation_policy.penalty}`
                        : ''}
                    </span>
                  </li>
                ))}
              </ul>
            )}
          </Loaded>
        </Part>
      </div>
      {baseline.data && !model ? (
        <Part title="Cost lines" actions={<Write brief={brief} type="CostModel" label="Write the cost lines" />}>
          <NotYet>No cost lines yet. Each names what it is for, how many and what one costs.</NotYet>
        </Part>
      ) : null}
      {model ? (
        <Part
          title={url.category ? `Cost lines: ${url.category}` : 'Cost lines'}
          note={plural(lines.length, 'line')}
          actions={<Write brief={brief} type="CostModel" label="Change the cost lines" stored={model} />}
        >
          <div className="overflow-x-auto" role="region" aria-label="Cost lines as a table" tabIndex={0}>
            <table className="w-full min-w-[560px] text-sm">
              <thead className="text-left text-xs text-ink-3">
                <tr>
                  {['Item', 'Category', 'Quantity', 'Each', 'Total', 'Actual'].map((name, i) => (
                    <th key={name} scope="col" className={`py-1.5 pr-3 font-medium ${i > 1 ? 'text-right' : ''}`}>
                      {name}
                    </th>
                  ))}
                </tr>
              </thead>
              <tbody>
                {lines.map((line) => (
                  <tr key={`${line.category}${line.item}`} className="border-t border-line">
                    <td className="py-1.5 pr-3">{line.item}</td>
                    <td className="py-1.5 pr-3 text-ink-2">{line.category}</td>
                    <td className="tabular py-1.5 pr-3 text-right">{formatNumber(line.quantity)}</td>
                    <td className="py-1.5 pr-3 text-right">
                      {line.list_unit_cost && line.list_unit_cost > line.unit_cost ? (
                        <s className="mr-1 text-xs text-ink-3">
                          <Money amount={line.list_unit_cost} currency={currency} />
                        </s>
                      ) : null}
                      <Money amount={line.unit_cost} currency={currency} />
                    </td>
                    <td className="py-1.5 pr-3 text-right">
                      <Money amount={line.total} currency={currency} />
                    </td>
                    <td className="py-1.5 pr-3 text-right">
                      <Money amount={line.actual_total} currency={currency} />
                    </td>
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
          {(model.mitigation_options ?? []).length > 0 ? (
            <div>
              <h3 className="mb-1 text-xs font-medium text-ink-3">Ways back into the budget</h3>
              <ol className="flex flex-col gap-1 text-sm">
                {model.mitigation_options?.map((option) => (
                  <li key={option.description} className="flex flex-wrap gap-x-3">
                    <span>
                      {option.rank}. {option.description}
                    </span>
                    <span className="text-done-ink">
                      saves <Money amount={option.saving} currency={currency} />
                    </span>
                    <span className="text-ink-3">{option.trade_off}</span>
                  </li>
                ))}
              </ol>
            </div>
          ) : null}
        </Part>
      ) : null}
    </div>
  )
}

/** A vendor who cancels is an incident: the contract ends for good and its response starts. */
function CancelContract({ brief, contract }: { brief: EventBrief; contract: Contract }) {
  const write = useEventWrite(brief.id)
  if (brief.lifecycle_state === 'Postmortem') return null
  return (
    <Confirm
      title={`Cancel the contract with ${contract.vendor_name}?`}
      action="Cancel the contract"
      danger
      onConfirm={() =>
        write.mutate(
          {
            path: `/vendor-contracts/${encodeURIComponent(contract.id)}`,
            method: 'PATCH',
            body: { status: 'cancelled' },
            version: contract.version,
          },
          {
            onSuccess: () =>
              toast({ tone: 'waiting', title: `${contract.vendor_name} cancelled: an incident is open` }),
            onError: (error) => toastError('The contract was not cancelled', error),
          },
        )
      }
      trigger={(ask) => (
        <Button size="sm" look="quiet" onClick={ask}>
          Cancel
        </Button>
      )}
    >
      A cancelled contract is final. An incident is reported and the response to a vendor that cancels starts.
    </Confirm>
  )
}
