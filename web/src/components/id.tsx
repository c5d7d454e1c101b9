import { Check, Copy } from 'lucide-react'
import { useState } from 'react'
import { cx } from '../lib/cx.ts'
import { toast } from './toast.tsx'

/** Puts text on the clipboard, also where the page is not served securely. Answers whether it worked. */
export async function copyText(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text)
    return true
  } catch {
    toast({ tone: 'failed', title: 'The browser does not allow copying', detail: text })
    return false
  }
}

/** An id in mono; pressing it copies the whole id. `short` shows its end only, which is the part that differs. */
export function Id({ value, short = false, className }: { value: string; short?: boolean; className?: string }) {
  const [copied, setCopied] = useState(false)
  const Icon = copied ? Check : Copy
  const shown = short && value.length > 14 ? `…${value.slice(-8)}` : value
  return (
    <button
      type="button"
      title={`Copy ${value}`}
      aria-label={shown === value ? `Copy id ${value}` : `Copy id ${value}, ${shown}`}
      onClick={async (event) => {
        event.stopPropagation()
        if (!(await copyText(value))) return
        setCopied(true)
        setTimeout(() => setCopied(false), 1200)
      }}
      className={cx(
        'group inline-flex items-center gap-1 rounded px-1 -mx-1 font-mono text-xs text-ink-2 hover:bg-hover hover:text-ink',
        className,
      )}
    >
      <span className="truncate">{shown}</span>
      <Icon size={12} aria-hidden="true" className="shrink-0 text-ink-3 opacity-60 group-hover:opacity-100" />
    </button>
  )
}
