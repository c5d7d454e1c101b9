import { AppError } from '../kernel/errors/app-error.ts'

/**
 * The first of several walls around `database_query` (contract 3.10): one read-only statement without forbidden functions, judged by its tokens
 * and not by its text, so that comments, quoting and case hide nothing. The read-only transaction and the role stand behind it.
 */

type Token = { kind: 'word' | 'name' | 'string' | 'number' | 'symbol'; text: string }

const MAX_LENGTH = 100_000
const refuse = (reason: string) => new AppError('SQL_NOT_ALLOWED', reason)

const WORD_START = /[A-Za-z_\u0080-\uffff]/
const WORD = /[A-Za-z0-9_$\u0080-\uffff]*/y

/** Words that may never begin a (sub)statement of a query. */
const WRITES = new Set(['insert', 'update', 'delete', 'merge', 'truncate', 'copy', 'call', 'do', 'execute', 'lock'])

const FORBIDDEN_FUNCTIONS: readonly RegExp[] = [
  /^pg_(?:read_file|read_binary_file|stat_file|current_logfile|hba_file_rules|ident_file_mappings|show_all_file_settings)$/,
  /^pg_(?:ls|file|logdir)_\w+$/,
  /^lo_\w+$/,
  /^(?:loread|lowrite)$/,
  /^dblink\w*$/,
  /^pg_sleep\w*$/,
  /^(?:set_config|setseed)$/,
  /^(?:query|cursor|table|schema|database)_to_xml\w*$/,
  /^(?:ts_stat|ts_rewrite|xpath_table|crosstab\w*|connectby)$/,
  /^(?:nextval|setval)$/,
  /^pg_(?:try_)?advisory_\w+$/,
  /^pg_(?:terminate_backend|cancel_backend|reload_conf|rotate_logfile\w*|notify|promote|switch_wal|create_\w+|drop_\w+|backup_\w+|start_backup|stop_backup|export_snapshot|import_\w+|log_\w+|stat_reset\w*|wal_replay_\w+)$/,
  /^pg_(?:replication|logical)_\w+$/,
  /^(?:pg_execute_server_program|binary_upgrade_\w+|plpgsql_\w+|plpython\w*|plperl\w*)$/,
]

function endOfQuoted(sql: string, from: number, quote: string, backslashes: boolean): number {
  for (let at = from; at < sql.length; at++) {
    if (backslashes && sql[at] === '\\') at++
    else if (sql[at] === quote) {
      if (sql[at + 1] !== quote) return at + 1
      at++
    }
  }
  throw refuse(quote === '"' ? 'a quoted name is not closed' : 'a text in quotes is not closed')
}

/** Comments nest in PostgreSQL. */
function endOfComment(sql: string, from: number): number {
  let depth = 1
  for (let at = from; at < sql.length; at++) {
    if (sql.startsWith('/*', at)) [depth, at] = [depth + 1, at + 1]
    else if (sql.startsWith('*/', at)) {
      at++
      if (--depth === 0) return at + 1
    }
  }
  throw refuse('a comment is not closed')
}

const DOLLAR = /\$(?:[A-Za-z_\u0080-\uffff][A-Za-z0-9_\u0080-\uffff]*)?\$/y
const NUMBER = /(?:\d[\d_]*\.?\d*|\.\d+)(?:e[+-]?\d+)?/iy

