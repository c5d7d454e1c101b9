import { Link } from '@tanstack/react-router'
import { Sparkles } from 'lucide-react'
import { useHealth } from '../api/tasks.ts'
import { SKILLS } from '../lib/examples.ts'

/** Shown while no model is configured: what works all the same. */
export function ModelNotice() {
  const { data } = useHealth()
  if (data?.model_configured !== false) return null
  return (
    <p
      role="note"
      className="flex items-start gap-2.5 rounded-md border border-line bg-sunken px-3 py-2 text-sm text-ink-2"
    >
      <Sparkles size={16} aria-hidden="true" className="mt-0.5 shrink-0 text-accent-ink" />
      <span>
        <strong className="font-semibold text-ink">No language model is configured.</strong> These work without one:{' '}
        {SKILLS.join(', ')}.{' '}
        <Link to={'/settings' as never} className="text-accent-ink underline underline-offset-2">
          Configure a model
        </Link>
      </span>
    </p>
  )
}
