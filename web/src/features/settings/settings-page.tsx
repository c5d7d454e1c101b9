import type { ReactNode } from 'react'
import { Crumbs } from '../../app/crumbs.tsx'
import { Tabs } from '../../components/tabs.tsx'
import { useUrlState } from '../../lib/use-url-state.ts'
import { About } from './components/about.tsx'
import { Access } from './components/access.tsx'
import { Appearance } from './components/appearance.tsx'
import { Model } from './components/model.tsx'
import { Operation } from './components/operation.tsx'
import { Phone } from './components/phone.tsx'
import { Webhooks } from './components/webhooks.tsx'

/** How this server and this browser are set up. */
export default function SettingsPage() {
  const [url, setUrl] = useUrlState()
  return (
    <div role="region" aria-label="Settings" tabIndex={0} className="h-full overflow-y-auto -outline-offset-2">
      <Crumbs trail={[{ label: 'Settings' }]} />
      <div className="mx-auto max-w-4xl p-4 md:p-6">
        <Tabs
          label="Settings"
          value={url.tab ?? 'model'}
          onChange={(tab) => setUrl({ tab })}
          items={[
            {
              id: 'model',
              label: 'Model',
              content: (
                <Page>
                  <Model />
                </Page>
              ),
            },
            {
              id: 'access',
              label: 'Access and keys',
              content: (
                <Page>
                  <Access />
                </Page>
              ),
            },
            {
              id: 'webhooks',
              label: 'Webhooks',
              content: (
                <Page>
                  <Webhooks />
                </Page>
              ),
            },
            {
              id: 'phone',
              label: 'Phone',
              content: (
                <Page>
                  <Phone />
                </Page>
              ),
            },
            {
              id: 'operation',
              label: 'Operation',
              content: (
                <Page>
                  <Operation />
                </Page>
              ),
            },
            {
              id: 'look',
              label: 'Appearance',
              content: (
                <Page>
                  <Appearance />
                </Page>
              ),
            },
            {
              id: 'about',
              label: 'About',
              content: (
                <Page>
                  <About />
                </Page>
              ),
            },
          ]}
        />
      </div>
    </div>
  )
}

const Page = ({ children }: { children: ReactNode }) => <div className="flex flex-col gap-5">{children}</div>
