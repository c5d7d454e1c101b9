import fs from 'node:fs'

const TICKS_PER_SECOND = 100

/** Seconds of processor time of a process, its living children, and those of its children that have ended. Linux. */
export function treeCpuSeconds(pid: number): number {
  let ticks = 0
  for (const entry of fs.readdirSync('/proc')) {
    if (!/^\d+$/.test(entry)) continue
    const stat = read(`/proc/${entry}/stat`)
    if (!stat) continue // ended meanwhile: its parent counts it from now on
    const [parent, user, system, endedUser, endedSystem] = [1, 11, 12, 13, 14].map((at) => Number(stat[at]))
    if (Number(entry) === pid) ticks += user! + system! + endedUser! + endedSystem!
    else if (parent === pid) ticks += user! + system!
  }
  return ticks / TICKS_PER_SECOND
}

/** proc(5): the fields behind the name, which may hold blanks. */
function read(file: string): string[] | undefined {
  try {
    return fs.readFileSync(file, 'utf8').split(') ')[1]!.split(' ')
  } catch (error) {
    if (['ENOENT', 'ESRCH'].includes((error as NodeJS.ErrnoException).code ?? '')) return undefined
    throw error
  }
}
