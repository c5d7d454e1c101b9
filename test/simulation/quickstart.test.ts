// The quickstart page is true: its commands are read from it and run as they stand.
import { spawn } from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { withTemp } from '../../src/simulation/cli/_run-cli.ts'

const root = path.resolve(import.meta.dirname, '../..')
const page = fs.readFileSync(path.join(root, 'docs/quickstart-simulation.md'), 'utf8')
const commands = [...page.matchAll(/```sh\n(.*?)```/gs)]
  .flatMap(([, block]) => block!.split('\n'))
  .map((line) => line.replace(/\s+#.*$/, '').trim())
  .filter((line) => line !== '' && line !== 'npm ci')

type Started = {
  child: ReturnType<typeof spawn>
  done: Promise<{ code: number | null; out: string }>
  out: () => string
}

function start(dir: string, command: string): Started {
  const [program, ...args] = command.split(' ')
  const given = program === 'npx' ? [path.join(root, 'troupe.mjs'), ...args.slice(1)] : args
  const child = spawn(program === 'npx' ? process.execPath : program!, given, {
    cwd: dir,
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  let out = ''
  child.stdout!.on('data', (text) => {
    out += text
  })
  const done = new Promise<{ code: number | null; out: string }>((resolve) => {
    child.on('close', (code) => resolve({ code, out }))
  })
  return { child, done, out: () => out }
}

describe('the quickstart of simulations', () => {
  it('has the commands a first look needs', () => {
    for (const word of ['validate', 'check', '--resume-from', 'serve', 'curl'])
      expect(commands.some((command) => command.includes(word))).toBe(true)
  })

  it('runs as printed', { timeout: 120_000 }, () =>
    withTemp(async (dir) => {
      fs.symlinkSync(path.join(root, 'examples'), path.join(dir, 'examples'))
      let server: Started | undefined
      let url = ''
      for (const command of commands) {
        if (command.includes(' serve ')) {
          server = start(dir, `${command.replace(/--port \d+/, '--port 0')} --json`)
          while (!server.out().includes('\n')) await new Promise((resolve) => setTimeout(resolve, 20))
          url = JSON.parse(server.out()).url
        } else if (command.startsWith('curl')) {
          const asked = new URL(command.split(' ').at(-1)!)
          const { simulations } = (await (await fetch(url + asked.pathname + asked.search)).json()) as any
          expect(simulations.map(({ id }: any) => id).sort()).toEqual(['first', 'other', 'second'])
        } else {
          const { code, out } = await start(dir, command).done
          // Like diff: 1 says that the compared runs differ.
          expect([command, code]).toEqual([command, command.includes('simulate compare') ? 1 : 0])
          if (command.includes('--resume-from'))
            expect(JSON.parse(out.trim().split('\n')[1]!)).toMatchObject({ total_turns: 15, final_turn: 25 })
        }
      }
      server?.child.kill('SIGTERM')
      expect((await server?.done)?.code).toBe(0)
      expect(fs.existsSync(path.join(dir, 'output/first/events.jsonl'))).toBe(true)
      const wealth = (id: string) =>
        JSON.parse(fs.readFileSync(path.join(dir, 'output', id, 'result.json'), 'utf8')).final_state.global_state
      expect(wealth('other')).toEqual(wealth('first')) // These agents draw no random numbers.
    }),
  )
})
