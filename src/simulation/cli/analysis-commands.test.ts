import fs from 'node:fs'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readJson, runCli, writeConfig } from './_run-cli.ts'

const CONFIG = `simulation: { name: two, max_turns: 6, checkpoint_interval: 2 }
engine: { type: simple_economic }
validator: { type: basic }
event_stream: { verbosity: DETAIL }
agents:
  - { name: ada, type: simple }
  - { name: bo, type: scripted, config: { actions: [{ action_name: trade, parameters: { amount: 7 } }] } }
`
let dir: string
let out: string
let config: string
const cli = (...args: string[]) => runCli([...args, '--output-dir', out])

beforeAll(async () => {
  dir = fs.mkdtempSync('/tmp/troupe-analysis-')
  out = path.join(dir, 'out')
  config = writeConfig(dir, CONFIG)
  const { code } = await cli('run', config, '--run-id', 'first')
  expect(code).toBe(0)
}, 60_000)
afterAll(() => fs.rmSync(dir, { recursive: true, force: true }))

describe('troupe simulate', () => {
  it('branches from a checkpoint with changed variables, and compares branch and origin', {
    timeout: 60_000,
  }, async () => {
    const branch = await cli(
      'branch',
      'first',
      '--turn',
      '2',
      '--set',
      'ada.wealth=5000',
      '--run-id',
      'rich',
      '--turns',
      '8',
    )
    expect(branch.code).toBe(0)
    expect(branch.lines[0]).toMatchObject({ run_id: 'rich', resumed_from: { run_id: 'first', turn: 2 } })
    expect(branch.lines[1]).toMatchObject({ status: 'completed', total_turns: 6, final_turn: 8 })
    expect(readJson(out, 'rich', 'checkpoints', 'turn_2.json').state.agents.ada.wealth).toBe(5000)
    const compared = await cli('compare', 'first', 'rich', '--json')
    expect(compared.code).toBe(1)
    expect(compared.lines[0].divergence).toMatchObject({ turn: 2, agent_id: 'ada', variable: 'wealth' })
    const told = await cli('compare', 'first', 'rich')
    expect(told.out).toContain('first difference: turn 2, ada.wealth (state)')
    expect((await cli('compare', 'first', 'nothing')).code).toBe(2)
    const wrong = await cli('branch', 'first', '--turn', '2', '--set', 'ada.joy=1')
    expect([wrong.code, wrong.out]).toEqual([2, ''])
    expect(wrong.err).toContain('agents.ada.joy is not a defined variable')
  })

  it('repeats a run from its manifest and tells what is the same', { timeout: 60_000 }, async () => {
    const { code, lines } = await cli('repeat', 'first', '--json')
    expect(code).toBe(0)
    expect(lines[0]).toMatchObject({ run_id: 'first', same: true, divergence: null })
    const result = path.join(out, 'first/manifest.json')
    const manifest = readJson(result)
    fs.writeFileSync(result, JSON.stringify({ ...manifest, outcome: { ...manifest.outcome, final_state_sha256: 'x' } }))
    const told = await cli('repeat', result)
    fs.writeFileSync(result, JSON.stringify(manifest))
    expect(told.code).toBe(1)
    expect(told.out).toContain('first: the repetition differs')
    expect(told.out).toMatch(/differs final state/)
  })

  it('sweeps over parameters and seeds in several processes', { timeout: 60_000 }, async () => {
    const args = ['--vary', 'agents.bo.config.actions[0].parameters.amount=1,2', '--seeds', '1..2', '--workers', '2']
    const { code, lines } = await cli(
      'sweep',
      config,
      ...args,
      '--id',
      'grid',
      '--measure',
      'total_wealth,bo.wealth',
      '--json',
    )
    expect(code).toBe(0)
    expect(lines[0].rows.map(({ run_id: id, status, measures }: any) => [id, status, measures['bo.wealth']])).toEqual([
      ['grid.1', 'completed', 1006],
      ['grid.2', 'completed', 1006],
      ['grid.3', 'completed', 1012],
      ['grid.4', 'completed', 1012],
    ])
    expect(lines[0].groups[1]).toMatchObject({ runs: 2, done: 2, measures: { 'bo.wealth': { mean: 1012, sd: 0 } } })
    expect(fs.readFileSync(path.join(out, 'grid.sweep.csv'), 'utf8').split('\n')).toHaveLength(6)
    expect(readJson(out, 'grid.4', 'config.json').simulation.seed).toBe(2)
    const wrong = await cli('sweep', config, '--vary', 'simulation.max_turns=3,0')
    expect([wrong.code, wrong.err.includes('simulation.max_turns')]).toEqual([2, true])
  })

  it('exports variables, trace and plot', { timeout: 60_000 }, async () => {
    const metrics = await cli('metrics', 'first', '--variables', 'bo.wealth')
    expect(metrics.out).toBe('turn,bo.wealth\n0,1000\n1,1007\n2,1014\n3,1021\n4,1028\n5,1035\n6,1042\n')
    const file = path.join(dir, 'trace.json')
    const trace = await cli('trace', 'first', '--out', file, '--limit', '40')
    expect(trace.err).toContain('the limit of 40 entries is reached')
    expect(readJson(file).otherData).toMatchObject({ truncated: true, limit: 40 })
    const plot = await cli('plot', 'first', '--variables', 'wealth', '--title', 'Wealth')
    expect([plot.out.startsWith('<svg '), plot.out.includes('ada.wealth'), plot.out.endsWith('</svg>\n')]).toEqual([
      true,
      true,
      true,
    ])
    expect((await cli('metrics', 'nothing')).code).toBe(2)
  })
})
