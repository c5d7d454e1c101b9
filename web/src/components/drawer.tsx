import { ArrowLeft, X } from 'lucide-react'
import { type ReactNode, useEffect, useRef } from 'react'
import { useHotkeys } from '../lib/hotkeys.ts'
import { usePhone } from '../lib/use-media.ts'
import { Button } from './button.tsx'

type DrawerProps = {
  title: ReactNode
  onClose: () => void
  children: ReactNode
  actions?: ReactNode
  label: string
  width?: number
}

/** The detail of what is selected: a panel at the right of its page, a page of its own on a phone. Escape closes it. */
export function Drawer({ title, onClose, children, actions, label, width = 440 }: DrawerProps) {
  const phone = usePhone()
  const ref = useRef<HTMLElement>(null)
  useHotkeys([{ keys: 'escape', does: 'Close the detail', run: onClose }])
  useEffect(() => {
    if (phone) ref.current?.focus()
  }, [phone])
  return (
    <aside
      ref={ref}
      tabIndex={-1}
      aria-label={label}
      style={phone ? undefined : { width }}
      className={
        phone
          ? 'fixed inset-0 z-30 flex flex-col bg-surface pb-14 outline-none'
          : 'slide-in flex h-full max-w-[48vw] shrink-0 flex-col border-l border-line bg-surface outline-none'
      }
    >
      <header className="flex min-h-12 items-center gap-2 border-b border-line px-3 py-2">
        {phone ? <Button look="quiet" icon={ArrowLeft} aria-label="Back" onClick={onClose} /> : null}
        <div className="min-w-0 flex-1 truncate font-semibold">{title}</div>
        {actions}
        {phone ? null : <Button look="quiet" size="sm" icon={X} aria-label="Close detail" onClick={onClose} />}
      </header>
      <div className="min-h-0 flex-1 overflow-y-auto p-4" role="region" tabIndex={0} aria-label={`${label}: content`}>
        {children}
      </div>
    </aside>
  )
}
