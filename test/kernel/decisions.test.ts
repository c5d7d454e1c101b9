import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type Actor, type Ctx, systemCtx } from '../../src/kernel/context.ts'
import { answerDecision, closeDecision } from '../../src/kernel/decisions/answer-decision.ts'
import { raiseDecision } from '../../src/kernel/decisions/raise-decision.ts'
import type { Decision, NewDecision } from '../../src/kernel/decisions/schema.ts'
import { getDecision } from '../../src/kernel/decisions/store.ts'
import { sweepDeadlines } from '../../src/kernel/decisions/sweep-deadlines.ts'
import { type TestKernel, testKernel } from '../_pg.ts'

let t: TestKernel
let now = Date.parse('2027-01-01T12:00:00Z')
const told: string[] = []
beforeAll(async () => {
  t = await testKernel({
    clock: { now: () => now },
    hooks: new Map([
      [
        'test',
        {
          onAnswered: async (_tx, _ctx, decision) => void told.push(`answered ${decision.id}`),
          onDecisionTimeout: async (_tx, _ctx, decision) => void told.push(`${decision.status} ${decision.id}`),
        },
      ],
    ]),
  })
})
afterAll(() => t[Symbol.asyncDispose]())
beforeEach(() => {
  told.length = 0
  now = Date.now()
})

let count = 0
const raise = (question: Partial<NewDecision> = {}): Promise<Decision> =>
  t.db.transaction((tx) =>
    raiseDecision(tx, systemCtx(t.kernel), {
      id: `q-${++count}`,
      domain: 'test',
      kind: 'approve',
      type: 'test',
      title: 'Go on?',
      prompt: 'Shall we go on?',
      ...question,
    }),
  )
const as = (id: string, roles: string[]): Ctx => ({
  ...systemCtx(t.kernel),
  actor: { kind: 'user', id, name: id, roles, scopes: [] } satisfies Actor,
})
const look = (id: string) => getDecision(t.db, id)
const code = (promise: Promise<unknown>) =>
  promise.then(
    () => 'accepted',
    (error: { code: string }) => error.code,
  )

describe('who may answer', () => {
  it('is whoever the question names by role or name, and administrators', async () => {
    const finance = await raise({ roles: ['Finance'], users: ['ada'] })
    expect(await code(answerDecision(as('bob', ['Organizer']), finance.id, { choice: 'approve' }))).toBe('FORBIDDEN')
    expect(await code(answerDecision(as('ada', []), finance.id, { choice: 'approve' }))).toBe('accepted')
    const second = await raise({ roles: ['Finance'] })
    expect(await code(answerDecision(as('root', ['Admin']), second.id, { choice: 'deny' }))).toBe('accepted')
  })

  it('is who may approve, where nobody is named', async () => {
    const open = await raise()
    expect(await code(answerDecision(as('eve', ['Viewer']), open.id, { choice: 'approve' }))).toBe('FORBIDDEN')
    expect(await code(answerDecision(as('bob', ['Approver']), open.id, { choice: 'approve' }))).toBe('accepted')
  })
})

describe('an answer', () => {
  it.each<[string, Partial<NewDecision>, object, string]>([
    ['no choice at all', {}, {}, 'VALIDATION_ERROR'],
    [
      'a choice nobody offered',
      { kind: 'choose', options: [{ id: 'a', label: 'A' }] },
      { choice: 'b' },
      'VALIDATION_ERROR',
    ],
    ['one of the options', { kind: 'choose', options: [{ id: 'a', label: 'A' }] }, { choice: 'a' }, 'accepted'],
    ['nothing where a value is asked for', { kind: 'answer' }, {}, 'VALIDATION_ERROR'],
    [
      'a value that does not fit the form',
      {
        kind: 'answer',
        form: { type: 'object', properties: { guests: { type: 'integer', minimum: 1 } }, required: ['guests'] },
      },
      { value: { guests: 0 } },
      'VALIDATION_ERROR',
    ],
    [
      'a value that fits the form',
      {
        kind: 'answer',
        form: { type: 'object', properties: { guests: { type: 'integer', minimum: 1 } }, required: ['guests'] },
      },
      { value: { guests: 20 } },
      'accepted',
    ],
  ])('with %s', async (_what, question, answer, expected) => {
    const { id } = await raise(question)
    expect(await code(answerDecision(as('bob', ['Approver']), id, answer))).toBe(expected)
    expect((await look(id)).status).toBe(expected === 'accepted' ? 'answered' : 'open')
    expect(told).toEqual(expected === 'accepted' ? [`answered ${id}`] : [])
  })

  it('wins alone among a thousand given at once; the others learn who won', async () => {
    const { id } = await raise()
    const results = await Promise.allSettled(
      Array.from({ length: 1_000 }, (_, i) =>
        answerDecision(as(`user-${i}`, ['Approver']), id, { choice: i % 2 ? 'approve' : 'deny' }),
      ),
    )
    const won = results.filter((result) => result.status === 'fulfilled')
    expect(won).toHaveLength(1)
    const { answered_by } = await look(id)
    const lost = results.filter((result) => result.status === 'rejected').map(({ reason }) => reason)
    expect(lost).toHaveLength(999)
    for (const error of lost) expect([error.code, error.details.answered_by]).toEqual(['ALREADY_DECIDED', answered_by])
    expect(told).toEqual([`answered ${id}`])
  }, 60_000)

  it('to a question that was withdrawn or replaced is refused with its state', async () => {
    for (const status of ['withdrawn', 'superseded'] as const) {
      const { id } = await raise()
      const close = () => t.db.transaction((tx) => closeDecision(tx, systemCtx(t.kernel), id, status, 'q-next'))
      expect([await close(), await close()]).toEqual([true, false])
      await expect(answerDecision(as('bob', ['Approver']), id, { choice: 'approve' })).rejects.toMatchObject({
        code: 'ALREADY_DECIDED',
        details: { status },
      })
    }
  })
})

