import fs from 'node:fs'
import path from 'node:path'
import fastifyStatic from '@fastify/static'
import type { FastifyInstance } from 'fastify'

const NOT_BUILT = `<!doctype html><html lang="en"><title>Troupe</title><body style="font-family:sans-serif;max-width:40rem;margin:4rem auto">
<h1>Troupe</h1><p>The screens are not built yet. Run <code>npm run build</code>, then reload. The API works: see <a href="/openapi.json">/openapi.json</a>.</p></body></html>`

/** Serves the built UI under /app: hashed assets for ever, the page itself never cached, unknown paths answer the page. */
export async function serveUi(app: FastifyInstance, dist: string): Promise<void> {
  const page = path.join(dist, 'index.html')
  await app.register(fastifyStatic, {
    root: dist,
    prefix: '/app/',
    wildcard: false,
    index: false,
    globIgnore: ['**/*.map'],
    setHeaders: (reply, file) =>
      void reply.header(
        'cache-control',
        file.includes(`${path.sep}assets${path.sep}`) ? 'public, max-age=31536000, immutable' : 'no-cache',
      ),
  })
  const answer = async (_request: unknown, reply: import('fastify').FastifyReply) => {
    const html = fs.existsSync(page) ? await fs.promises.readFile(page, 'utf8') : NOT_BUILT
    return reply
      .header('content-type', 'text/html; charset=utf-8')
      .header('cache-control', 'no-cache')
      .header(
        'content-security-policy',
        "default-src 'self'; img-src 'self' data: blob:; media-src 'self' blob:; style-src 'self' 'unsafe-inline'; connect-src 'self' ws: wss:; frame-src 'self' blob:; object-src 'none'; base-uri 'self'; frame-ancestors 'none'",
      )
      .send(html)
  }
  // Screens built anew while this server runs have files it did not know at its start; what is gone is not the page.
  app.get<{ Params: { '*': string } }>('/app/assets/*', (request, reply) => {
    const file = path.join(dist, 'assets', path.basename(request.params['*']))
    if (fs.existsSync(file)) return reply.sendFile(path.basename(file), path.dirname(file))
    return reply.code(404).type('text/plain').send('There is no such file')
  })
  app.get('/', answer)
  app.get('/app', answer)
  app.get('/app/*', answer)
}
