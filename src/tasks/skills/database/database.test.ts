import { describe, expect, it } from 'vitest'
import { previous, request, testPorts } from '../_test-kit.ts'
import type { SkillRequest } from '../skill.ts'
import { SkillError } from '../skill-error.ts'
import { database } from './database.ts'
import { batchesOf, renameColumns, storeName } from './rows-to-store.ts'

const answer = { columns: ['one'], rows: [{ one: 1 }], row_count: 1, truncated: false }

async function run(text: string, more: Partial<SkillRequest> = {}, reply: object | Error = answer) {
  const ports = testPorts({
    tools: {
      database_query: () => {
        if (reply instanceof Error) throw reply
        return { ...reply }
      },
      store_rows: ({ rows, table }) => ({ table, inserted: (rows as unknown[]).length, created: true }),
    },
  })
  const output = await database.run(request(text, { capabilities: ['database_operations'], ...more }), ports)
  return { ...output, ports, data: output.data as Record<string, any>, call: ports.toolCalls[0]! }
}

describe('queries', () => {
  it('I11: runs SQL of the text', async () => {
    const { data, call } = await run('Run SQL: SELECT 1 AS one')
    expect(call).toEqual({ name: 'database_query', args: { query: 'SELECT 1 AS one', params: [] } })
    expect(data).toEqual({ columns: ['one'], rows: [{ one: 1 }], row_count: 1 })
  })
  it.each([
    ['Run SQL: DELETE FROM tasks', 'DELETE FROM tasks'],
    ['Query the database: SELECT a, b FROM t WHERE c > 1;', 'SELECT a, b FROM t WHERE c > 1;'],
    ['SELECT * FROM t and export to CSV', 'SELECT * FROM t'],
    ['Execute ```sql\nSELECT 1\n``` please', 'SELECT 1'],
    ['Show all rows of table prices', 'SELECT * FROM "prices" LIMIT 1000'],
    ['Count the rows in the prices table', 'SELECT count(*)::int AS count FROM "prices"'],
  ])('%s', async (text, sql) => expect((await run(text)).call.args['query']).toBe(sql))
  it('takes input_data.sql where the text has none, with params, and exports', async () => {
    const { call, data, ports } = await run('Query the database and export to CSV', {
      inputData: { sql: 'SELECT $1 AS one', params: [1] },
    })
    expect(call.args).toEqual({ query: 'SELECT $1 AS one', params: [1] })
    expect(data['output_file']).toBe('output/query.csv')
    expect(ports.text('output/query.csv')).toBe('one\n1\n')
  })
  it('lets the text win over input_data unless a retry gave it', async () => {
    const inputData = { sql: 'SELECT 2' }
    expect((await run('Run SQL: SELECT 1', { inputData })).call.args['query']).toBe('SELECT 1')
    expect((await run('Run SQL: SELECT 1', { inputData, overrides: new Set(['sql']) })).call.args['query']).toBe(
      'SELECT 2',
    )
  })
  it('passes refusals on', async () => {
    await expect(
      run('Run SQL: DELETE FROM tasks', {}, new SkillError('SQL_NOT_ALLOWED', 'only SELECT')),
    ).rejects.toMatchObject({ code: 'SQL_NOT_ALLOWED' })
    await expect(run('Run SQL: SELECT 1', { inputData: { params: 'x' } })).rejects.toMatchObject({
      code: 'INVALID_INPUT',
    })
  })
})

describe('schema', () => {
  it('lists and describes tables', async () => {
    expect((await run('List all tables')).call.args['query']).toContain('information_schema.tables')
    const described = await run('Describe table tasks')
    expect(described.call.args).toMatchObject({ params: ['tasks', ''] })
    expect((await run('Describe the agent_data.prices table')).call.args['params']).toEqual(['prices', 'agent_data'])
    await expect(
      run('Describe table nothing', {}, { columns: [], rows: [], row_count: 0, truncated: false }),
    ).rejects.toMatchObject({ code: 'SQL_ERROR' })
  })
})

describe('storing', () => {
  const rows = [
    { Name: 'Pen', Price: 1.5 },
    { Name: 'Book', Price: 12 },
  ]
  it.each([
    ['store in database table prices', 'prices'],
    ['Store the rows in the table "Prices 2025"', 'prices'],
    ['insert them into the prices table', 'prices'],
    ['save to database table agent_data.prices', 'prices'],
    ['store in database', 'task_0123456789ab'],
  ])('%s -> %s', async (text, table) => {
    const { data, call } = await run(text, { previous: [previous({ rows })] })
    expect(call).toEqual({
      name: 'store_rows',
      args: {
        table,
        rows: [
          { name: 'Pen', price: 1.5 },
          { name: 'Book', price: 12 },
        ],
      },
    })
    expect(data).toMatchObject({ inserted: 2, table, created: true })
  })
  it('stores plain values of a prerequisite as one row', async () => {
    const { call } = await run('store the result in database table facts', {
      previous: [previous({ factorial_5: 120, list: [1] })],
    })
    expect(call.args['rows']).toEqual([{ factorial_5: 120 }])
  })
  it('needs rows', async () => {
    await expect(run('store in database table t')).rejects.toMatchObject({ code: 'INVALID_INPUT' })
  })
  it.each([
    ['Unit Price (€)', 'unit_price'],
    ['2025', '_2025'],
    ['userId', 'user_id'],
    ['Größe', 'gro_e'],
    ['é', 'e'],
    ['x'.repeat(80), 'x'.repeat(63)],
  ])('names %s %s', (given, name) => expect(storeName(given)).toBe(name))
  it('keeps columns apart that would have the same name', () => {
    expect(renameColumns([{ 'a b': 1, 'A-B': 2 }])).toEqual([{ a_b: 1, a_b_2: 2 }])
  })
  it('splits many rows, those that tell the column types first', () => {
    const many = Array.from({ length: 25_000 }, (_, n) => ({ n: n === 24_000 ? 0.5 : n }))
    const batches = batchesOf(many)
    expect(batches.map((batch) => batch.length)).toEqual([10_000, 10_000, 5000])
    expect(batches[0]![0]).toEqual({ n: 0.5 })
    expect(batches.flat()).toHaveLength(25_000)
    expect(batchesOf([{ a: 'x'.repeat(600_000) }, { a: 'y'.repeat(600_000) }])).toHaveLength(2)
  })
})
