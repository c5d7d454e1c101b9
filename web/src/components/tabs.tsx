import { Tabs as Radix } from 'radix-ui'
import { type ReactNode, useEffect, useRef } from 'react'
import { scrollSideways } from '../lib/scroll-sideways.ts'

export type TabItem = { id: string; label: string; count?: number; content: ReactNode; testId?: string }

/** Tabs of one page; arrows move between them. The caller keeps the chosen one, usually in the address. */
export function Tabs({
  items,
  value,
  onChange,
  label,
  fill = false,
}: {
  items: TabItem[]
  value: string
  onChange: (id: string) => void
  label: string
  fill?: boolean
}) {
  const bar = useRef<HTMLDivElement>(null)
  const chosen = items.some((item) => item.id === value) ? value : (items[0]?.id ?? '')
  // biome-ignore lint/correctness/useExhaustiveDependencies: another tab is another place of the bar
  useEffect(() => {
    scrollSideways(bar.current, '[data-state=active]')
  }, [chosen])
  return (
    <Radix.Root value={chosen} onValueChange={onChange} className={fill ? 'flex min-h-0 flex-1 flex-col' : undefined}>
      <Radix.List
        ref={bar}
        data-fill={fill}
        aria-label={label}
        className="flex shrink-0 gap-1 overflow-x-auto border-b border-line px-1 data-[fill=true]:bg-surface data-[fill=true]:px-3"
      >
        {items.map((item) => (
          <Radix.Trigger
            key={item.id}
            value={item.id}
            data-testid={item.testId}
            className="-mb-px flex h-10 items-center gap-1.5 border-b-2 border-transparent px-3 text-sm font-medium whitespace-nowrap text-ink-2 -outline-offset-2 hover:text-ink data-[state=active]:border-accent data-[state=active]:text-ink"
          >
            {item.label}
            {item.count === undefined ? null : (
              <span className="tabular rounded-full bg-sunken px-1.5 text-2xs text-ink-2 ring-1 ring-line ring-inset">
                {item.count}
              </span>
            )}
          </Radix.Trigger>
        ))}
      </Radix.List>
      {items.map((item) => (
        <Radix.Content
          key={item.id}
          value={item.id}
          tabIndex={-1}
          className={fill ? 'flex min-h-0 flex-1 flex-col data-[state=inactive]:hidden' : 'pt-4 outline-none'}
        >
          {item.id === chosen ? item.content : null}
        </Radix.Content>
      ))}
    </Radix.Root>
  )
}
