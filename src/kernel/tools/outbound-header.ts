/**
 * Marks a request that an agent's tool sends. Our own servers never take such a request for the local developer, so that no text an agent
 * read can act here through the agent's own network.
 */
export const OUTBOUND_HEADER = 'x-troupe-outbound'
