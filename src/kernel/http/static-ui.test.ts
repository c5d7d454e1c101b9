import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import Fastify from 'fastify'
import { describe, expect, it } from 'vitest'
import { serveUi } from './static-ui.ts'

describe('the screens', () => {
  it('are served as they stand, also when they were built anew while the server runs', async () => {
    const dist = fs.mkdtempSync(path.join(os.tmpdir(), 'troupe-ui-'))
    fs.mkdirSync(path.join(dist, 'assets'))
    fs.writeFileSync(path.join(dist, 'index.html'), 'first')
    fs.writeFileSync(path.join(dist, 'assets/a-1.js'), 'one')
    fs.writeFileSync(path.join(dist, 'secret.txt'), 'no asset')
    const app = Fastify()
    await serveUi(app, dist)
    const get = async (url: string) => {
      const { statusCode, body, headers } = await app.inject(url)
      return [statusCode, body, String(headers['content-type']).split(';')[0]]
    }
    expect(await get('/app/runs')).toEqual([200, 'first', 'text/html'])
    fs.rmSync(path.join(dist, 'assets/a-1.js'))
    fs.writeFileSync(path.join(dist, 'assets/a-2.js'), 'two')
    fs.writeFileSync(path.join(dist, 'index.html'), 'second')
    expect(await get('/app/runs')).toEqual([200, 'second', 'text/html'])
    expect(await get('/app/assets/a-2.js')).toEqual([200, 'two', expect.stringContaining('javascript')])
    expect((await get('/app/assets/gone.js'))[0]).toBe(404)
    expect((await get('/app/assets/..%2Fsecret.txt'))[0]).toBe(404)
    await app.close()
    fs.rmSync(dist, { recursive: true })
  })
})
