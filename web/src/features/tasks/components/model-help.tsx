import { Lightbulb } from 'lucide-react'
import { SKILLS } from '../lib/examples.ts'

/** How to get a step done that no built-in skill fits. */
export function ModelHelp() {
  return (
    <aside
      aria-label="What to do without a model"
      className="mt-2 flex gap-2.5 rounded-md border border-line bg-sunken p-3 text-sm text-ink-2"
    >
      <Lightbulb size={17} aria-hidden="true" className="mt-0.5 shrink-0 text-waiting-ink" />
      <div className="flex flex-col gap-1.5">
        <p>
          <strong className="font-semibold text-ink">Two ways on.</strong> Reword the step so that one of these fits,
          and retry: {SKILLS.join(', ')}.
        </p>
        <p>
          Or configure a model: set <code className="text-xs">ANTHROPIC_API_KEY</code>, or{' '}
          <code className="text-xs">LLM_PROVIDER</code> with <code className="text-xs">LLM_BASE_URL</code>,{' '}
          <code className="text-xs">LLM_API_KEY</code> and <code className="text-xs">LLM_MODEL</code>; restart, then
          press Retry.
        </p>
      </div>
    </aside>
  )
}
