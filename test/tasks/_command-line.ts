// `troupe task` as a terminal runs it: a process of its own against the server of the scenarios.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import fs from 'node:fs'
import http from 'node:http'
import type { AddressInfo } from 'node:net'
import os from 'node:os'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { task } from '../../src/cli/task.ts'

const TROUPE = path.resolve(import.meta.dirname, '../../troupe.mjs')
const MAIN = path.resolve(import.meta.dirname, '../../src/cli/main.ts')
const EXAMPLES = path.resolve(import.meta.dirname, '../../examples')

export function commandLine(url: () => string): void {
  const troupe = async (argv: string[], at = url()) => {
    const child = spawn(process.execPath, [TROUPE, 'task', ...argv], {
      env: { ...process.env, TROUPE_URL: at, TROUPE_HOME: path.join(os.tmpdir(), 'no-troupe-here') },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    const [out, err] = await Promise.all([child.stdout.toArray(), child.stderr.toArray(), once(child, 'close')])
    return { code: child.exitCode, out: out.join(''), err: err.join('') }
  }

  describe('troupe task', { timeout: 120_000 }, () => {
    it('shows the steps on stderr and the result as text on stdout, with the addresses of page and charts', async () => {
      const job = 'Analyze the attached CSV: total revenue by region, with charts'
      const { code, out, err } = await troupe([job, path.join(EXAMPLES, 'sales.csv')])
      expect(code).toBe(0)
      expect(err).toMatch(/^task_\d{12}_[0-9a-f]{12} {2}http\S+\/app\/tasks\/task_/)
      expect(err).toMatch(/completed · 1 of 1 steps · 100 %\n {2}✓ Analyze the attached CSV.* agent_\d/)
      expect(out).toMatch(/^✓ Completed 1 subtasks in \d+\.\d s/)
      expect(out).toMatch(/region +revenue sum\n +East +2500\n +North +2700\n +South +1300/)
      expect(out).not.toMatch(/[{}"]/)
      const [page, chart] = [/^ {2}(http\S+\.html)$/m.exec(out)![1]!, /^ {2}(http\S+\.svg) /m.exec(out)![1]!]
      for (const address of [page, chart]) expect((await fetch(address)).status).toBe(200)
    })

    it('--out downloads pages, charts and files; --json prints the task and nothing else', async () => {
      const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'troupe-out-'))
      const job = 'Read the attached CSV, filter rows where revenue > 1000, calculate average and save to new file'
      const { code, out, err } = await troupe([job, path.join(EXAMPLES, 'sales.csv'), '--out', folder, '--json'])
      expect([code, err]).toEqual([0, ''])
      expect(JSON.parse(out)).toMatchObject({ status: 'completed', result: { data: { filtered_count: 3 } } })
      const saved = fs.readdirSync(folder, { recursive: true }).map(String)
      expect(saved.filter((name) => /\.(csv|html)$/.test(name)).map((name) => path.basename(name))).toEqual(
        expect.arrayContaining(['filtered.csv', expect.stringMatching(/^subtask_.*\.html$/)]),
      )
      expect(saved.some((name) => name.endsWith('.part'))).toBe(false)
      const csv = saved.find((name) => name.endsWith('filtered.csv'))!
      expect(fs.readFileSync(path.join(folder, csv), 'utf8').trim().split('\n')).toHaveLength(4)
      fs.rmSync(folder, { recursive: true })
    })

    it('a failed job ends with 1: the reason, what to do, what was not begun', async () => {
      const failed = await troupe(['Run SQL: DELETE FROM tasks; then create a report of the results'])
      expect([failed.code, failed.out]).toEqual([1, ''])
      expect(failed.err).toMatch(/SQL_NOT_ALLOWED: .*\n {2}What to do: Correct the query, then retry\./)
      expect(failed.err).toMatch(/⊘ Not begun: create a report/i)
      expect(failed.err).toMatch(/See and retry: http/)
    })

    it.each<[string, string[], number, RegExp]>([
      ['no words', [], 2, /say what is to be done/],
      ['a file that is not there', ['Analyze the attached CSV', 'nowhere.csv'], 2, /no such file: nowhere\.csv/],
      ['a folder', ['Analyze the attached CSV', os.tmpdir()], 2, /no such file/],
      ['input that is no JSON', ['Calculate 1 + 1', '--input', '{'], 2, /--input is not valid JSON/],
      ['an unknown option', ['Calculate 1 + 1', '--fast'], 2, /--help/],
      ['too few words', ['short'], 1, /at least 10 characters/],
      ['a file of a wrong kind', ['Analyze the attached file', MAIN], 1, /\.ts|allowed/],
    ])('%s ends with its reason', async (_what, argv, code, reason) => {
      const said: string[] = []
      const io = { out: (text: string) => void said.push(text), err: () => undefined, isTty: false }
      const refused = task(argv, { ...io, env: { TROUPE_URL: url() } })
      await expect(refused).rejects.toMatchObject({ exitCode: code, message: expect.stringMatching(reason) })
      expect(said).toEqual([])
    })

    it('--no-wait prints the id; without a server it says how to start one', async () => {
      expect((await troupe(['Calculate factorial of 3', '--no-wait'])).out).toMatch(/^task_\d{12}_[0-9a-f]{12}\n$/)
      const away = await troupe(['Calculate factorial of 3'], 'http://127.0.0.1:1')
      expect(away).toMatchObject({ code: 1, err: expect.stringMatching(/No Troupe server answers .*npm start/) })
    })

    it('waits for a server that is away for a moment', async () => {
      let refuse = 6
      const between = http.createServer(async (request, response) => {
        if (request.method === 'GET' && refuse-- > 0)
          return refuse % 2 === 0 ? request.destroy() : response.writeHead(503).end('{"detail":"starting"}')
        const body = Buffer.concat(await request.toArray())
        const answer = await fetch(`${url()}${request.url}`, {
          method: request.method!,
          headers: request.headers['content-type'] ? { 'content-type': request.headers['content-type'] } : {},
          ...(body.length > 0 ? { body } : {}),
        })
        response.writeHead(answer.status, { 'content-type': 'application/json' }).end(await answer.text())
      })
      await new Promise<void>((resolve) => between.listen(0, '127.0.0.1', resolve))
      const { code, out, err } = await troupe(
        ['Calculate factorial of 6'],
        `http://127.0.0.1:${(between.address() as AddressInfo).port}`,
      )
      expect(code).toBe(0)
      expect(out).toMatch(/factorial_6: 720/)
      expect(err).toMatch(/waiting for it[\s\S]*The server is back/)
      between.close()
    })
  })
}
