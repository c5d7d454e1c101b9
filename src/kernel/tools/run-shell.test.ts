import fs from 'node:fs/promises'
import net, { type AddressInfo } from 'node:net'
import os from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { isShellSupported, runShell } from './run-shell.ts'

const supported = await isShellSupported()
let base: string
let folder: string
beforeEach(async () => {
  base = await fs.mkdtemp(path.join(os.tmpdir(), 'shell-'))
  folder = path.join(base, 'run')
  await fs.mkdir(folder)
})
afterEach(() => fs.rm(base, { recursive: true, force: true }))

describe.runIf(supported)('runShell', () => {
  it('runs in the folder and reports exit code and output', async () => {
    const result = await runShell({ command: 'echo out; echo err >&2; echo x > made; exit 3', folder })
    expect(result).toEqual({ exitCode: 3, stdout: 'out\n', stderr: 'err\n', truncated: false, timedOut: false })
    expect(await fs.readFile(path.join(folder, 'made'), 'utf8')).toBe('x\n')
  })

  it('has no secret in its environment, nor sight of a process that has', async () => {
    process.env.TEST_SHELL_SECRET = 'hunter2'
    const { stdout } = await runShell({ command: 'env; cat /proc/[0-9]*/environ | tr "\\0" "\\n"', folder })
    delete process.env.TEST_SHELL_SECRET
    expect(stdout).toContain('PATH=')
    expect(stdout).not.toContain('hunter2')
  })

  it('has no network, not even loopback', async () => {
    let connections = 0
    const server = net.createServer(() => connections++).listen(0, '127.0.0.1')
    await new Promise((done) => server.once('listening', done))
    const { port } = server.address() as AddressInfo
    const script = `require('net').connect(${port}, '127.0.0.1').on('error', (e) => { console.log(e.code); process.exit(7) })`
    const { exitCode } = await runShell({ command: `${process.execPath} -e "${script}"`, folder })
    server.close()
    expect([exitCode, connections]).toEqual([7, 0])
  })

  it('writes nowhere else and sees hidden folders empty', async () => {
    const secrets = path.join(base, 'secrets')
    await fs.mkdir(secrets)
    await fs.writeFile(path.join(secrets, 'key'), 'hunter2')
    const command = `echo x > ${base}/escaped; cat ${secrets}/key; umount ${secrets}; cat ${secrets}/key; true`
    const { stdout } = await runShell({ command, folder, hidden: [secrets] })
    expect(stdout).not.toContain('hunter2')
    expect(await fs.readdir(base)).toEqual(['run', 'secrets'])
  })

  it('is stopped with everything it started, after its time or by the caller', async () => {
    const slow = await runShell({ command: 'setsid sleep 600 & sleep 600', folder, timeoutMs: 200 })
    expect(slow.timedOut).toBe(true)
    const stop = new AbortController()
    const running = runShell({ command: 'sleep 600', folder, signal: stop.signal })
    stop.abort(new Error('cancelled'))
    await expect(running).rejects.toThrow('cancelled')
  })

  it('cuts endless output', async () => {
    const result = await runShell({ command: 'yes | head -c 3000000', folder, maxOutputBytes: 1000 })
    expect([result.truncated, result.stdout.length, result.exitCode]).toEqual([true, 1000, 0])
  })
})

describe.skipIf(supported)('runShell without isolation', () => {
  it('refuses to run', async () => {
    await expect(runShell({ command: 'true', folder })).rejects.toMatchObject({ code: 'SHELL_UNAVAILABLE' })
  })
})
