// A corpus of plans as people and models write them: 30 that must pass, and 100 that each carry one fault that must be found.
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { lintPlan, type PlanFault, type PlanRules } from '../../src/kernel/agents/lint-plan.ts'
import type { NewAssignment } from '../../src/kernel/agents/plan-types.ts'

const RULES: PlanRules = {
  capabilities: ['general', 'data', 'web', 'file', 'api', 'database', 'writing', 'review', 'image'],
  input: z.looseObject({ description: z.string().min(1) }),
}
const step = (
  key: string,
  capability: string,
  dependsOn: string[] = [],
  more: Partial<NewAssignment> = {},
): NewAssignment => ({
  key,
  capabilities: [capability],
  dependsOn,
  input: { description: `Do ${key}` },
  ...more,
})
const range = (n: number) => Array.from({ length: n }, (_, i) => i)

/** Shapes of real work, each in any size of at least 3. */
const SHAPES: Record<string, (n: number) => NewAssignment[]> = {
  'one after another': (n) => range(n).map((i) => step(`s${i}`, 'general', i > 0 ? [`s${i - 1}`] : [])),
  'all at once': (n) => range(n).map((i) => step(`s${i}`, 'data')),
  'out and in': (n) => [
    step('split', 'data'),
    ...range(n).map((i) =>
      step(`part${i}`, 'data', ['split'], { input: { description: 'Sum', rows: { $from: 'split' } } }),
    ),
    step(
      'join',
      'data',
      range(n).map((i) => `part${i}`),
    ),
  ],
  'report with review': (n) => [
    ...range(n).map((i) => step(`source${i}`, 'web')),
    step(
      'draft',
      'writing',
      range(n).map((i) => `source${i}`),
    ),
    step('review', 'review', ['draft'], { checks: 'draft', input: { description: 'Check', text: { $from: 'draft' } } }),
    step('final', 'writing', ['draft', 'review'], { input: { description: 'Finish', text: { $from: 'draft' } } }),
  ],
  'scrape into a table': (n) => [
    ...range(n).flatMap((i) => [
      step(`fetch${i}`, 'web', [], { timeoutSeconds: 120 }),
      step(`parse${i}`, 'data', [`fetch${i}`], { input: { description: 'Parse', page: { $from: `fetch${i}` } } }),
    ]),
    step(
      'store',
      'database',
      range(n).map((i) => `parse${i}`),
      { priority: 9 },
    ),
  ],
  'two diamonds': (n) => [
    step('a', 'general'),
    ...range(n).map((i) => step(`b${i}`, 'api', ['a'])),
    step(
      'c',
      'general',
      range(n).map((i) => `b${i}`),
    ),
    ...range(n).map((i) =>
      step(`d${i}`, 'file', ['c'], { input: { description: 'Use the first', first: { $from: 'a' } } }),
    ),
    step(
      'e',
      'general',
      range(n).map((i) => `d${i}`),
    ),
  ],
  storyboard: (n) => [
    step('script', 'writing'),
    ...range(n).map((i) => step(`frame${i}`, 'image', ['script'], { capabilities: ['image', 'general'] })),
    step(
      'check',
      'review',
      range(n).map((i) => `frame${i}`),
      { checks: 'frame0' },
    ),
  ],
  'late check of an early step': (n) => [
    step('numbers', 'data'),
    ...range(n).map((i) => step(`use${i}`, 'general', [i > 0 ? `use${i - 1}` : 'numbers'])),
    step('audit', 'review', [`use${n - 1}`], {
      checks: 'numbers',
      input: { description: 'Audit', of: { $from: 'numbers' } },
    }),
  ],
  'words of other languages as keys': (n) => range(n).map((i) => step(`Schritt „${i}“ – größer`, 'general')),
  forest: (n) => range(n).flatMap((i) => [step(`root${i}`, 'general'), step(`leaf${i}`, 'data', [`root${i}`])]),
}

type Fault = { code: PlanFault; spoil: (plan: NewAssignment[]) => NewAssignment[] }
const change = (plan: NewAssignment[], at: number, more: Partial<NewAssignment> | Record<string, unknown>) =>
  plan.map((a, i) => (i === at ? ({ ...a, ...more } as NewAssignment) : a))
const last = (plan: NewAssignment[]) => plan.length - 1
const circle: Record<string, unknown> = { description: 'Round' }
circle['self'] = circle

