import { cx } from '../lib/cx.ts'
import { formatMoney } from '../lib/format.ts'

/** An amount in mono figures; `signed` colours and signs a difference. */
export function Money({
  amount,
  currency = 'USD',
  signed = false,
  className,
}: {
  amount: number | null | undefined
  currency?: string
  signed?: boolean
  className?: string
}) {
  if (amount === null || amount === undefined || !Number.isFinite(amount)) return <span className={className}>–</span>
  return (
    <span
      className={cx(
        'tabular whitespace-nowrap font-mono',
        signed && amount > 0 && 'text-failed-ink',
        signed && amount < 0 && 'text-done-ink',
        className,
      )}
    >
      {signed && amount > 0 ? '+' : ''}
      {formatMoney(amount, currency)}
    </span>
  )
}
