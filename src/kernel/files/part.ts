import { part } from '../kernel.ts'
import type { FileStore } from './file-store.ts'

/** `kernel.use(files)` is the store of uploads and results. */
export const files = part<FileStore>('files')
