import type { Module } from '../../src/kernel/module.ts'
import { ask, done, type Flow, next } from '../../src/kernel/runs/flow.ts'

/** A run that asks two people, then works, then is done: for tests of waiting, undoing, forking and comparing. */
export const twoQuestions: Flow = {
  kind: 'test.two-questions',
  domain: 'test',
  first: 'start@1',
  stages: {
    async 'start@1'(run) {
      const draft = await run.step('draft', async () => `draft of ${run.state['topic']}`)
      return ask(
        ['first', 'second'].map((name) => ({
          domain: 'test',
          kind: 'approve' as const,
          type: 'review',
          title: `The ${name} review`,
          prompt: 'Good enough?',
          blocks: 'The result',
          form: { type: 'object', properties: { text: { type: 'string', minLength: 3 } }, required: ['text'] },
          data: { proposal: { text: draft } },
        })),
        'finish@1',
        { draft },
      )
    },
    async 'finish@1'(run) {
      await run.step('publish', async () => ({ published: run.state['draft'] }))
      return next('end@1')
    },
    async 'end@1'(run) {
      return done({ topic: run.state['topic'] })
    },
  },
}

export const testModule: Module = { name: 'test', flows: [twoQuestions] }
