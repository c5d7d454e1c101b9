import { X } from 'lucide-react'
import { Dialog as Radix } from 'radix-ui'
import { type ReactNode, useRef, useState } from 'react'
import { cx } from '../lib/cx.ts'
import { Button } from './button.tsx'

type DialogProps = {
  open: boolean
  onClose: () => void
  title: string
  children: ReactNode
  footer?: ReactNode
  wide?: boolean
  describe?: string
}

/** A form begins in its first field; without one the focus goes to the first button. */
function focusFirstField(event: Event): void {
  const field = (event.currentTarget as HTMLElement | null)?.querySelector<HTMLElement>('input, textarea, select')
  if (!field) return
  event.preventDefault()
  field.focus()
}

/** A question or form above the page; Escape and the cross close it, the focus returns where it was. */
export function Dialog({ open, onClose, title, children, footer, wide = false, describe }: DialogProps) {
  const opener = useRef<Element | null>(null)
  return (
    <Radix.Root open={open} onOpenChange={(next) => !next && onClose()}>
      <Radix.Portal>
        <Radix.Overlay className="fade-in fixed inset-0 z-40 bg-[var(--shade)]" />
        <Radix.Content
          {...(describe ? {} : { 'aria-describedby': undefined })}
          onOpenAutoFocus={(event) => {
            opener.current = document.activeElement
            focusFirstField(event)
          }}
          onCloseAutoFocus={(event) => {
            // Radix returns to a trigger of its own; these dialogs are opened by the page.
            event.preventDefault()
            if (opener.current instanceof HTMLElement) opener.current.focus()
          }}
          className={cx(
            'fade-in fixed top-1/2 left-1/2 z-50 flex max-h-[88vh] w-[calc(100vw-24px)] -translate-x-1/2 -translate-y-1/2 flex-col',
            'rounded-md border border-line bg-raised shadow-pop focus:outline-none',
            wide ? 'max-w-3xl' : 'max-w-lg',
          )}
        >
          <header className="flex items-start gap-3 border-b border-line px-4 py-3">
            <div className="min-w-0 flex-1">
              <Radix.Title className="text-lg font-semibold">{title}</Radix.Title>
              {describe ? <Radix.Description className="text-sm text-ink-2">{describe}</Radix.Description> : null}
            </div>
            <Radix.Close asChild>
              <Button look="quiet" size="sm" icon={X} aria-label="Close" />
            </Radix.Close>
          </header>
          <div className="min-h-0 flex-1 overflow-y-auto px-4 py-4">{children}</div>
          {footer ? (
            <footer className="flex flex-wrap justify-end gap-2 border-t border-line px-4 py-3">{footer}</footer>
          ) : null}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  )
}

type ConfirmProps = {
  title: string
  action: string
  danger?: boolean
  children: ReactNode
  onConfirm: () => unknown
  trigger: (ask: () => void) => ReactNode
}

/** Asks once before something that cannot be taken back. `action` is the verb on the button. */
export function Confirm({ title, action, danger = false, children, onConfirm, trigger }: ConfirmProps) {
  const [open, setOpen] = useState(false)
  const close = () => setOpen(false)
  return (
    <>
      {trigger(() => setOpen(true))}
      <Dialog
        open={open}
        onClose={close}
        title={title}
        footer={
          <>
            <Button onClick={close}>Keep it as it is</Button>
            <Button
              look={danger ? 'danger' : 'primary'}
              onClick={() => {
                close()
                void onConfirm()
              }}
            >
              {action}
            </Button>
          </>
        }
      >
        <div className="text-sm text-ink-2">{children}</div>
      </Dialog>
    </>
  )
}
