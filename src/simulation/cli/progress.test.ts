import { describe, expect, it } from 'vitest'
import { Progress } from './progress.ts'

function terminal(columns = 120) {
  let now = 0
  const written: string[] = []
  const progress = new Progress({ write: (text: string) => written.push(text), columns }, () => now)
  const at = (ms: number, turn: number, agents = 3) => {
    now = ms
    progress.show({ turn, maxTurns: 20, agents, events: turn * 17, startedMs: 0 })
  }
  return { progress, written, at, last: () => written.at(-1)!.replace(/^\r\u001b\[2K/, '') }
}

describe('the progress of a run', () => {
  it('shows turn, agents, events, time and what is left on one line', () => {
    const { at, last } = terminal()
    at(1000, 1)
    at(5000, 5)
    expect(last()).toBe('█████░░░░░░░░░░░░░░░ turn 5/20 · 3 agents · 85 events · 5.0 s · 15 s left')
  })

  it('is drawn ten times a second at most, and always at the end', () => {
    const { at, written, last } = terminal()
    for (let turn = 1; turn <= 20; turn++) at(turn * 10, turn)
    expect(written).toHaveLength(3)
    expect(last()).toBe('████████████████████ turn 20/20 · 3 agents · 340 events · 0.2 s')
  })

  it('counts what this run has done when it goes on from a checkpoint', () => {
    const { at, last } = terminal()
    at(1000, 11, 1)
    expect(last()).toContain('1 agent · ')
    expect(last()).toContain('9 s left')
  })

  it('keeps to the width of the terminal and clears up', () => {
    const { at, last, progress, written } = terminal(30)
    at(0, 1)
    expect(last()).toHaveLength(29)
    progress.clear()
    progress.end()
    progress.end()
    expect(written.slice(1)).toEqual(['\r\u001b[2K', '\n'])
  })
})
