export type Flow = { kind: string }
