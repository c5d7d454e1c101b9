/**
 * The vocabulary of the tasks domain: enums, entities, requests and replies of the contract's sections 2 and 3. Server, agents
 * and screens share it.
 */
export * from './schema/entities.ts'
export * from './schema/enums.ts'
export * from './schema/replies.ts'
export * from './schema/requests.ts'
