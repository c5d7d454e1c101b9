import { AppError } from '../../kernel/errors/app-error.ts'

export const noSuchAgent = (agent: string, known: readonly string[]) =>
  new AppError('NOT_FOUND', `No agent ${agent} to try here: there are ${known.join(', ')}`, {
    resource: 'agent',
    id: agent,
  })
