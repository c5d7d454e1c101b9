/**
 * The vocabulary of the movie domain: enums, artifacts (contract 4.4), parameters, requests and replies. Everything the
 * screens, the studio and the engine say to each other is typed here.
 */
export * from './schema/artifact-table.ts'
export * from './schema/core-artifacts.ts'
export * from './schema/enums.ts'
export * from './schema/other-artifacts.ts'
export * from './schema/parameters.ts'
export * from './schema/replies.ts'
export * from './schema/requests.ts'
export { countWords } from './schema/words.ts'
