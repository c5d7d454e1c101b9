import { describe, expect, it } from 'vitest'
import { causesOf, configOf, eventsOf, ofType, recorder, runConfig, scripted, withRoot } from '../run/_run-helpers.ts'
import { Orchestrator } from '../run/orchestrator.ts'

const hold = { action_name: 'hold' }
const ask = (operation: string, target: string, more: object = {}) => ({
  action_name: operation,
  lifecycle: { operation, target, ...more },
})

async function started(root: string, config: object = {}) {
  const { log, lines } = recorder()
  const run = new Orchestrator(configOf({ simulation: { max_turns: 9 }, ...config }), { outputRoot: root, logger: log })
  await run.initialize()
  return { run, lines }
}
const simple = (name: string) => ({ name, type: 'simple', initial_state: { wealth: 1 } })

describe('agents from outside', () => {
  it('are named apart, up to max_agents', () =>
    withRoot(async (root) => {
      const { run, lines } = await started(root, { agents: [] })
      const added = []
      for (let i = 0; i < 3; i++) added.push(await run.addAgent(simple('agent')))
      expect(added).toEqual(['agent', 'agent_1', 'agent_2'].map((name) => ({ added: true, name })))
      for (let i = 3; i < 25; i++) await run.addAgent(simple('agent'))
      const before = run.state
      expect(await run.addAgent(simple('agent'))).toEqual({
        added: false,
        name: 'agent',
        reason: 'the population has reached max_agents (25)',
      })
      expect(run.state).toBe(before)
      expect(
        lines.filter(({ level, event }) => level === 'WARNING' && event === 'lifecycle_validation_failed'),
      ).toHaveLength(1)
      expect(await run.step()).toBe(true)
      await run.finish()
      expect(ofType(eventsOf(root, run.runId), 'DECISION')).toHaveLength(25)
    }))

  it('answer false to what is not possible, and change nothing', () =>
    withRoot(async (root) => {
      const { run } = await started(root)
      const before = run.state
      for (const turns of [0, -1, 1.5]) expect(await run.pauseAgent('ada', turns)).toBe(false)
      expect(await run.resumeAgent('ada')).toBe(false)
      expect(await run.removeAgent('nobody')).toBe(false)
      expect(await run.pauseAgent('nobody')).toBe(false)
      expect(run.state).toBe(before)
      expect(await run.pauseAgent('ada')).toBe(true)
      expect(await run.pauseAgent('ada')).toBe(false)
      expect(await run.addAgent({ ...simple('x'), type: 'imaginary' })).toMatchObject({
        added: false,
        reason: expect.stringContaining('imaginary'),
      })
      expect(await run.addAgent({ ...simple('x'), initial_state: { joy: 1 } })).toMatchObject({
        added: false,
        reason: expect.stringContaining('agents.x.joy'),
      })
      expect(await run.addAgent({ ...simple('x'), location: '0,0' })).toMatchObject({ added: false })
      expect(await run.addAgent({ ...simple('a b') })).toMatchObject({ added: false })
      await run.finish()
      await expect(run.addAgent(simple('late'))).rejects.toThrow('has ended')
    }))

  it('are an error before the run starts', () =>
    withRoot(async (root) => {
      const run = new Orchestrator(configOf(), { outputRoot: root })
      await expect(run.pauseAgent('ada')).rejects.toThrow('not started')
    }))

  it('paused for two turns skip exactly two', () =>
    withRoot(async (root) => {
      const { run } = await started(root, { simulation: { max_turns: 4 } })
      await run.pauseAgent('ada', 2)
      await run.step()
      expect(run.state).toMatchObject({ pausedAgents: ['ada'], autoResume: { ada: 1 } })
      await run.step()
      expect(run.state).toMatchObject({ pausedAgents: [], autoResume: {} })
      while (await run.step());
      await run.finish()
      const events = eventsOf(root, run.runId)
      expect(ofType(events, 'DECISION').map(({ turn_number }) => turn_number)).toEqual([3, 4])
      const back = ofType(events, 'STATE').find(
        ({ details }) => details.variable_name === 'lifecycle_status' && details.new_value === 'active',
      )
      expect(back).toMatchObject({
        turn_number: 2,
        agent_id: 'ada',
        details: { old_value: 'paused', phase: 'lifecycle' },
      })
      expect(causesOf(events, back)[0].details).toMatchObject({ phase_from: 'rules', phase_to: 'lifecycle' })
    }))

  it('asked for during a turn take effect in its lifecycle phase', () =>
    withRoot(async (root) => {
      const { run } = await started(root)
      const answers: unknown[] = []
      const turn = run.step()
      answers.push(run.addAgent(simple('bo')), run.pauseAgent('ada'), run.removeAgent('nobody'))
      await turn
      expect(await Promise.all(answers)).toEqual([{ added: true, name: 'bo' }, true, false])
      expect(run.state).toMatchObject({ turn: 1, pausedAgents: ['ada'] })
      await run.step()
      await run.finish()
      const decisions = ofType(eventsOf(root, run.runId), 'DECISION')
      expect(decisions.map(({ agent_id, turn_number }) => [agent_id, turn_number])).toEqual([
        ['ada', 1],
        ['bo', 2],
      ])
    }))
})

