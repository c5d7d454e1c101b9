// Writes a typed client from a running server: node scripts/write-client.ts [http://127.0.0.1:8000] [troupe-client.ts]
import fs from 'node:fs'
import { typedClient } from '../src/server/interfaces/typed-client.ts'

const [url = 'http://127.0.0.1:8000', file = 'troupe-client.ts'] = process.argv.slice(2)
const response = await fetch(new URL('/openapi.json', url))
if (!response.ok) throw new Error(`${url}/openapi.json answered ${response.status}`)
const text = typedClient((await response.json()) as Record<string, unknown>)
fs.writeFileSync(file, text)
process.stdout.write(`${file}: ${text.match(/input:/g)?.length ?? 0} calls\n`)
