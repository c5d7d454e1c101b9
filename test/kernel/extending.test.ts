import fs from 'node:fs'
import path from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { Module } from '../../src/kernel/module.ts'
import { createToolRegistry } from '../../src/kernel/tools/tool-registry.ts'
import { testServer, until } from '../_server.ts'

const root = path.resolve(import.meta.dirname, '../..')
const page = fs.readFileSync(path.join(root, 'docs/extending.md'), 'utf8')
const blocks = [...page.matchAll(/```ts file=(\S+)\n([\s\S]*?)```/g)].map(([, file, text]) => ({
  file: file!,
  text: text!,
}))
// A folder that git ignores, with imports pointed at the kernel: nothing is left behind that a build could take up.
let folder: string

beforeAll(() => {
  fs.mkdirSync(path.join(root, '.cache'), { recursive: true })
  folder = fs.mkdtempSync(path.join(root, '.cache', 'extending-'))
  for (const { file, text } of blocks) {
    fs.mkdirSync(path.dirname(path.join(folder, file)), { recursive: true })
    fs.writeFileSync(path.join(folder, file), text.replaceAll("'../kernel/", `'${root}/src/kernel/`))
  }
})
afterAll(() => fs.rmSync(folder, { recursive: true, force: true }))

const load = (file: string) => import(/* @vite-ignore */ path.join(folder, file))

it('has a whole file for an agent, a tool and a domain', () => {
  expect(blocks.map(({ file }) => file)).toEqual([
    'greetings/greeter.ts',
    'greetings/count-letters.ts',
    'specialists/entertainment-specialist.ts',
    'greetings/greet-flow.ts',
    'greetings/index.ts',
  ])
})

it('offers the tool as written on the page', async () => {
  const { countLetters } = await load('greetings/count-letters.ts')
  const registry = createToolRegistry([countLetters])
  expect(registry.toJson()[0]).toMatchObject({ name: 'count_letters', readOnly: true })
  const context = { callId: 'call_1', signal: new AbortController().signal }
  expect(await registry.get('count_letters').run(context, { text: 'Ada 1815!' })).toEqual({ letters: 3 })
})

it('finds fault with an answer that leaves the name out', async () => {
  const { greeter } = await load('greetings/greeter.ts')
  expect(greeter.check({ name: 'Ada' }, { greeting: 'Hello!' })).toHaveLength(1)
  expect(greeter.check({ name: 'Ada' }, greeter.craft({ name: 'Ada' }))).toEqual([])
})

it('runs the domain of the page on a server: route, flow, agent, tool', async () => {
  const { greetingsModule } = (await load('greetings/index.ts')) as { greetingsModule(): Module }
  await using server = await testServer({ modules: [greetingsModule()] })
  const started = await server.call('POST', '/greetings', { name: 'Ada' })
  expect(started.status).toBe(202)
  const run = await until(async () => {
    const { body } = await server.call('GET', `/v1/runs/${started.body.id}`)
    const found = body.run ?? body
    return ['completed', 'failed'].includes(found.status) && found
  })
  expect(run).toMatchObject({ status: 'completed', result: { greeting: 'Hello, Ada!', letters: 8 } })
  expect((await server.call('POST', '/greetings', { name: '' })).status).toBe(400)
  const { body: document } = await server.call('GET', '/openapi.json')
  expect(Object.keys(document.paths)).toContain('/greetings')
})
