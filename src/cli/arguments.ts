import { parseArgs } from 'node:util'
import { CliError } from './io.ts'

type Options = NonNullable<NonNullable<Parameters<typeof parseArgs>[0]>['options']>

/** Node's own parser with messages for people: what is unknown, and where help is. */
export function readArguments<const T extends Options>(argv: string[], options: T) {
  try {
    return parseArgs({
      args: argv,
      options: { ...options, help: { type: 'boolean', short: 'h' }, json: { type: 'boolean' } } as T & {
        help: { type: 'boolean' }
        json: { type: 'boolean' }
      },
      allowPositionals: true,
    })
  } catch (error) {
    throw new CliError(`${(error as Error).message.split('. ')[0]}: see --help`)
  }
}
