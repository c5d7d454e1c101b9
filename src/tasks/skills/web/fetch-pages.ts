import type { SkillPorts } from '../skill.ts'
import { SkillError } from '../skill-error.ts'

export const USER_AGENT = 'TroupeBot/1.0'
export const MAX_PAGES = 20
const MAX_BYTES = 10 * 1024 * 1024
const TIMEOUT_MS = 30_000
const MAX_REDIRECTS = 5
const PAUSE_MS = 500
const LONGEST_CRAWL_DELAY_MS = 10_000

/** When a host was last asked, over all steps of this process. */
const lastAsked = new Map<string, number>()

type Robots = {
  isAllowed(url: string, agent?: string): boolean | undefined
  getCrawlDelay(agent?: string): number | undefined
}

export type Fetched = { html: string; bytes: Uint8Array; url: string; type: string }

/** Fetches pages politely: rules of robots.txt, at least half a second between requests to one host. */
export class PageFetcher {
  readonly #ports: SkillPorts
  readonly #robots = new Map<string, Promise<Robots | undefined>>()
  constructor(ports: SkillPorts) {
    this.#ports = ports
  }

  async #ask(url: string, pauseMs = PAUSE_MS) {
    const { host } = new URL(url)
    const last = lastAsked.get(host)
    const wait = last === undefined ? 0 : last + pauseMs - this.#ports.now().getTime()
    if (wait > 0) await this.#ports.sleep(Math.min(wait, LONGEST_CRAWL_DELAY_MS))
    try {
      return await this.#ports.http(url, {
        headers: { 'user-agent': USER_AGENT, accept: 'text/html,application/xhtml+xml,*/*;q=0.8' },
        maxBytes: MAX_BYTES,
        timeoutMs: TIMEOUT_MS,
        maxRedirects: MAX_REDIRECTS,
      })
    } finally {
      lastAsked.set(host, this.#ports.now().getTime())
    }
  }

  #robotsOf(origin: string): Promise<Robots | undefined> {
    let robots = this.#robots.get(origin)
    robots ??= this.#readRobots(`${origin}/robots.txt`)
    this.#robots.set(origin, robots)
    return robots
  }

  async #readRobots(url: string): Promise<Robots | undefined> {
    try {
      const answer = await this.#ask(url)
      if (answer.status !== 200) return undefined
      const { default: parse } = await import('robots-parser')
      return (parse as unknown as (url: string, text: string) => Robots)(url, new TextDecoder().decode(answer.body))
    } catch (error) {
      if (error instanceof SkillError && error.code === 'NETWORK_ERROR') return undefined // the page itself will tell
      throw error
    }
  }

  /** The page as text with its final address. Throws NETWORK_ERROR for refusals, failures and statuses from 400. */
  async fetch(url: string): Promise<Fetched> {
    const target = URL.parse(url)
    if (!target) throw new SkillError('INVALID_INPUT', `"${url.slice(0, 200)}" is no address`)
    const robots = await this.#robotsOf(target.origin)
    if (robots?.isAllowed(url, USER_AGENT) === false)
      throw new SkillError(
        'NETWORK_ERROR',
        `${url} is closed to robots by ${target.origin}/robots.txt: ask its owner or use another source`,
      )
    const delay = (robots?.getCrawlDelay(USER_AGENT) ?? 0) * 1000
    const answer = await this.#ask(url, Math.max(PAUSE_MS, delay))
    if (answer.status >= 400)
      throw new SkillError('NETWORK_ERROR', `${url} answered HTTP ${answer.status}: check the address`)
    const type = answer.headers['content-type'] ?? ''
    return { html: decode(answer.body, type), bytes: answer.body, url: answer.url, type }
  }
}

function decode(body: Uint8Array, type: string): string {
  const head = new TextDecoder('latin1').decode(body.subarray(0, 2048))
  const charset =
    /charset=["']?([\w-]+)/i.exec(type)?.[1] ?? /<meta[^>]+charset=["']?([\w-]+)/i.exec(head)?.[1] ?? 'utf-8'
  try {
    return new TextDecoder(charset).decode(body)
  } catch {
    return new TextDecoder().decode(body) // a charset nobody knows
  }
}
