import { Outlet, useNavigate } from '@tanstack/react-router'
import { lazy, Suspense, useEffect, useState } from 'react'
import { Toasts } from '../components/toast.tsx'
import { useHotkeys } from '../lib/hotkeys.ts'
import { usePhone } from '../lib/use-media.ts'
import { BottomBar } from './bottom-bar.tsx'
import { NAV } from './nav.ts'
import { Sidebar } from './sidebar.tsx'
import { SignIn } from './sign-in.tsx'
import { TopBar } from './top-bar.tsx'

const loadPalette = () => import('./command-palette.tsx')
const CommandPalette = lazy(loadPalette)
const HelpDialog = lazy(() => import('./help-dialog.tsx'))

/** Everything around a page: navigation, search, what is live, keys, notifications. */
export function Shell() {
  const phone = usePhone()
  const navigate = useNavigate()
  const [palette, setPalette] = useState(false)
  const [help, setHelp] = useState(false)
  // Fetched when idle, so that what is typed right after opening it is not lost.
  useEffect(() => {
    const timer = setTimeout(() => void loadPalette(), 1500)
    return () => clearTimeout(timer)
  }, [])
  const go = (to: string) => void navigate({ to } as never)
  useHotkeys([
    { keys: 'mod+k', does: 'Search and commands', run: () => setPalette((open) => !open) },
    { keys: '/', does: 'Search and commands', run: () => setPalette(true), hidden: true },
    { keys: '?', does: 'Show the keys', run: () => setHelp(true) },
    { keys: 'c', does: 'New task', run: () => void navigate({ to: '/tasks', search: { tab: 'submit' } } as never) },
    ...NAV.flat().map((item) => ({ keys: `g ${item.key}`, does: `Go to ${item.label}`, run: () => go(item.to) })),
  ])
  return (
    <div className="flex h-full">
      <a href="#page" className="skip-link">
        Skip to the page
      </a>
      {phone ? null : <Sidebar />}
      <div className="flex min-w-0 flex-1 flex-col">
        <TopBar onSearch={() => setPalette(true)} />
        <main id="page" tabIndex={-1} className="min-h-0 flex-1 overflow-hidden pb-14 outline-none md:pb-0">
          <Outlet />
        </main>
      </div>
      {phone ? <BottomBar /> : null}
      <Suspense>
        {palette ? <CommandPalette onClose={() => setPalette(false)} /> : null}
        {help ? <HelpDialog onClose={() => setHelp(false)} /> : null}
      </Suspense>
      <SignIn />
      <Toasts />
    </div>
  )
}
