// A client of an installation whose processes may be gone at any moment: it repeats what it is not sure of, at whichever server
// answers, under the same idempotency key.
import { setTimeout as sleep } from 'node:timers/promises'

export type Client = {
  urls: readonly string[]
  /** How often a call had to be repeated. */
  readonly repeated: number
  /** Until an answer below 500 is there. Throws an error with `status` when it is a refusal. */
  call(method: string, at: string, body?: unknown, key?: string): Promise<any>
}
export class Refusal extends Error {
  readonly status: number
  constructor(what: string, status: number, text: string) {
    super(`${what}: ${status} ${text.slice(0, 400)}`)
    this.status = status
  }
}

export function createClient(
  urls: readonly string[],
  token: string | undefined,
  { patienceMs = 180_000 }: { patienceMs?: number } = {},
): Client {
  let turn = 0
  let repeated = 0
  return {
    urls,
    get repeated() {
      return repeated
    },
    async call(method, at, body, key) {
      const until = Date.now() + patienceMs
      let last = 'nobody answered'
      for (const from = turn++; ; repeated++) {
        const url = urls[(from + repeated) % urls.length]!
        const answer = await fetch(`${url}${at}`, {
          method,
          headers: {
            ...(token ? { authorization: `Bearer ${token}` } : {}),
            ...(body === undefined ? {} : { 'content-type': 'application/json' }),
            ...(key ? { 'idempotency-key': key } : {}),
          },
          ...(body === undefined ? {} : { body: JSON.stringify(body) }),
          signal: AbortSignal.timeout(20_000),
        }).then(
          async (response) => ({ status: response.status, text: await response.text() }),
          (error: Error) => ({ status: 0, text: error.message }),
        )
        if (answer.status >= 200 && answer.status < 300) return answer.text ? JSON.parse(answer.text) : undefined
        if (answer.status >= 400 && answer.status < 500 && answer.status !== 429)
          throw new Refusal(`${method} ${at}`, answer.status, answer.text)
        last = `${answer.status} ${answer.text.slice(0, 200)}`
        if (Date.now() > until) throw new Error(`${method} ${at}: given up, last ${last}`)
        await sleep(200)
      }
    },
  }
}
