import { useMemo } from 'react'
import { Money } from '../components/money.tsx'
import { formatNumber } from '../lib/format.ts'
import { type BarItem, barsLayout } from './bars-layout.ts'

type BarsProps = {
  label: string
  items: BarItem[]
  currency?: string
  selected?: string | undefined
  onSelect?: (id: string) => void
}

const KEYS = [
  { name: 'Plan', swatch: 'var(--line-strong)' },
  { name: 'Committed', swatch: 'var(--series-2)' },
  { name: 'Actual', swatch: 'var(--series-1)' },
]

/** Plan, committed and actual of each category as nested bars, with the variance. */
export function Bars({ label, items, currency = 'USD', selected, onSelect }: BarsProps) {
  const { rows, total } = useMemo(() => barsLayout(items), [items])
  return (
    <section aria-label={label} className="flex flex-col gap-3">
      <ul className="flex flex-wrap gap-4 text-xs text-ink-2">
        {KEYS.map((key) => (
          <li key={key.name} className="inline-flex items-center gap-1.5">
            <span className="size-2.5 rounded-sm" style={{ background: key.swatch }} aria-hidden="true" />
            {key.name}
          </li>
        ))}
      </ul>
      <table className="w-full text-sm">
        <thead className="sr-only">
          <tr>
            <th>Category</th>
            <th>Plan, committed, actual</th>
            <th>Variance</th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.id} className={row.id === selected ? 'bg-accent-soft' : undefined}>
              <th scope="row" className="w-36 py-1.5 pr-3 text-left font-medium">
                {onSelect ? (
                  <button type="button" onClick={() => onSelect(row.id)} className="rounded text-left hover:underline">
                    {row.label}
                  </button>
                ) : (
                  row.label
                )}
              </th>
              <td
                className="py-1.5"
                title={`Plan ${row.plan}, committed ${row.committed ?? 0}, actual ${row.actual ?? 0}`}
              >
                <span className="sr-only">{`plan ${formatNumber(row.plan)}, committed ${formatNumber(row.committed ?? 0)}, actual ${formatNumber(row.actual ?? 0)}`}</span>
                <div className="relative h-6" aria-hidden="true">
                  <div
                    className="absolute inset-y-0 left-0 rounded border border-line-strong bg-sunken"
                    style={{ width: `${row.share.plan * 100}%` }}
                  />
                  <div
                    className="absolute top-1.5 bottom-1.5 left-0 rounded-sm opacity-80"
                    style={{ width: `${row.share.committed * 100}%`, background: 'var(--series-2)' }}
                  />
                  <div
                    className="absolute top-[9px] bottom-[9px] left-0 rounded-sm"
                    style={{ width: `${row.share.actual * 100}%`, background: 'var(--series-1)' }}
                  />
                </div>
              </td>
              <td className="w-32 py-1.5 pl-3 text-right">
                <Money amount={row.variance} currency={currency} signed />
                {row.variancePercent === undefined ? null : (
                  <span className="tabular block text-2xs text-ink-3">{formatNumber(row.variancePercent, 1)} %</span>
                )}
              </td>
            </tr>
          ))}
        </tbody>
        <tfoot>
          <tr className="border-t border-line font-semibold">
            <th scope="row" className="py-2 text-left">
              Total
            </th>
            <td className="py-2 text-xs font-normal text-ink-2">
              plan <Money amount={total.plan} currency={currency} /> · committed{' '}
              <Money amount={total.committed} currency={currency} /> · actual{' '}
              <Money amount={total.actual} currency={currency} />
            </td>
            <td className="py-2 text-right">
              <Money amount={Math.max(total.committed, total.actual) - total.plan} currency={currency} signed />
            </td>
          </tr>
        </tfoot>
      </table>
    </section>
  )
}
