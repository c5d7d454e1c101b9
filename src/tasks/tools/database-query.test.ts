import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { domainMigrations, KERNEL_MIGRATIONS, type TestKernel, testKernel } from '../../../test/_pg.ts'
import { queryReadOnly, readAsReader } from './database-query.ts'
import { storeRows } from './store-rows.ts'

let t: TestKernel
beforeAll(async () => {
  t = await testKernel({ sets: [KERNEL_MIGRATIONS, domainMigrations('tasks')] })
  await storeRows(t.db, 'fish', [
    { name: 'Pike', kilo: 3.5 },
    { name: 'Carp', kilo: 9 },
  ])
})
afterAll(() => t[Symbol.asyncDispose]())

/** Everything a statement could have changed: rows, relations, functions, roles, large objects, settings. */
const world = async () => {
  const { rows } = await t.db.query(`select (select json_agg(f order by name) from agent_data.fish f) as fish,
    (select count(*)::int from pg_class) as relations, (select count(*)::int from pg_proc) as functions,
    (select count(*)::int from pg_roles) as roles, (select count(*)::int from pg_largeobject_metadata) as objects,
    (select count(*)::int from pg_prepared_statements) as prepared, current_setting('search_path') as path, current_user as me`)
  return rows[0]
}

/** Each is a disguise in which SQL wants to write, leave the database, or change the session. */
const DISGUISES: readonly string[] = [
  'WITH gone AS (DELETE FROM fish RETURNING *) SELECT * FROM gone',
  "WITH a AS (SELECT 1), b AS (INSERT INTO fish VALUES ('Eel', 1) RETURNING *) SELECT * FROM a, b",
  'WITH u AS MATERIALIZED (UPDATE fish SET kilo = 0 RETURNING *) TABLE u',
  'WITH m AS (MERGE INTO fish USING (SELECT 1) s ON true WHEN MATCHED THEN DELETE RETURNING 1) SELECT 1',
  '/* SELECT */ DELETE FROM fish',
  '-- SELECT 1\nDELETE FROM fish',
  'SELECT 1 --\n; DELETE FROM fish',
  'SELECT 1; DELETE FROM fish; --',
  "SELECT $x$ $x$; DROP TABLE fish; SELECT '",
  "SELECT E'\\''; DELETE FROM fish; --'",
  'DO $$ BEGIN DELETE FROM agent_data.fish; END $$',
  "DO LANGUAGE plpgsql 'BEGIN DELETE FROM agent_data.fish; END'",
  'EXPLAIN ANALYZE DELETE FROM fish',
  'EXPLAIN (ANALYZE, BUFFERS) DELETE FROM fish',
  'EXPLAIN (VERBOSE, ANALYZE TRUE) WITH d AS (DELETE FROM fish RETURNING *) SELECT * FROM d',
  'PREPARE p AS DELETE FROM fish',
  'EXECUTE p',
  'DEALLOCATE ALL',
  'DECLARE c CURSOR FOR SELECT 1',
  'CLOSE c',
  'FETCH ALL FROM c',
  'SELECT 1 INTO TEMP thing',
  'CREATE TEMP TABLE thing AS SELECT 1',
  'SELECT * FROM fish FOR UPDATE',
  'LOCK TABLE fish',
  'SET search_path TO kernel',
  "SELECT set_config('search_path', 'kernel', false)",
  "SELECT pg_catalog.set_config('role', 'none', true)",
  "SELECT \"set_config\"('transaction_read_only', 'off', true)",
  'SET LOCAL ROLE NONE',
  'RESET ROLE',
  'SET SESSION AUTHORIZATION DEFAULT',
  'SET TRANSACTION READ WRITE',
  'COMMIT',
  'ROLLBACK; DELETE FROM fish',
  'SAVEPOINT a',
  'SELECT pg_sleep(1)',
  "SELECT * FROM pg_sleep_for('1 s')",
  "SELECT lo_import('/etc/passwd')",
  "SELECT lo_from_bytea(0, 'x')",
  "SELECT lo_export(1, '/tmp/x')",
  "SELECT pg_read_file('/etc/passwd')",
  "SELECT pg_ls_dir('/')",
  "COPY fish TO PROGRAM 'sh'",
  "COPY fish FROM '/etc/passwd'",
  'COPY (SELECT 1) TO STDOUT',
  "SELECT * FROM dblink('dbname=x', 'DELETE FROM fish') AS t(a int)",
  "SELECT dblink_connect('x')",
  "SELECT query_to_xml('DELETE FROM agent_data.fish', true, true, '')",
  "SELECT * FROM ts_stat('DELETE FROM agent_data.fish')",
  'SELECT pg_advisory_lock(1)',
  'SELECT pg_terminate_backend(pg_backend_pid())',
  "SELECT pg_notify('x', 'y')",
  'NOTIFY x',
  "SELECT nextval('tasks.agent_logs_id_seq')",
  "SELECT setval('tasks.agent_logs_id_seq', 1)",
  "ALTER ROLE troupe_reader SET search_path = 'kernel'",
  'GRANT ALL ON fish TO public',
  'REFRESH MATERIALIZED VIEW x',
  'REINDEX TABLE fish',
  'CHECKPOINT',
  "LOAD 'x'",
  'CREATE EXTENSION dblink',
  "CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1'",
  'CALL f()',
  'TABLE fish',
]

