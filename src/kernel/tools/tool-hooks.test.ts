import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { createMetrics } from '../telemetry/metrics.ts'
import { createSecrets } from '../telemetry/secrets.ts'
import { callTool, type ToolHook } from './call-tool.ts'
import { defineTool } from './tool-descriptor.ts'
import { askBeforeTools, countToolCalls, logToolCalls } from './tool-hooks.ts'
import { createToolRegistry } from './tool-registry.ts'

const write = defineTool({
  name: 'write',
  title: 'Write',
  description: 'w',
  input: z.object({ text: z.string() }),
  touches: ['files'],
  approval: 'edits',
  run: async () => 'written',
})
const run = (hooks: ToolHook[], text = 'x') =>
  callTool(
    'write',
    { text },
    { callId: 'c1', signal: new AbortController().signal },
    { registry: createToolRegistry([write]), hooks },
  )

describe('tool hooks', () => {
  it('log calls with masked and shortened arguments', async () => {
    const lines: Record<string, unknown>[] = []
    const { mask } = createSecrets(['hunter2-secret'])
    await run(
      [logToolCalls({ debug: (fields: unknown) => void lines.push(fields as Record<string, unknown>) }, mask)],
      `hunter2-secret ${'y'.repeat(900)}`,
    )
    expect(lines[0]).toMatchObject({ tool: 'write', callId: 'c1', isError: false })
    expect(lines[0]!['arguments']).toMatch(/^\{"text":"\*\*\* y+$/)
    expect(String(lines[0]!['arguments'])).toHaveLength(500)
  })

  it('count calls by tool and outcome', async () => {
    const metrics = createMetrics()
    const hook = countToolCalls(metrics.scope('tasks'))
    await run([hook])
    await run([hook, { name: 'no', before: () => ({ code: 'APPROVAL_DENIED', message: 'no' }) }])
    expect((await metrics.samples()).map(({ labels, value }) => [labels['outcome'], value])).toEqual([
      ['ok', 1],
      ['APPROVAL_DENIED', 1],
    ])
  })

  it('ask a person only where the mode says so', async () => {
    let asked = 0
    const ask = async () => {
      asked++
      return { code: 'APPROVAL_TIMEOUT', message: 'nobody answered' }
    }
    expect(await run([askBeforeTools('auto', ask)])).toMatchObject({ ok: true })
    expect(await run([askBeforeTools('approveEdits', ask)])).toMatchObject({ ok: false, code: 'APPROVAL_TIMEOUT' })
    expect(asked).toBe(1)
  })
})
