import { invalid } from '../skill-error.ts'
import { add, divide, multiply, negate, parseNumber, power, remainder, subtract, type Value } from './exact.ts'

type Token = { kind: 'number'; value: Value } | { kind: 'op'; text: string }

const MAX_LENGTH = 2000
const MAX_DEPTH = 200

function tokenise(text: string): Token[] {
  if (text.length > MAX_LENGTH) throw invalid(`the expression has more than ${MAX_LENGTH} characters`)
  const tokens: Token[] = []
  const pattern = /\s*(?:((?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?(?:e[+-]?\d+)?|\.\d+)|(\*\*|[-+*/%^()]))/giy
  let at = 0
  const source = text.trimEnd()
  while (at < source.length) {
    pattern.lastIndex = at
    const match = pattern.exec(source)
    if (!match)
      throw invalid(`"${source.slice(at, at + 20)}" cannot be read in the expression "${source.slice(0, 60)}"`)
    at = pattern.lastIndex
    if (match[1] !== undefined) tokens.push({ kind: 'number', value: parseNumber(match[1]) })
    else tokens.push({ kind: 'op', text: match[2] === '**' ? '^' : match[2]! })
  }
  return tokens
}

const LEVELS: Record<string, (a: Value, b: Value) => Value>[] = [
  { '+': add, '-': subtract },
  { '*': multiply, '/': divide, '%': remainder },
]

/**
 * The value of an arithmetic expression: + - * / % ^ and parentheses over decimal numbers. `%` is the remainder with the sign of the
 * dividend; `^` groups to the right and binds tighter than a sign (-2^2 = -4). Nothing is evaluated as code. Throws INVALID_INPUT.
 */
export function evaluateExpression(text: string): Value {
  const tokens = tokenise(text)
  let at = 0
  let depth = 0
  const peek = () => {
    const token = tokens[at]
    return token?.kind === 'op' ? token.text : undefined
  }
  const incomplete = () => invalid(`the expression "${text.slice(0, 60)}" is not complete`)

  function deeper<T>(read: () => T): T {
    if (++depth > MAX_DEPTH) throw invalid(`the expression nests deeper than ${MAX_DEPTH} levels`)
    const value = read()
    depth--
    return value
  }
  function binary(level: number): Value {
    const operators = LEVELS[level]
    if (!operators) return signed()
    let left = binary(level + 1)
    for (let op = peek(); op !== undefined && operators[op]; op = peek()) {
      at++
      left = operators[op]!(left, binary(level + 1))
    }
    return left
  }
  function signed(): Value {
    const op = peek()
    if (op !== '-' && op !== '+') return raised()
    at++
    const value = deeper(signed)
    return op === '-' ? negate(value) : value
  }
  function raised(): Value {
    const base = primary()
    if (peek() !== '^') return base
    at++
    return power(base, deeper(signed))
  }
  function primary(): Value {
    const token = tokens[at++]
    if (!token) throw incomplete()
    if (token.kind === 'number') return token.value
    if (token.text !== '(') throw invalid(`"${token.text}" is not expected there in "${text.slice(0, 60)}"`)
    const value = deeper(() => binary(0))
    if (peek() !== ')') throw incomplete()
    at++
    return value
  }

  const value = binary(0)
  if (at < tokens.length) throw invalid(`the expression "${text.slice(0, 60)}" has something left over after its end`)
  return value
}