/** The same, past the first wall: role and read-only transaction alone refuse. */
const PAST_THE_FIRST: readonly string[] = [
  "INSERT INTO fish VALUES ('Eel', 1)",
  'DELETE FROM fish',
  'DELETE FROM tasks.tasks',
  'CREATE TABLE agent_data.thing (a int)',
  'SELECT * FROM kernel.agents',
  'SELECT * FROM tasks.tasks FOR UPDATE',
  "SELECT pg_read_file('/etc/passwd')",
  "SELECT pg_ls_dir('/')",
  "SELECT lo_import('/etc/passwd')",
  "COPY fish TO '/tmp/fish'",
  "COPY fish TO PROGRAM 'sh'",
  "SELECT nextval('tasks.agent_logs_id_seq')",
  "SELECT query_to_xml('DELETE FROM agent_data.fish', true, true, '')",
]

describe('the read-only tool', () => {
  it.each(DISGUISES)('refuses %s', async (sql) => {
    const before = await world()
    await expect(queryReadOnly(t.db, sql, [])).rejects.toMatchObject({
      code: 'SQL_NOT_ALLOWED',
      message: expect.stringMatching(/\S+ \S+/),
    })
    expect(await world()).toEqual(before)
  })

  it.each(PAST_THE_FIRST)('has a second wall against %s', async (sql) => {
    const before = await world()
    await expect(readAsReader(t.db, sql, [])).rejects.toMatchObject({ code: expect.stringMatching(/^SQL_/) })
    expect(await world()).toEqual(before)
  })

  it('reads with parameters, in any form that only reads', async () => {
    const all = { columns: ['name', 'kilo'], row_count: 2, truncated: false }
    expect(await queryReadOnly(t.db, 'SELECT name, kilo FROM fish ORDER BY name; -- all', [])).toEqual({
      ...all,
      rows: [
        { name: 'Carp', kilo: 9 },
        { name: 'Pike', kilo: 3.5 },
      ],
    })
    expect((await queryReadOnly(t.db, 'SELECT name FROM fish WHERE kilo > $1', [5])).rows).toEqual([{ name: 'Carp' }])
    expect((await queryReadOnly(t.db, 'SELECT $1::jsonb AS a, $2::int[] AS b', ['{"x":1}', [1, 2]])).rows).toEqual([
      { a: { x: 1 }, b: [1, 2] },
    ])
    expect((await queryReadOnly(t.db, "(VALUES (1, 'a'), (2, 'b'))", [])).row_count).toBe(2)
    expect((await queryReadOnly(t.db, 'SELECT name FROM fish WHERE false', [])).columns).toEqual(['name'])
    expect((await queryReadOnly(t.db, 'SHOW transaction_read_only', [])).rows).toEqual([
      { transaction_read_only: 'on' },
    ])
    expect(
      (await queryReadOnly(t.db, '/* plan */ EXPLAIN (VERBOSE) SELECT * FROM fish', [])).row_count,
    ).toBeGreaterThan(0)
  })

  it('says what is wrong with SQL that PostgreSQL does not take', async () => {
    await expect(queryReadOnly(t.db, 'SELECT nothing FROM fish', [])).rejects.toMatchObject({
      code: 'SQL_ERROR',
      message: expect.stringContaining('nothing'),
    })
    await expect(queryReadOnly(t.db, 'SELECT $1::int', [])).rejects.toMatchObject({ code: 'SQL_ERROR' })
    expect((await queryReadOnly(t.db, 'SELECT 1 AS one', [])).rows).toEqual([{ one: 1 }])
  })

  it('cuts at 1,000 rows and at 1 MB, and lets no giant row out of the database', async () => {
    const rows = await queryReadOnly(t.db, 'SELECT n FROM generate_series(1, 1001) n', [])
    expect(rows).toMatchObject({ row_count: 1000, truncated: true })
    expect(rows.rows.at(-1)).toEqual({ n: 1000 })
    expect(await queryReadOnly(t.db, 'SELECT n FROM generate_series(1, 1000) n', [])).toMatchObject({
      truncated: false,
    })
    const wide = await queryReadOnly(t.db, "SELECT repeat('x', 300000) AS x FROM generate_series(1, 9)", [])
    expect(wide).toMatchObject({ row_count: 3, truncated: true })
    // A text longer than any string of this language would end the process that reads it: it must stay where it is.
    const client = await t.db.connect()
    const { stream } = (client as unknown as { connection: { stream: { bytesRead: number } } }).connection
    const before = stream.bytesRead
    const own = { ...t.db, connect: async () => client }
    const giant = await queryReadOnly(own, "SELECT 1 AS n, repeat('x', 20000000) AS giant", [])
    expect(giant).toEqual({ columns: ['n', 'giant'], rows: [], row_count: 0, truncated: true })
    expect(stream.bytesRead - before).toBeLessThan(100_000)
  })
})

