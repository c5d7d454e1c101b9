import { Link } from '@tanstack/react-router'
import { Plus } from 'lucide-react'
import { DropdownMenu } from 'radix-ui'
import { Button } from '../components/button.tsx'
import { cx } from '../lib/cx.ts'
import { NEW_ITEMS } from './nav.ts'

/** "+ New": one beginning per domain. */
export function NewMenu() {
  return (
    <DropdownMenu.Root>
      <DropdownMenu.Trigger asChild>
        <Button look="primary" icon={Plus}>
          New
        </Button>
      </DropdownMenu.Trigger>
      <DropdownMenu.Portal>
        <DropdownMenu.Content
          align="end"
          sideOffset={6}
          className="fade-in z-50 w-64 rounded-md border border-line bg-raised p-1 shadow-pop"
        >
          {NEW_ITEMS.map(({ to, search, label, hint, icon: Icon, hue }) => (
            <DropdownMenu.Item key={to} asChild>
              <Link
                to={to as never}
                search={search as never}
                className="flex items-center gap-3 rounded px-2.5 py-2 outline-none data-[highlighted]:bg-hover"
              >
                <Icon size={18} aria-hidden="true" className={cx('shrink-0', hue)} />
                <span>
                  <span className="block text-sm font-medium">{label}</span>
                  <span className="block text-xs text-ink-2">{hint}</span>
                </span>
              </Link>
            </DropdownMenu.Item>
          ))}
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  )
}
