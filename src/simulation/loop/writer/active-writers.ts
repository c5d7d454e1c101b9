/** Writers that must be emptied before the process ends, however it ends. */
type Drainable = { emergencyDrain(limitMs: number): void }

const active = new Set<Drainable>()
let installed = false

// 'exit' also fires after an uncaught exception and an unhandled rejection: one listener covers all three.
function install(): void {
  if (installed) return
  installed = true
  process.on('exit', drainActiveWriters)
}

export function registerWriter(writer: Drainable): void {
  install()
  active.add(writer)
}

export const unregisterWriter = (writer: Drainable): void => void active.delete(writer)

/** Writes all queues synchronously, at most 2 s in all. Best effort. */
export function drainActiveWriters(): void {
  const deadline = Date.now() + 2000
  for (const writer of [...active]) writer.emergencyDrain(Math.max(0, deadline - Date.now()))
}
