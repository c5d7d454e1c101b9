import { QrCode, ShieldOff, Smartphone } from 'lucide-react'
import { useState } from 'react'
import { asApiError } from '../../../api/api-error.ts'
import { Button } from '../../../components/button.tsx'
import { Chip } from '../../../components/chip.tsx'
import { ErrorPanel } from '../../../components/error-panel.tsx'
import { Id } from '../../../components/id.tsx'
import { Select } from '../../../components/select.tsx'
import { When } from '../../../components/when.tsx'
import { plural } from '../../../lib/format.ts'
import { usePhone } from '../api/phone.ts'
import { Card } from './card.tsx'

const TIMES = [
  { value: '30', label: 'for half an hour' },
  { value: '120', label: 'for two hours' },
  { value: '480', label: 'for a working day' },
]

/** Lets a phone on the same network in by a link that works once. */
export function Phone() {
  const { status, create, close } = usePhone()
  const [minutes, setMinutes] = useState('120')
  if (status.error && asApiError(status.error).status === 403)
    return (
      <Card title="Your phone">
        <p className="text-sm text-ink-2">Only administrators can open this server to a phone.</p>
      </Card>
    )
  const open = status.data?.open === true
  return (
    <Card
      title="Your phone"
      hint="Answer questions from the sofa. Until you press the button nothing listens on the network; the link works once, for ten minutes, and whoever comes in by it acts in your name until the time is over."
    >
      <div className="flex flex-col gap-4">
        <div className="flex flex-wrap items-center gap-3" role="status">
          <Chip status={open ? 'available' : 'none'} word={open ? 'Open' : 'Closed'} />
          {open ? (
            <p className="text-sm text-ink-2">
              {plural(status.data?.phones ?? 0, 'phone')} in · <span className="font-mono">{status.data?.address}</span>{' '}
              · closes <When at={status.data?.closes_at ?? null} />
            </p>
          ) : null}
        </div>
        <div className="flex flex-wrap items-center gap-2">
          <Button look="primary" icon={QrCode} busy={create.isPending} onClick={() => create.mutate(Number(minutes))}>
            Make a link
          </Button>
          <Select label="How long" value={minutes} onChange={setMinutes} options={TIMES} />
          {open ? (
            <Button
              icon={ShieldOff}
              busy={close.isPending}
              onClick={() => close.mutate(undefined, { onSuccess: () => create.reset() })}
            >
              Send phones away
            </Button>
          ) : null}
        </div>
        {create.error ? <ErrorPanel error={create.error} title="No link was made" /> : null}
        {create.data && open ? (
          <div className="flex flex-wrap items-center gap-5">
            <img
              alt="Code with the link, for the phone's camera"
              src={`data:image/svg+xml,${encodeURIComponent(create.data.qr_svg)}`}
              className="size-52 rounded-md border border-line bg-white"
            />
            <div className="min-w-0 flex-1 basis-60 text-sm text-ink-2">
              <p className="flex items-center gap-2 font-medium text-ink">
                <Smartphone size={16} aria-hidden="true" /> Point the phone’s camera at it
              </p>
              <p className="mt-1">
                Same network, works once, until <When at={create.data.link_expires_at} />.
              </p>
              <p className="mt-2 break-all">
                <Id value={create.data.url} />
              </p>
            </div>
          </div>
        ) : null}
      </div>
    </Card>
  )
}
