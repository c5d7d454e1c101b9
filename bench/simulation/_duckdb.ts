import fs from 'node:fs'
import { createRequire } from 'node:module'
import path from 'node:path'
import { pathToFileURL } from 'node:url'

type Query = { where: string; order?: 'desc'; offset?: number }
type Connection = {
  run(sql: string): Promise<unknown>
  runAndReadAll(sql: string): Promise<{ getRows(): unknown[][] }>
}

export type Duck = {
  version: string
  /** Loads the files into a table once; milliseconds. */
  load(): Promise<number>
  /** A page of 1,000 in order and the number of matches, as our service answers it. */
  page(source: 'files' | 'loaded', query: Query): Promise<void>
  causes(id: string, depth: number): Promise<void>
  bytes(): number
  close(): void
}

const COLUMNS = `{event_id: 'VARCHAR', timestamp: 'TIMESTAMPTZ', turn_number: 'UINTEGER', event_type: 'VARCHAR', simulation_id: 'VARCHAR',
  agent_id: 'VARCHAR', caused_by: 'VARCHAR[]', description: 'VARCHAR',
  details: 'STRUCT(milestone_type VARCHAR, decision_type VARCHAR, action_type VARCHAR, participating_agent_ids VARCHAR[], variable_name VARCHAR)'}`

/** DuckDB over the event files of a run; undefined when bench/peers is not installed. Two threads, as the machine has cores. */
export async function openDuck(dir: string): Promise<Duck | undefined> {
  const peers = path.resolve(import.meta.dirname, '../peers/package.json')
  let entry: string
  try {
    entry = createRequire(peers).resolve('@duckdb/node-api')
  } catch {
    console.error('DuckDB is not installed: npm install in bench/peers')
    return undefined
  }
  const { DuckDBInstance } = await import(pathToFileURL(entry).href)
  const file = path.join(dir, 'peer.duckdb')
  const instance = await DuckDBInstance.create(file, { threads: '2' })
  const connection: Connection & { closeSync(): void } = await instance.connect()
  await connection.run(`set timezone = 'UTC'`)
  const files = `read_json('${dir}/events*.jsonl', format = 'newline_delimited', columns = ${COLUMNS})`
  await connection.run(`create view files as select * from ${files}`)
  const [[version]] = (await connection.runAndReadAll('select version()')).getRows() as [[string]]
  return {
    version,
    async load() {
      const from = performance.now()
      await connection.run('create table loaded as select * from files')
      await connection.run('create index loaded_id on loaded (event_id)')
      await connection.run('checkpoint')
      return performance.now() - from
    },
    async page(source, { where, order, offset }) {
      const direction = order === 'desc' ? 'desc' : 'asc'
      await connection.runAndReadAll(
        `select * from ${source} where ${where} order by timestamp ${direction}, event_id ${direction} limit 1000 offset ${offset ?? 0}`,
      )
      await connection.runAndReadAll(`select count(*) from ${source} where ${where}`)
    },
    async causes(id, depth) {
      await connection.runAndReadAll(
        `with recursive up(id, hop) using key (id) as (
           select '${id}', 0 union
           select cause, hop + 1 from up join loaded on event_id = id, unnest(caused_by) as c(cause) where hop < ${depth}
         ) select loaded.* from up join loaded on event_id = id`,
      )
    },
    bytes: () => fs.statSync(file).size,
    close() {
      connection.closeSync()
      instance.closeSync()
    },
  }
}
