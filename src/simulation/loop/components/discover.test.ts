import fs from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { ComponentBaseError, ComponentExportError, ComponentNotFoundError } from '../core/errors.ts'
import { configOf, runConfig, withRoot } from '../run/_run-helpers.ts'
import { BaseAgent } from './base-agent.ts'
import { ComponentLibrary, classNameFor } from './discover.ts'

const IMPORT = "import { BaseAgent } from 'troupe/simulation'\n"

function write(root: string, file: string, text: string): void {
  const full = path.join(root, 'implementations', file)
  fs.mkdirSync(path.dirname(full), { recursive: true })
  fs.writeFileSync(full, text)
}

describe('component discovery', () => {
  it.each([
    ['agent', 'econ_llm_agent', 'EconLLMAgent'],
    ['agent', 'nation', 'NationAgent'],
    ['validator', 'always_valid', 'AlwaysValidValidator'],
    ['engine', 'my-world', 'MyWorldEngine'],
    ['engine', 'world_engine', 'WorldEngine'],
  ] as const)('expects of %s %s the class %s', (kind, name, expected) => {
    expect(classNameFor(kind, name)).toBe(expected)
  })

  it('loads .js, .mjs and .ts files as modules of the running product, whatever lies near them', () =>
    withRoot(async (root) => {
      fs.writeFileSync(path.join(root, 'package.json'), '{"type": "commonjs"}')
      write(
        root,
        'agents/first.js',
        `${IMPORT}import { word } from './_words.js'\nexport class FirstAgent extends BaseAgent { decideAction() { return { actionName: word } } }`,
      )
      write(root, 'agents/_words.js', "export const word = 'wave'")
      write(
        root,
        'agents/second.mjs',
        `${IMPORT}export default class extends BaseAgent { decideAction() { return { actionName: 'hold' } } }`,
      )
      write(
        root,
        'agents/third.ts',
        `${IMPORT}import type { AgentContext } from 'troupe/simulation'\nexport class ThirdAgent extends BaseAgent { decideAction(_s: unknown, ctx: AgentContext): any { return { actionName: 'turn' + String(ctx.turn) } } }`,
      )
      const library = new ComponentLibrary(root)
      const first = await library.load('agent', 'first')
      expect(first.prototype).toBeInstanceOf(BaseAgent)
      expect(await new ComponentLibrary(root).load('agent', 'first')).toBe(first)
      expect(library.listAgents()).toEqual([
        'econ_llm_agent',
        'first',
        'nation',
        'scripted',
        'second',
        'simple',
        'third',
      ])
      const agents = ['first', 'second', 'third'].map((type) => ({ name: type, type }))
      const { events } = await runConfig(root, configOf({ simulation: { max_turns: 1 }, agents }), {
        implementationsRoot: root,
      })
      expect(
        events.filter(({ event_type }) => event_type === 'ACTION').map(({ details }) => details.action_type),
      ).toEqual(['wave', 'hold', 'turn1'])
    }))

  it('takes the registry first, then built-ins, then files, .js before .ts', () =>
    withRoot(async (root) => {
      class Own extends BaseAgent {
        decideAction() {
          return { actionName: 'own' }
        }
      }
      write(root, 'agents/simple.js', 'export const nothing = 1')
      write(root, 'agents/both.ts', `${IMPORT}export class BothAgent extends BaseAgent { static from = 'ts' }`)
      write(root, 'agents/both.js', `${IMPORT}export class BothAgent extends BaseAgent { static from = 'js' }`)
      expect(await new ComponentLibrary(root, { agent: { simple: Own } }).load('agent', 'simple')).toBe(Own)
      expect((await new ComponentLibrary(root).load('agent', 'simple')).name).toBe('SimpleAgent')
      expect(((await new ComponentLibrary(root).load('agent', 'both')) as any).from).toBe('js')
    }))

  it('tells three kinds of trouble apart, each with what would do', () =>
    withRoot(async (root) => {
      write(root, 'agents/misnamed.js', `${IMPORT}export class Something extends BaseAgent {}`)
      write(root, 'agents/baseless.js', 'class Animal {}\nexport class BaselessAgent extends Animal {}')
      write(root, 'agents/broken.js', 'export class {')
      const library = new ComponentLibrary(root)
      const load = (name: string) => library.load('agent', name)
      await expect(load('missing')).rejects.toThrow(ComponentNotFoundError)
      await expect(load('missing')).rejects.toThrow(
        /agent named missing.*implementations\/agents\/missing\.\{js,mjs,ts\}.*simple/,
      )
      await expect(load('../../etc/passwd')).rejects.toThrow(ComponentNotFoundError)
      await expect(load('index')).rejects.toThrow(ComponentNotFoundError)
      await expect(load('_words')).rejects.toThrow(ComponentNotFoundError)
      await expect(load('misnamed')).rejects.toThrow(ComponentExportError)
      await expect(load('misnamed')).rejects.toThrow(
        /no MisnamedAgent: it exports Something.*export class MisnamedAgent/,
      )
      await expect(load('baseless')).rejects.toThrow(ComponentBaseError)
      await expect(load('baseless')).rejects.toThrow(
        /must extend BaseAgent from 'troupe\/simulation', but found class BaselessAgent extending Animal/,
      )
      await expect(load('broken')).rejects.toThrow(/cannot be loaded/)
    }))
})
