import { describe, expect, it } from 'vitest'
import { callTool } from '../../kernel/tools/call-tool.ts'
import { createToolRegistry } from '../../kernel/tools/tool-registry.ts'
import { codeInterpreter } from './code-interpreter.ts'
import { costAnalysis } from './cost-analysis.ts'
import { declarationOf } from './planning-tool.ts'

const registry = createToolRegistry([codeInterpreter, costAnalysis])
const call = (name: string, args: unknown, history?: string[]) =>
  callTool(
    name,
    args,
    { callId: 'c1', signal: new AbortController().signal, ...(history ? { history } : {}) } as never,
    { registry },
  )

describe('code_interpreter', () => {
  it('calculates expressions and code over inputs, prints, and keeps a history', async () => {
    const history: string[] = []
    const first = await call(
      'code_interpreter',
      { expression: 'guests * price', inputs: { guests: 20, price: 7.5 } },
      history,
    )
    expect(first).toMatchObject({ ok: true, value: { result: 150, printed: '' } })
    const second = await call(
      'code_interpreter',
      { code: 'print("sum", inputs.a.length); return inputs.a.reduce((x, y) => x + y, 0)', inputs: { a: [1, 2, 3] } },
      history,
    )
    expect(second).toMatchObject({ ok: true, value: { result: 6, printed: 'sum 3' } })
    expect(history).toEqual(['guests * price = 150', expect.stringContaining('= 6')])
  }, 30_000)

  it('lets nothing out: no files, modules, processes, network or code from text', async () => {
    for (const expression of [
      'process.exit(1)',
      'require("node:fs").readFileSync("/etc/hosts")',
      'fetch("http://127.0.0.1/")',
      'this.constructor.constructor("return process")().pid',
      'print.constructor("return process")().pid',
      'import("node:fs")',
    ]) {
      const outcome = await call('code_interpreter', { expression })
      expect({ expression, ok: outcome.ok && (outcome.value as { result: unknown }).result }).not.toMatchObject({
        ok: expect.any(Number),
      })
      if (outcome.ok) expect((outcome.value as { result: unknown }).result).toEqual({})
    }
  }, 60_000)

  it('ends what does not end, and answers by the formulas when the inputs are costs', async () => {
    const stuck = await call('code_interpreter', { expression: '(() => { for (;;); })()' })
    expect(stuck).toMatchObject({ ok: false, code: 'CALCULATION_FAILED' })
    const costs = { total_budget: 100, line_items: [{ category: 'Venue', total: 90 }] }
    const fallback = await call('code_interpreter', { expression: 'nothing.here', inputs: costs })
    expect(fallback).toMatchObject({
      ok: true,
      usedFallback: true,
      value: { result: { total_cost: 90, variance_percent: 10 } },
    })
  }, 60_000)
})

it('cost_analysis gives variance, savings, reserve and the cost per guest', async () => {
  const line_items = [
    { category: 'Venue', quantity: 1, unit_cost: 88, total: 88, list_unit_cost: 100 },
    { category: 'Contingency', quantity: 1, unit_cost: 12, total: 12, is_reserve: true },
  ]
  const outcome = await call('cost_analysis', {
    total_budget: 100,
    line_items,
    audience_size: 10,
    allocations: [{ category: 'Venue', allocated: 80 }],
  })
  expect(outcome).toMatchObject({
    ok: true,
    value: {
      total_cost: 100,
      variance_percent: 0,
      savings_percent: 12,
      reserve: 12,
      cost_per_attendee: 10,
      category_variances: [{ category: 'Venue', variance_amount: 8 }, {}],
    },
  })
})

it('declares a tool as the contract writes it', () => {
  expect(declarationOf(costAnalysis)).toMatchObject({
    name: 'cost_analysis',
    timeout_ms: 10_000,
    retry: { max_attempts: 3, backoff_ms: 500, factor: 2 },
    side_effects: 'none',
    approval_mode: 'never',
    artifact_mapping: [{ from: 'variance_percent', to: 'CostModel.variance_percent' }, {}],
  })
})
