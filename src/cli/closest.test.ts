import { expect, it } from 'vitest'
import { closest } from './closest.ts'

const NAMES = ['up', 'task', 'runs', 'simulate', 'decisions']
it.each([
  ['tasks', 'task'],
  ['simulat', 'simulate'],
  ['run', 'runs'],
  ['decision', 'decisions'],
  ['nonsense', undefined],
  ['', undefined],
])('"%s" means %s', (given, name) => expect(closest(given, NAMES)).toBe(name))
