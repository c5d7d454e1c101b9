import type { Kernel } from '../../kernel/kernel.ts'
import type { Module } from '../../kernel/module.ts'
import { daysBefore, expire } from './expire.ts'

const EVERY_MS = 60 * 60 * 1000

/**
 * With RETENTION_DAYS: says at the start what will be removed, and begins an hour later, so that a wrong number can still be taken
 * back; then hourly. Returns what stops it.
 */
export async function startRetention(
  kernel: Kernel,
  modules: readonly Module[],
  everyMs = EVERY_MS,
): Promise<() => Promise<void>> {
  const days = kernel.config.core.retentionDays
  if (days === undefined) return async () => undefined
  const what = await expire(kernel, modules, daysBefore(kernel, days), { dry: true })
  const due = what.filter(({ count }) => count > 0)
  if (due.length > 0)
    kernel.log.warn(
      { retention_days: days, removes: due, at: new Date(kernel.clock.now() + everyMs).toISOString() },
      'what is past RETENTION_DAYS will be removed in an hour; unset it, or set it higher, to keep it',
    )
  let working: Promise<void> | undefined
  const run = () => {
    working ??= expire(kernel, modules, daysBefore(kernel, days), { dry: false })
      .then((removed) => {
        const some = removed.filter(({ count }) => count > 0)
        if (some.length > 0) kernel.log.info({ retention_days: days, removed: some }, 'past RETENTION_DAYS, removed')
      })
      .catch((error: Error) => kernel.log.warn({ error: error.message }, 'retention failed, trying again in an hour'))
      .finally(() => (working = undefined))
  }
  const timer = setInterval(run, everyMs)
  timer.unref()
  return async () => {
    clearInterval(timer)
    await working
  }
}
