import { AsyncLocalStorage } from 'node:async_hooks'
import type { Tx } from './database.ts'

/** What every writing transaction of the current request does as its last statement, so that it holds exactly when the transaction does. */
export const beforeCommit = new AsyncLocalStorage<(tx: Tx) => Promise<void>>()
