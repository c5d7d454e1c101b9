// Anyone's agent, in any language: the two examples as they are, each the only agent of a real server.
import { execFileSync, spawn } from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { finished, submit } from '../_agents.ts'
import { type TestServer, testServer, until } from '../_server.ts'

const EXAMPLES = path.resolve(import.meta.dirname, '../../examples/agents')

function python(): string | undefined {
  for (const command of ['python3', 'python'])
    try {
      if (
        /^Python 3\./.test(
          execFileSync(command, ['--version'], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }),
        )
      )
        return command
    } catch {
      // not on this machine: the next name
    }
  return undefined
}

let server: TestServer
beforeAll(async () => {
  server = await testServer()
})
afterAll(() => server[Symbol.asyncDispose]())

async function works(command: string, file: string, id: string) {
  const child = spawn(command, [path.join(EXAMPLES, file)], {
    stdio: ['ignore', 'ignore', 'pipe'],
    env: {
      ...process.env,
      ORCHESTRATOR_URL: server.url,
      AGENT_ID: id,
      AGENT_PORT: '0',
      AGENT_HEARTBEAT_INTERVAL: '0.3',
    },
  })
  let said = ''
  child.stderr.on('data', (chunk) => (said += chunk))
  try {
    const agentOf = async () =>
      (await server.call('GET', '/agents')).body.agents.find((one: any) => one.agent_id === id)
    const agent = await until(async () => child.exitCode !== null || (await agentOf()))
    expect(agent, said).toMatchObject({ agent_id: id, is_available: true, capabilities: ['code_generation'] })
    const first = await finished(server, await submit(server, 'Write a haiku about the sea'))
    expect(first.task).toMatchObject({ status: 'completed', result: { data: { words: 6 } } })
    expect(first.subtask_results[0]).toMatchObject({ agent_id: id, output: { summary: 'Counted 6 words' } })
    // The page it did not write is published from what it said.
    expect(first.subtask_results[0].output.html_file).toMatch(/\.html$/)
    const before = (await agentOf()).last_heartbeat
    await until(async () => (await agentOf()).last_heartbeat > before)
    // Forgotten by the registry: it registers again by itself and goes on working.
    await server.kernel.db.query(`delete from kernel.agents where id = $1`, [id])
    await until(agentOf)
    expect((await finished(server, await submit(server, 'Write a sonnet'))).task.result.data.words).toBe(3)
  } finally {
    const gone = new Promise((resolve) => child.once('exit', resolve))
    child.kill('SIGKILL')
    await gone
    await server.kernel.db.query(`delete from kernel.agents where id = $1`, [id])
  }
}

describe('an agent in another language', { timeout: 120_000 }, () => {
  it('plain JavaScript without packages registers, beats and works', () =>
    works(process.execPath, 'agent.mjs', 'agent_7'))

  it('the page shows the example as it is, in 30 lines', () => {
    const example = fs.readFileSync(path.join(EXAMPLES, 'agent.py'), 'utf8')
    const page = fs.readFileSync(path.resolve(EXAMPLES, '../../docs/agents.md'), 'utf8')
    expect(page).toContain(`\`\`\`python\n${example}\`\`\``)
    const lines = example.split('\n').filter((line) => line.trim() !== '' && !line.startsWith('"""'))
    expect(lines.length).toBeLessThanOrEqual(30)
  })

  const found = python()
  it.skipIf(!found)(
    found
      ? 'Python with its standard library registers, beats and works'
      : 'Python: not run, because no Python 3 is on this machine (looked for python3 and python)',
    () => works(found!, 'agent.py', 'agent_6'),
  )
})
