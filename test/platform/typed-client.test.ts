import { execFile } from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { typeOf } from '../../src/server/interfaces/typed-client.ts'
import { type TestServer, testServer } from '../_server.ts'

const run = promisify(execFile) // the server answers in this process: nothing may block it
let server: TestServer
let file: string
beforeAll(async () => {
  server = await testServer({ roles: ['api'] })
  file = path.join(server.dir, 'troupe-client.ts')
  await run(process.execPath, ['scripts/write-client.ts', server.url, file])
})
afterAll(() => server[Symbol.asyncDispose]())

const CONSUMER = (wrong: string) => `import { createTroupe } from './troupe-client.ts'
const troupe = createTroupe({ baseUrl: 'http://127.0.0.1:1' })
export async function use() {
  const { runs, total } = await troupe('GET /v1/runs', { query: { status: ['waiting'], limit: 5 } })
  const line: string | null | undefined = runs[0]?.waiting_on
  const one = await troupe('POST /v1/runs/{id}/fork', { params: { id: 'run_1' }, body: { stage_no: 2, model: 'm' } })
  const answered = await troupe('POST /v1/decisions/{id}/answer', { params: { id: 'dec_1' }, body: { choice: 'approve' } })
  const sealed: boolean = (await troupe('GET /v1/audit/verify')).ok
  ${wrong}
  return [total + 1, line, one.status === 'paused', answered.answered_by, sealed]
}
`

async function check(wrong = ''): Promise<string> {
  fs.writeFileSync(path.join(server.dir, 'use.ts'), CONSUMER(wrong))
  try {
    await run(
      path.resolve('node_modules/.bin/tsc'),
      [
        '--noEmit',
        '--strict',
        '--target',
        'es2023',
        '--module',
        'nodenext',
        '--allowImportingTsExtensions',
        '--lib',
        'es2024,dom',
        '--types',
        '',
        'use.ts',
      ],
      { cwd: server.dir, encoding: 'utf8' },
    )
    return ''
  } catch (error) {
    return (error as { stdout: string }).stdout
  }
}

describe('the generated client', () => {
  it('type-checks, and refuses a call that does not exist, a wrong body and a missing parameter', async () => {
    expect(await check()).toBe('')
    const said = await check(`await troupe('GET /v1/nothing')
  await troupe('POST /v1/decisions/{id}/answer', { params: { id: 'x' }, body: { choice: 1 } })
  await troupe('GET /v1/runs/{id}')`)
    expect(said).toContain('"GET /v1/nothing"')
    expect(said).toContain("'number' is not assignable to type 'string'")
    expect(said).toContain('Expected 2 arguments')
  })

  it('talks to the server it was made from', async () => {
    const { createTroupe, TroupeError } = await import(pathToFileURL(file).href)
    const troupe = createTroupe({ baseUrl: server.url })
    expect(await troupe('GET /v1/me')).toMatchObject({ id: 'dev-user' })
    const key = await troupe('POST /v1/keys', { body: { name: 'typed', roles: ['Viewer'] } })
    expect(await troupe('DELETE /v1/keys/{id}', { params: { id: key.id } })).toEqual({ id: key.id, revoked: true })
    const refused = await troupe('GET /v1/runs/{id}', { params: { id: 'none' } }).catch((error: unknown) => error)
    expect(refused).toBeInstanceOf(TroupeError)
    expect(refused).toMatchObject({ status: 404, code: 'NOT_FOUND' })
    const served = await server.call('GET', '/v1/client.ts')
    expect(served.body).toBe(fs.readFileSync(file, 'utf8'))
  })

  it('says in TypeScript what a schema says', () => {
    expect(typeOf({ anyOf: [{ type: 'string' }, { type: 'null' }] })).toBe('string | null')
    expect(typeOf({ type: 'array', items: { enum: ['a', 'b'] } })).toBe('("a" | "b")[]')
    expect(typeOf({ type: 'object', properties: { 'a-b': { type: 'integer' } }, required: ['a-b'] })).toBe(
      '{ "a-b": number }',
    )
    expect(typeOf({ type: 'object', additionalProperties: { type: 'boolean' } })).toBe('Record<string, boolean>')
    expect(typeOf({ $ref: '#/$defs/X', $defs: { X: { const: 1 } } })).toBe('1')
  })
})
