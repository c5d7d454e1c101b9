// A whole run with a model, recorded once, and done again without it: other server, other database, other ids, no model anywhere.
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { withCassette } from '../../src/cli/up.ts'
import { loadConfig } from '../../src/kernel/config/load-config.ts'
import { silentLog } from '../../src/kernel/telemetry/logger.ts'
import { openModel } from '../../src/tasks/agent/open-model.ts'
import { startAgent } from '../../src/tasks/agent/start-agent.ts'
import { submit } from '../_agents.ts'
import { type Asked, type FakeLlm, type Reply, startFakeLlm } from '../_fake-llm.ts'
import { testServer, until } from '../_server.ts'

const JOB = 'Write a haiku about rivers, then a title that fits it'
const STEPS = [
  { description: 'Write a haiku about rivers', required_capabilities: ['data_analysis'] },
  { description: 'Find a title that fits the haiku', required_capabilities: ['data_analysis'], dependencies: [0] },
]

/** Splits the job; in a step writes the result file it was told of, then answers in HTML. */
function reply(asked: Asked): Reply {
  const file = /(\S+\/result\.json)/.exec(asked.system)?.[1]
  if (!file) return { text: JSON.stringify(STEPS) }
  const said = asked.text.includes('title') ? 'The long way down' : 'Water finds its way'
  if (asked.toolResults.length > 0) return { text: `<section><h2>${said}</h2></section>` }
  const content = JSON.stringify({ success: true, data: { text: said }, summary: said, files_created: [] })
  const name = asked.tools.find((tool) => tool.endsWith('write_file'))!
  return { toolCalls: [{ name, input: { path: file, content } }] }
}

let llm: FakeLlm
let folder: string
beforeAll(async () => {
  llm = await startFakeLlm()
  llm.reply = reply
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'troupe-recordings-'))
})
afterAll(async () => {
  await llm.close()
  fs.rmSync(folder, { recursive: true, force: true })
})

/** The job on a server of its own. */
async function run(env: Record<string, string>) {
  const server = await testServer({ env })
  const config = loadConfig({
    ...env,
    AGENT_ID: 'agent_1',
    AGENT_PORT: '0',
    ORCHESTRATOR_URL: server.url,
    DATA_PATH: path.join(server.dir, 'data'),
  })
  const agent = await startAgent({ config, log: silentLog as never, model: openModel(config, silentLog as never) })
  try {
    await until(async () => (await server.call('GET', '/agents')).body.agents.length === 1)
    const id = await submit(server, JOB)
    const { task, subtask_results: results } = await until(async () => {
      const { body } = await server.call('GET', `/tasks/${id}`)
      return ['completed', 'failed'].includes(body.task.status) && body
    })
    const outputs = task.subtasks.map((step: any) => results.find((one: any) => one.subtask_id === step.id)?.output)
    return {
      id,
      status: task.status,
      split: [task.decomposition_method, task.subtasks.map((step: any) => step.description)],
      made: outputs.map(({ data, summary, result, made_without_model }: any) => ({
        data,
        summary,
        result,
        made_without_model,
      })),
    }
  } finally {
    await agent.stop(0)
    await server[Symbol.asyncDispose]()
  }
}

it('a recorded run is done again without the model, to the same end', { timeout: 120_000 }, async () => {
  const model = {
    LLM_PROVIDER: 'openai_compatible',
    LLM_BASE_URL: llm.urls.openai,
    LLM_API_KEY: 'sk-fake-0123456789abcdef',
    LLM_MODEL: 'ok',
    LLM_RETRIES: '0',
  }
  const first = await run(withCassette(model, folder, undefined) as Record<string, string>)
  expect(first.status).toBe('completed')
  expect(first.split).toEqual(['model', STEPS.map(({ description }) => expect.stringContaining(description))])
  expect(first.made.map(({ data }: any) => data.text)).toEqual(['Water finds its way', 'The long way down'])
  const recorded = fs.readdirSync(folder)
  expect(recorded.length).toBeGreaterThanOrEqual(5)
  for (const file of recorded) expect(fs.readFileSync(path.join(folder, file), 'utf8')).not.toContain('sk-fake')

  const asked = llm.seen.length
  const again = await run(withCassette({ LLM_MODEL: 'ok' }, undefined, folder) as Record<string, string>)
  expect(llm.seen).toHaveLength(asked)
  expect(again.id).not.toBe(first.id)
  expect({ ...again, id: first.id }).toEqual(first)
  expect(fs.readdirSync(folder)).toEqual(recorded)
})