const FAULTS: Record<string, Fault> = {
  'no owner': { code: 'OWNER_MISSING', spoil: (p) => change(p, 1, { capabilities: [] }) },
  'an owner nobody can be': {
    code: 'OWNER_UNKNOWN',
    spoil: (p) => change(p, last(p), { capabilities: ['telepathy'] }),
  },
  'an owner with a misspelt capability': {
    code: 'OWNER_UNKNOWN',
    spoil: (p) => change(p, 0, { capabilities: ['databse', 'wrting'] }),
  },
  'two steps of one name': { code: 'KEY_REPEATED', spoil: (p) => change(p, 1, { key: p[0]!.key }) },
  'a step without a name': { code: 'KEY_BLANK', spoil: (p) => change(p, last(p), { key: '  ' }) },
  'a step that waits for itself': { code: 'PREREQUISITE_SELF', spoil: (p) => change(p, 1, { dependsOn: [p[1]!.key] }) },
  'a step that waits for nobody there': {
    code: 'PREREQUISITE_UNKNOWN',
    spoil: (p) => change(p, 1, { dependsOn: ['the big plan'] }),
  },
  'two steps that wait for each other': {
    code: 'CYCLE',
    spoil: (p) => change(change(p, 0, { dependsOn: [p[1]!.key] }), 1, { dependsOn: [p[0]!.key] }),
  },
  'a circle through the whole plan': {
    code: 'CYCLE',
    spoil: (p) => p.map((a, i) => ({ ...a, dependsOn: [p[(i + p.length - 1) % p.length]!.key] })),
  },
  'a circle behind a good beginning': {
    code: 'CYCLE',
    spoil: (p) => [...p, step('x', 'data', [p[0]!.key, 'z']), step('y', 'data', ['x']), step('z', 'data', ['y'])],
  },
  'no input': { code: 'INPUT_NOT_AN_OBJECT', spoil: (p) => change(p, 0, { input: null }) },
  'a list as input': { code: 'INPUT_NOT_AN_OBJECT', spoil: (p) => change(p, 0, { input: ['description'] }) },
  'an input of the wrong type': {
    code: 'INPUT_TYPE',
    spoil: (p) => change(p, last(p), { input: { description: 42 } }),
  },
  'an input without its description': { code: 'INPUT_TYPE', spoil: (p) => change(p, 1, { input: { text: 'Do it' } }) },
  'an input that is not JSON': {
    code: 'INPUT_NOT_JSON',
    spoil: (p) => change(p, 0, { input: { description: 'Count', upTo: Number.NaN } }),
  },
  'an input that contains itself': { code: 'INPUT_NOT_JSON', spoil: (p) => change(p, 0, { input: circle }) },
  'an input of two megabytes': {
    code: 'INPUT_TOO_LARGE',
    spoil: (p) => change(p, 1, { input: { description: 'x'.repeat(2_000_000) } }),
  },
  'the output of a later step': {
    code: 'INPUT_FROM_ELSEWHERE',
    spoil: (p) => change(p, 0, { input: { description: 'Use it', of: { deep: [{ $from: p[last(p)]!.key }] } } }),
  },
  'the output of a step not waited for': {
    code: 'INPUT_FROM_ELSEWHERE',
    spoil: (p) => [...p, step('alone', 'data', [], { input: { description: 'Use it', of: { $from: p[0]!.key } } })],
  },
  'no end in sight': { code: 'STOP_RULE', spoil: (p) => change(p, 1, { timeoutSeconds: Number.POSITIVE_INFINITY }) },
  'no time at all': { code: 'STOP_RULE', spoil: (p) => change(p, 0, { timeoutSeconds: 0 }) },
  'a year of time': { code: 'STOP_RULE', spoil: (p) => change(p, 0, { timeoutSeconds: 31_536_000 }) },
  'a priority of no number': { code: 'PRIORITY', spoil: (p) => change(p, 0, { priority: 2.5 }) },
  'a checker of work that is not there': {
    code: 'CHECKER_UNKNOWN',
    spoil: (p) => [...p, step('check', 'review', [p[0]!.key], { checks: 'everything' })],
  },
  'a checker that checks itself': {
    code: 'CHECKER_IS_AUTHOR',
    spoil: (p) => [...p, step('check', 'review', [], { checks: 'check' })],
  },
  'a checker that does not wait': {
    code: 'CHECKER_TOO_EARLY',
    spoil: (p) => [...p, step('check', 'review', [], { checks: p[0]!.key })],
  },
  'nothing to do': { code: 'PLAN_EMPTY', spoil: () => [] },
}

const GOOD = Object.entries(SHAPES).flatMap(([name, shape]) =>
  [3, 12, 60].map((n) => [`${name}, ${n}`, shape(n)] as const),
)
const BAD = Object.entries(FAULTS)
  .flatMap(([fault, { code, spoil }], f) =>
    [0, 1, 2, 3].map((turn) => {
      const [shape, make] = Object.entries(SHAPES)[(f * 3 + turn * 2) % Object.keys(SHAPES).length]!
      return [`${fault}, in ${shape}`, code, spoil(make(3 + turn * 4))] as const
    }),
  )
  .slice(0, 100)

describe('plan lint', () => {
  it('passes each of thirty good plans without a word', () => {
    expect(GOOD).toHaveLength(30)
    for (const [name, assignments] of GOOD) expect(lintPlan({ assignments }, RULES), name).toEqual([])
  })

  it('finds the fault of at least 95 of a hundred bad plans, by its own name', () => {
    expect(BAD).toHaveLength(100)
    const missed = BAD.filter(
      ([, code, assignments]) => !lintPlan({ assignments }, RULES).some((one) => one.code === code),
    )
    expect(missed.map(([name]) => name)).toEqual([])
  })

  it('names field and remedy of every fault, and all faults of a plan at once', () => {
    for (const [name, , assignments] of BAD)
      for (const finding of lintPlan({ assignments }, RULES)) {
        expect(finding.field, name).toMatch(/^assignments/)
        expect(finding.message.length, name).toBeGreaterThan(10)
      }
    const many = lintPlan(
      { assignments: [step('a', 'telepathy', ['b']), step('a', 'data', ['a'], { timeoutSeconds: -1 })] },
      RULES,
    )
    expect(new Set(many.map(({ code }) => code))).toEqual(
      new Set(['OWNER_UNKNOWN', 'PREREQUISITE_UNKNOWN', 'KEY_REPEATED', 'PREREQUISITE_SELF', 'STOP_RULE']),
    )
  })
})
