import os from 'node:os'

export type HostLoad = { cpu_usage: number; memory_usage: number; process_memory_bytes: number }

const percent = (share: number) => Math.round(Math.min(100, Math.max(0, share * 100)) * 10) / 10

/** Host figures in percent: processor time since the call before, memory in use now. */
export function createLoadMeter(): () => HostLoad {
  const times = () =>
    os
      .cpus()
      .reduce(
        (sum, { times: t }) => ({ idle: sum.idle + t.idle, all: sum.all + t.user + t.nice + t.sys + t.idle + t.irq }),
        { idle: 0, all: 0 },
      )
  let last = times()
  let cpu = 0
  return () => {
    const now = times()
    // Two calls in the same clock tick have no time between them: the figure before stays.
    if (now.all > last.all) cpu = 1 - (now.idle - last.idle) / (now.all - last.all)
    last = now
    return {
      cpu_usage: percent(cpu),
      memory_usage: percent(1 - os.freemem() / os.totalmem()),
      process_memory_bytes: process.memoryUsage.rss(),
    }
  }
}
