import { Copy } from 'lucide-react'
import { Button } from './button.tsx'
import { copyText } from './id.tsx'

/** A value as formatted JSON, with a copy button. */
export function JsonView({
  value,
  label = 'JSON',
  maxHeight = 360,
}: {
  value: unknown
  label?: string
  maxHeight?: number
}) {
  const text = typeof value === 'string' ? value : (JSON.stringify(value, null, 2) ?? 'undefined')
  return (
    <div className="relative">
      <pre
        role="region"
        aria-label={label}
        tabIndex={0}
        style={{ maxHeight }}
        className="overflow-auto rounded-md border border-line bg-sunken p-3 pr-10 text-xs leading-5 text-ink-2 whitespace-pre-wrap break-words"
      >
        {text}
      </pre>
      <Button
        look="quiet"
        size="sm"
        icon={Copy}
        aria-label={`Copy ${label}`}
        className="absolute top-1.5 right-1.5"
        onClick={() => void copyText(text)}
      />
    </div>
  )
}
