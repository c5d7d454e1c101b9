import fs from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { RunIdCollisionError } from '../core/errors.ts'
import { withRoot } from './_run-helpers.ts'
import { reserveGivenId, reserveRunId } from './run-id.ts'

const AT = new Date(Date.UTC(2025, 9, 1, 12, 0, 0))

describe('run ids', () => {
  it.each([
    ['Test', 'Test_2agents_20251001_120000_01'],
    ['Test/With Spaces', 'Test_With_Spaces_2agents_20251001_120000_01'],
    ['-dash é', '_dash___2agents_20251001_120000_01'],
  ])('are made of name, agents and time: %s', (name, id) =>
    withRoot((root) => expect(reserveRunId(root, name, 2, AT)).toBe(id)),
  )

  it('take the first free number; creating the folder is the reservation', () =>
    withRoot((root) => {
      fs.mkdirSync(path.join(root, 'Test_2agents_20251001_120000_01'))
      expect(reserveRunId(root, 'Test', 2, AT)).toBe('Test_2agents_20251001_120000_02')
      expect(fs.existsSync(path.join(root, 'Test_2agents_20251001_120000_02'))).toBe(true)
      for (let n = 3; n <= 99; n++) reserveRunId(root, 'Test', 2, AT)
      expect(() => reserveRunId(root, 'Test', 2, AT)).toThrow(RunIdCollisionError)
    }))

  it('may be given, well-formed and new', () =>
    withRoot((root) => {
      expect(reserveGivenId(root, 'my.run-1')).toBe('my.run-1')
      expect(() => reserveGivenId(root, 'my.run-1')).toThrow('exists already')
      for (const bad of ['', '-x', '../x', 'a b', 'x'.repeat(201)])
        expect(() => reserveGivenId(root, bad)).toThrow('must match')
    }))
})