describe('agents that ask', () => {
  it('spawn, pause, resume and remove each other, one request after the other', () =>
    withRoot(async (root) => {
      const script = [
        ask('add_agent', 'kid', { type: 'simple', initial_state: { wealth: 50 } }),
        ask('pause_agent', 'kid', { auto_resume_turns: 3 }),
        ask('resume_agent', 'kid'),
        ask('remove_agent', 'kid'),
      ]
      const agents = [scripted('ada', script), scripted('bo', [hold])]
      const { events, result } = await runConfig(root, configOf({ simulation: { max_turns: 4 }, agents }))
      const changes = ofType(events, 'STATE').filter(({ details }) => details.variable_name === 'lifecycle_status')
      expect(
        changes.map(({ turn_number, agent_id, details }) => [
          turn_number,
          agent_id,
          details.old_value,
          details.new_value,
        ]),
      ).toEqual([
        [1, 'kid', 'absent', 'active'],
        [2, 'kid', 'active', 'paused'],
        [3, 'kid', 'paused', 'active'],
        [4, 'kid', 'active', 'absent'],
      ])
      const [action] = causesOf(events, changes[0])
      expect(action).toMatchObject({
        event_type: 'ACTION',
        agent_id: 'ada',
        details: {
          action_type: 'add_agent',
          action_payload: { target: 'kid', type: 'simple', initial_state: { wealth: 50 } },
        },
      })
      expect(causesOf(events, action)[0]).toMatchObject({ event_type: 'DECISION', agent_id: 'ada' })
      expect(
        ofType(events, 'DECISION')
          .filter(({ agent_id }) => agent_id === 'kid')
          .map(({ turn_number }) => turn_number),
      ).toEqual([2, 4])
      expect(Object.keys(result.final_state!.agents)).toEqual(['ada', 'bo'])
      expect(result.stats.validation.total_validated).toBe(4 + 2)
    }))

  it('are told no by a warning, and the turn goes on', () =>
    withRoot(async (root) => {
      const script = [
        ask('add_agent', 'kid'),
        ask('add_agent', 'kid', { initial_state: { joy: 1 } }),
        ask('pause_agent', 'ada', { auto_resume_turns: 0 }),
        ask('dance', 'ada'),
        { action_name: 'odd', lifecycle: 'yes' },
        ask('remove_agent', 'nobody'),
      ]
      const { events, result } = await runConfig(
        root,
        configOf({ simulation: { max_turns: 6 }, agents: [scripted('ada', script)] }),
      )
      const refusals = ofType(events, 'SYSTEM')
      expect(refusals.map(({ details }) => [details.system_event_type, details.status, details.agent_name])).toEqual(
        Array(6).fill(['lifecycle_rejected', 'warning', 'ada']),
      )
      expect(refusals.map(({ details }) => details.message)).toEqual([
        'initial_state is needed',
        expect.stringContaining('agents.kid.joy'),
        'auto_resume_turns must be null or a whole number of at least 1',
        expect.stringContaining('unknown operation "dance"'),
        'lifecycle must be a map with operation and target',
        'there is no agent nobody',
      ])
      expect(causesOf(events, refusals[0])[0].event_type).toBe('DECISION')
      expect(ofType(events, 'ACTION')).toHaveLength(0)
      expect(result.status).toBe('completed')
    }))

  it('may be the last to leave: the run goes on without agents', () =>
    withRoot(async (root) => {
      const { result } = await runConfig(root, configOf({ agents: [scripted('ada', [ask('remove_agent', 'ada')])] }))
      expect(result).toMatchObject({ status: 'completed', stats: { total_turns: 3 }, final_state: { agents: {} } })
    }))

  it('pass their own type and configuration on to a child that names none', () =>
    withRoot(async (root) => {
      const { result } = await runConfig(
        root,
        configOf({
          simulation: { max_turns: 2 },
          agents: [scripted('ada', [ask('add_agent', 'ada', { initial_state: {} })])],
        }),
      )
      expect(Object.keys(result.final_state!.agents)).toEqual(['ada', 'ada_1', 'ada_2', 'ada_3'])
    }))
})