function tokenise(sql: string): { tokens: Token[]; end: number } {
  const tokens: Token[] = []
  let end = 0
  let at = 0
  const push = (kind: Token['kind'], text: string, to: number) => {
    tokens.push({ kind, text })
    if (text !== ';') end = to
    at = to
  }
  while (at < sql.length) {
    const rest = sql[at]!
    if (/\s/.test(rest) && rest.charCodeAt(0) < 128) at++
    else if (sql.startsWith('--', at)) {
      const line = sql.slice(at).search(/[\n\r]/)
      at = line < 0 ? sql.length : at + line
    } else if (sql.startsWith('/*', at)) at = endOfComment(sql, at + 2)
    else if (rest === "'") push('string', '', endOfQuoted(sql, at + 1, "'", false))
    else if (/^[eE]'/.test(sql.slice(at, at + 2))) push('string', '', endOfQuoted(sql, at + 2, "'", true))
    else if (/^[bBxXnN]'/.test(sql.slice(at, at + 2))) push('string', '', endOfQuoted(sql, at + 2, "'", false))
    else if (/^u&['"]/i.test(sql.slice(at, at + 3)))
      throw refuse('names and texts with U& escapes are not accepted: write the characters themselves')
    else if (rest === '"') {
      const to = endOfQuoted(sql, at + 1, '"', false)
      push(
        'name',
        sql
          .slice(at + 1, to - 1)
          .replaceAll('""', '"')
          .toLowerCase(),
        to,
      )
    } else if (rest === '$' && matchAt(DOLLAR, sql, at)) {
      const tag = matchAt(DOLLAR, sql, at)!
      const close = sql.indexOf(tag, at + tag.length)
      if (close < 0) throw refuse('a text in dollar quotes is not closed')
      push('string', '', close + tag.length)
    } else if (WORD_START.test(rest)) {
      const word = matchAt(WORD, sql, at)!
      push('word', word.toLowerCase(), at + word.length)
    } else if (/[\d.]/.test(rest) && matchAt(NUMBER, sql, at)) {
      const number = matchAt(NUMBER, sql, at)!
      push('number', number, at + number.length)
    } else push('symbol', rest, at + 1)
  }
  return { tokens, end }
}

function matchAt(pattern: RegExp, text: string, at: number): string | undefined {
  pattern.lastIndex = at
  return pattern.exec(text)?.[0] || undefined
}

const isWord = (token: Token | undefined, ...texts: string[]) => token?.kind === 'word' && texts.includes(token.text)
const isSymbol = (token: Token | undefined, text: string) => token?.kind === 'symbol' && token.text === text

function checkStart(tokens: readonly Token[]): void {
  let at = 0
  if (isWord(tokens[0], 'explain')) at = afterExplain(tokens)
  else if (isWord(tokens[0], 'show')) {
    if (tokens.slice(1).every(({ kind, text }) => kind === 'word' || kind === 'name' || text === '.')) return
    throw refuse('SHOW takes the name of one setting')
  }
  while (isSymbol(tokens[at], '(')) at++
  if (isWord(tokens[at], 'select', 'with', 'values')) return
  const what = tokens[at]?.text.toUpperCase() || 'this statement'
  throw refuse(
    `${what} is not accepted: only SELECT, WITH ... SELECT, VALUES, SHOW and EXPLAIN read without changing anything`,
  )
}

/** Position of the explained statement. Throws when the options ask to run it. */
function afterExplain(tokens: readonly Token[]): number {
  const running = () => refuse('EXPLAIN ANALYZE runs the statement: leave ANALYZE out')
  let at = 1
  if (isSymbol(tokens[1], '(') && !isWord(tokens[2], 'select', 'with', 'values') && !isSymbol(tokens[2], '(')) {
    while (at < tokens.length && !isSymbol(tokens[at], ')')) {
      if (isWord(tokens[at], 'analyze', 'analyse') || ['analyze', 'analyse'].includes(tokens[at]!.text)) throw running()
      at++
    }
    return at + 1
  }
  for (; isWord(tokens[at], 'analyze', 'analyse', 'verbose'); at++) if (!isWord(tokens[at], 'verbose')) throw running()
  return at
}

function checkToken(tokens: readonly Token[], at: number): void {
  const token = tokens[at]!
  const [before, after] = [tokens[at - 1], tokens[at + 1]]
  if (token.kind === 'word') {
    if (token.text === 'into') throw refuse('SELECT ... INTO makes a table: leave INTO out')
    if (
      WRITES.has(token.text) &&
      (isSymbol(before, '(') || isSymbol(before, ')')) &&
      !isSymbol(after, ',') &&
      !isSymbol(after, ')')
    )
      throw refuse(`${token.text.toUpperCase()} inside a query changes data: only reading is accepted`)
    if (token.text === 'for' && isWord(after, 'update', 'share', 'no', 'key'))
      throw refuse('FOR UPDATE and FOR SHARE lock rows: leave them out')
  }
  if ((token.kind === 'word' || token.kind === 'name') && isSymbol(after, '('))
    if (FORBIDDEN_FUNCTIONS.some((pattern) => pattern.test(token.text)))
      throw refuse(`the function ${token.text} is not accepted in queries`)
}

/**
 * One read-only statement, without the semicolon and comments after it. Throws SQL_NOT_ALLOWED with the reason: several statements, anything but
 * SELECT, WITH, VALUES, SHOW and EXPLAIN, a part that writes or locks, or a function that reaches files, programs, large objects, other
 * servers, settings or sleep.
 */
export function checkReadOnlySql(sql: string): string {
  if (sql.length > MAX_LENGTH) throw refuse(`the statement has more than ${MAX_LENGTH} characters`)
  if (sql.includes('\0')) throw refuse('the statement contains a NUL character')
  const { tokens, end } = tokenise(sql)
  const statement = tokens.filter(
    (token, at) => !(isSymbol(token, ';') && tokens.slice(at).every((rest) => isSymbol(rest, ';'))),
  )
  if (statement.length === 0) throw refuse('there is no statement: write one SELECT')
  if (statement.some((token) => isSymbol(token, ';'))) throw refuse('more than one statement: send exactly one')
  if (statement.some((token) => isSymbol(token, '\\'))) throw refuse('commands with a backslash belong to psql')
  checkStart(statement)
  for (let at = 0; at < statement.length; at++) checkToken(statement, at)
  return sql.slice(0, end)
}

/** The word a statement begins with, in lower case, after comments and brackets. Empty when there is none. */
export const firstWord = (sql: string): string => tokenise(sql).tokens.find(({ kind }) => kind === 'word')?.text ?? ''
