import { type ErrorComponentProps, Link, useRouter } from '@tanstack/react-router'
import { Compass } from 'lucide-react'
import { Empty } from '../components/empty.tsx'
import { ErrorPanel } from '../components/error-panel.tsx'
import { Crumbs } from './crumbs.tsx'

/** An address that leads nowhere. */
export function NotFound() {
  return (
    <>
      <Crumbs trail={[{ label: 'Not found' }]} />
      <Empty
        icon={Compass}
        title="There is no screen at this address"
        action={
          <Link to="/" className="font-medium text-accent-ink underline underline-offset-2">
            Go to Home
          </Link>
        }
      >
        The link may be old, or what it led to was deleted.
      </Empty>
    </>
  )
}

/** A screen that broke while it was drawn: the rest of the app goes on. */
export function PageFailed({ error, reset }: ErrorComponentProps) {
  const router = useRouter()
  const retry = () => {
    reset()
    void router.invalidate()
  }
  return (
    <div className="mx-auto max-w-2xl p-6">
      <ErrorPanel error={error} title="This screen could not be shown" onRetry={retry} />
    </div>
  )
}
