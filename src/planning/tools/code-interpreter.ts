import { spawn } from 'node:child_process'
import { z } from 'zod'
import { AppError } from '../../kernel/errors/app-error.ts'
import { defineTool } from '../../kernel/tools/tool-descriptor.ts'
import { analyseCosts, CostQuestion } from './cost-analysis.ts'
import { planningTool } from './planning-tool.ts'

const LIMIT_MS = 5_000
const MEMORY_MIB = 64
const MAX_OUTPUT = 20_000

// Runs inside the child: nothing of the host enters the context, code from strings is off in both, files and processes are refused by the permission model.
const RUNNER = `
const vm = require('node:vm')
let text = ''
process.stdin.on('data', (part) => { text += part }).on('end', () => {
  const { code, expression, inputs } = JSON.parse(text)
  const context = vm.createContext(Object.create(null), { codeGeneration: { strings: false, wasm: false } })
  const run = (source) => vm.runInContext(source, context, { timeout: ${LIMIT_MS - 500} })
  const answer = (body) => process.stdout.write(JSON.stringify(body))
  try {
    run('"use strict"; var __out = []; var print = (...all) => { if (__out.length < 200) __out.push(all.map((one) => typeof one === "object" ? JSON.stringify(one) : String(one)).join(" ")) }; var inputs = JSON.parse(' + JSON.stringify(JSON.stringify(inputs ?? {})) + '); for (const k of Object.keys(inputs)) if (/^[A-Za-z_]\\\\w*$/.test(k)) globalThis[k] = inputs[k]')
    run('var __result = (' + (expression === undefined ? '() => { ' + code + '\\n }' : '() => (' + expression + '\\n)') + ')()')
    answer(JSON.parse(run('JSON.stringify({ ok: true, result: __result === undefined ? null : __result, printed: __out.join("\\\\n") })')))
  } catch (error) {
    answer({ ok: false, message: String(error && error.message).slice(0, 500) })
  }
})`

type Answer = { ok: true; result: unknown; printed: string } | { ok: false; message: string }

/** Runs a calculation in a process of its own: no files, no network, no modules, 5 seconds, 64 MiB. Throws CALCULATION_FAILED with what is wrong. */
export async function interpret(
  question: {
    code?: string | undefined
    expression?: string | undefined
    inputs?: Record<string, unknown> | undefined
  },
  signal: AbortSignal,
): Promise<{ result: unknown; printed: string }> {
  const child = spawn(
    process.execPath,
    [
      '--permission',
      `--max-old-space-size=${MEMORY_MIB}`,
      '--disallow-code-generation-from-strings',
      '--no-warnings',
      '-e',
      RUNNER,
    ],
    {
      env: {},
      stdio: ['pipe', 'pipe', 'ignore'],
      signal: AbortSignal.any([signal, AbortSignal.timeout(LIMIT_MS)]),
      killSignal: 'SIGKILL',
    },
  )
  let text = ''
  child.stdout.on('data', (part: Buffer) => {
    if (text.length < MAX_OUTPUT * 2) text += part.toString()
  })
  child.stdin.on('error', () => undefined) // it ended before it read its question: the exit tells
  child.stdin.end(JSON.stringify(question))
  const failed = await new Promise<string | null>((resolve) => {
    child.on('error', (error) =>
      resolve(error.name === 'AbortError' ? `it took longer than ${LIMIT_MS / 1000} seconds` : error.message),
    )
    child.on('close', (code) => resolve(code === 0 ? null : `it used more than ${MEMORY_MIB} MiB or was stopped`))
  })
  signal.throwIfAborted()
  const answer: Answer =
    failed === null && text ? (JSON.parse(text) as Answer) : { ok: false, message: failed ?? 'no result' }
  if (!answer.ok) throw new AppError('CALCULATION_FAILED', `The calculation failed: ${answer.message}`)
  return { result: answer.result, printed: answer.printed.slice(0, MAX_OUTPUT) }
}

const input = z
  .object({
    code: z.string().max(10_000).optional(),
    expression: z.string().max(2_000).optional(),
    inputs: z.record(z.string(), z.unknown()).optional(),
  })
  .refine(({ code, expression }) => (code === undefined) !== (expression === undefined), 'give code or expression')

export const codeInterpreter = planningTool(
  defineTool({
    name: 'code_interpreter',
    title: 'Calculation sandbox',
    description:
      'Calculates a JavaScript expression, or code that returns a value, over the inputs. No files, no network.',
    input,
    output: z.object({ result: z.unknown(), printed: z.string(), history: z.array(z.string()) }),
    touches: ['process'],
    approval: 'never',
    retry: { maxAttempts: 1, backoffMs: 0, factor: 1 },
    async run(ctx: { signal: AbortSignal; history?: string[] }, question) {
      const { result, printed } = await interpret(question, ctx.signal)
      const history = ctx.history ?? []
      history.push(`${question.expression ?? question.code} = ${JSON.stringify(result)}`)
      return { result, printed, history: [...history] }
    },
    async fallback(ctx: { signal: AbortSignal; history?: string[] }, { inputs }, error) {
      const known = CostQuestion.safeParse(inputs)
      if (!known.success) throw error
      return {
        result: analyseCosts(known.data),
        printed: 'by the formulas of the contract',
        history: ctx.history ?? [],
      }
    },
  }) as never,
  { artifactMapping: [], tests: ['src/planning/tools/calculations.test.ts'] },
)