describe('the write tool', () => {
  it.each<[string, string, Record<string, unknown>[]]>([
    ['another schema', 'kernel.agents', [{ a: 1 }]],
    ['a quote in the table', 'x"; drop table fish; --', [{ a: 1 }]],
    ['capitals', 'Fish', [{ a: 1 }]],
    ['a quote in a column', 'fish', [{ 'a" int); drop table fish; --': 1 }]],
    ['no rows', 'fish', []],
    ['rows without columns', 'fish', [{}]],
    ['too many rows', 'fish', Array.from({ length: 10_001 }, () => ({ a: 1 }))],
    ['too many columns', 'fish', [Object.fromEntries(Array.from({ length: 51 }, (_, i) => [`c${i}`, i]))]],
    ['a column of the database itself', 'new_one', [{ ctid: 1 }]],
    ['a value that does not fit', 'fish', [{ name: 'Eel', kilo: 'heavy' }]],
    [
      'one bad row among good ones',
      'fish',
      [
        { name: 'Eel', kilo: 1 },
        { name: 'Ray', kilo: 'light', wing: 2 },
      ],
    ],
    ['NUL', 'fish', [{ name: 'E\0el', kilo: 1 }]],
  ])('refuses %s, and stores nothing', async (_what, table, rows) => {
    const before = await world()
    await expect(storeRows(t.db, table, rows)).rejects.toMatchObject({ code: 'INVALID_INPUT' })
    expect(await world()).toEqual(before)
  })
})
