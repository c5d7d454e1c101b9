// Loaded into each process of the steady soak (--import): every ten seconds its memory after a garbage collection and what it holds open,
// as a line of SAMPLE_FILE.
import fs from 'node:fs'
import v8 from 'node:v8'
import vm from 'node:vm'

v8.setFlagsFromString('--expose_gc')
const gc = vm.runInNewContext('gc')
const count = (kind) => process.getActiveResourcesInfo().filter((name) => name === kind).length

if (process.env.SAMPLE_FILE && !process.env.SAMPLE_CHILD) {
  process.env.SAMPLE_CHILD = '1' // processes started by this one are not sampled
  setInterval(() => {
    gc()
    const { rss, heapUsed, external, arrayBuffers } = process.memoryUsage()
    const line = {
      at: Date.now(),
      rss_mb: rss / 2 ** 20,
      heap_mb: heapUsed / 2 ** 20,
      outside_mb: (external + arrayBuffers) / 2 ** 20,
      handles: process.getActiveResourcesInfo().filter((name) => name !== 'Immediate').length,
      sockets: count('TCPSocketWrap'),
      timers: count('Timeout'),
      files: fs.readdirSync('/proc/self/fd').length,
    }
    fs.appendFileSync(process.env.SAMPLE_FILE, `${JSON.stringify(line)}\n`)
  }, 10_000).unref()
}