describe('a deadline that passes', () => {
  const in1h = () => new Date(now + 3_600_000).toISOString()
  const pass = async () => {
    now += 3_601_000
    await sweepDeadlines(t.kernel)
    await sweepDeadlines(t.kernel)
  }

  it('gives the default answer, marked as automatic', async () => {
    const { id } = await raise({ deadline: in1h(), onTimeout: 'default', defaultAnswer: { choice: 'deny' } })
    await pass()
    expect(await look(id)).toMatchObject({ status: 'answered', answer: { choice: 'deny' }, automatic: true })
    expect(told).toEqual([`answered ${id}`])
  })

  it('denies by expiring', async () => {
    const { id } = await raise({ deadline: in1h(), onTimeout: 'deny' })
    await pass()
    expect((await look(id)).status).toBe('expired')
    expect(told).toEqual([`expired ${id}`])
  })

  it('holds: the question stays open and is told to be overdue once', async () => {
    const { id } = await raise({ deadline: in1h(), onTimeout: 'hold' })
    await pass()
    await pass()
    expect((await look(id)).status).toBe('open')
    const { rows } = await t.db.query(
      `select count(*)::int as n from kernel.events where type = 'decision.overdue' and stream = $1`,
      [`decision:${id}`],
    )
    expect(rows[0]!['n']).toBe(1)
    expect(await code(answerDecision(as('bob', ['Approver']), id, { choice: 'approve' }))).toBe('accepted')
  })

  it('escalates step by step, each adding who may answer', async () => {
    const { id } = await raise({
      roles: ['Organizer'],
      onTimeout: 'escalate',
      escalation: [
        { afterSeconds: 60, roles: ['Finance'] },
        { afterSeconds: 120, users: ['boss'] },
      ],
    })
    expect(await code(answerDecision(as('fin', ['Finance']), id, { choice: 'approve' }))).toBe('FORBIDDEN')
    now = Date.now() + 61_000
    await sweepDeadlines(t.kernel)
    expect(await look(id)).toMatchObject({ roles: ['Organizer', 'Finance'], users: [], escalation_step: 1 })
    now = Date.now() + 121_000
    await sweepDeadlines(t.kernel)
    await sweepDeadlines(t.kernel)
    expect(await look(id)).toMatchObject({ roles: ['Organizer', 'Finance'], users: ['boss'], escalation_step: 2 })
    expect(await code(answerDecision(as('boss', []), id, { choice: 'approve' }))).toBe('accepted')
  })

  it('is acted on once by ten sweepers', async () => {
    const { id } = await raise({ deadline: in1h(), onTimeout: 'default', defaultAnswer: { choice: 'approve' } })
    now += 3_601_000
    await Promise.all(Array.from({ length: 10 }, () => sweepDeadlines(t.kernel)))
    expect(told).toEqual([`answered ${id}`])
  })
})

it('raising a question again with its id changes nothing', async () => {
  const first = await raise({ id: 'same', title: 'First' })
  const again = await raise({ id: 'same', title: 'Second' })
  expect(again).toMatchObject({ id: first.id, title: 'First', created_at: first.created_at })
})
