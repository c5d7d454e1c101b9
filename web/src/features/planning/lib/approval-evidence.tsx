import type { ReactNode } from 'react'
import { Money } from '../../../components/money.tsx'
import { formatNumber } from '../../../lib/format.ts'
import type { Approval } from '../types.ts'

const TITLES: Record<string, string> = {
  budget_decision: 'Approve the budget',
  vendor_contract: 'Approve a contract',
  venue_selection: 'Approve the venue',
  change_request: 'Approve a change',
}
export const approvalTitle = (approval: Pick<Approval, 'approval_type'>) =>
  TITLES[approval.approval_type] ?? approval.approval_type.replace(/_/g, ' ')

const MONEY = /(total|amount|cost|budget|price)$/
const word = (key: string) => {
  const spaced = key.replace(/_/g, ' ')
  return spaced.charAt(0).toUpperCase() + spaced.slice(1)
}

/** An approval's details in two parts: single figures as facts (money as money), tables and nested things as they are. */
export function approvalEvidence(details: Record<string, unknown>): {
  facts: { label: string; value: ReactNode }[]
  texts: { label: string; text: string }[]
  rest: Record<string, unknown>
} {
  const currency = typeof details.currency === 'string' ? details.currency : 'USD'
  const facts: { label: string; value: ReactNode }[] = []
  const rest: Record<string, unknown> = {}
  const texts: { label: string; text: string }[] = []
  for (const [key, value] of Object.entries(details ?? {})) {
    if (value === null || value === undefined || key === 'currency' || /_ids?$/.test(key)) continue
    if (typeof value === 'number')
      facts.push({
        label: word(key),
        value: MONEY.test(key) ? (
          <Money amount={value} currency={currency} />
        ) : /percent/.test(key) ? (
          `${formatNumber(value)} %`
        ) : (
          formatNumber(value)
        ),
      })
    else if (typeof value === 'boolean') facts.push({ label: word(key), value: value ? 'yes' : 'no' })
    else if (typeof value === 'string' && value.length <= 60) facts.push({ label: word(key), value })
    else if (typeof value === 'string') texts.push({ label: word(key), text: value })
    else rest[word(key)] = withoutIds(value)
  }
  return { facts, texts, rest }
}

/** Rows without the columns that only machines read. */
const withoutIds = (value: unknown): unknown =>
  Array.isArray(value)
    ? value.map((row) =>
        typeof row === 'object' && row !== null
          ? Object.fromEntries(Object.entries(row).filter(([key]) => !/_id$/.test(key)))
          : row,
      )
    : value

/** The one figure or name that tells what is at stake. */
export function approvalStake(details: Record<string, unknown>): ReactNode {
  const currency = typeof details.currency === 'string' ? details.currency : 'USD'
  const amount = ['approved_total', 'total_cost', 'amount', 'total']
    .map((key) => details[key])
    .find((value) => typeof value === 'number')
  const name = ['venue_name', 'selected_venue', 'vendor_name', 'description']
    .map((key) => details[key])
    .find((value) => typeof value === 'string') as string | undefined
  return (
    <>
      {name ? <span className="truncate">{name}</span> : null}
      {name && typeof amount === 'number' ? ' · ' : null}
      {typeof amount === 'number' ? <Money amount={amount} currency={currency} /> : null}
    </>
  )
}
