import { CliError, type Io } from './io.ts'
export async function movieServices(_argv: string[], _io: Io): Promise<number> {
  throw new CliError('not yet')
}
