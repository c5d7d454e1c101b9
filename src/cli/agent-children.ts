// The five agents as children of `troupe up`: one that ends unasked is started again under its id, after 1 s, doubled to 30 s.
import { type ChildProcess, spawn } from 'node:child_process'
import path from 'node:path'
import type { Log } from '../kernel/kernel.ts'

export type AgentChild = { id: string; port: number }
export type AgentChildren = {
  readonly pids: number[]
  /** Ids of the agents that run now. */
  readonly ids: string[]
  /** Ends one of these processes without warning, as a crash would. Undefined when it is none of ours. */
  kill(id: string): number | undefined
  stop(): Promise<void>
}

const FIRST_DELAY_MS = 1_000
const MAX_DELAY_MS = 30_000
/** Small young generation; garbage is collected when an agent is free. The same for warming: the compile cache depends on flags. */
const LEAN = ['--max-semi-space-size=1', '--expose-gc']
/** Running this long counts as well again. */
const STABLE_MS = 60_000
const STOP_MS = 35_000

export type AgentChildrenOptions = {
  agents: readonly AgentChild[]
  serverUrl: string
  token: string
  env: Readonly<Record<string, string | undefined>>
  /** Where Node keeps compiled sources: with a warm one an agent needs a third less memory. */
  compileCache: string
  log: Log
  onChange?: () => void
}

export function startAgentChildren({
  agents,
  serverUrl,
  token,
  env,
  compileCache,
  log,
  onChange,
}: AgentChildrenOptions): AgentChildren {
  const entry = path.resolve(import.meta.dirname, '../tasks/agent/main.ts')
  const children = new Map<string, ChildProcess>()
  const timers = new Set<NodeJS.Timeout>()
  let stopping = false

  const start = (agent: AgentChild, delay: number) => {
    const child = spawn(process.execPath, [...LEAN, entry], {
      stdio: ['ignore', 'inherit', 'inherit'],
      env: {
        ...withoutDatabase(env),
        LOG_LEVEL: env['LOG_LEVEL'] ?? 'warn',
        AGENT_ID: agent.id,
        AGENT_PORT: String(agent.port),
        AGENT_TOKEN: token,
        AGENT_SUPERVISED: '1',
        NODE_COMPILE_CACHE: compileCache,
        MALLOC_ARENA_MAX: '1', // glibc keeps what each thread once used; threads of an agent need little
        ORCHESTRATOR_URL: serverUrl,
        PUBLIC_URL: undefined,
      } as NodeJS.ProcessEnv,
    })
    children.set(agent.id, child)
    onChange?.()
    const since = Date.now()
    child.once('exit', (code, signal) => {
      children.delete(agent.id)
      if (stopping) return
      const next = Date.now() - since > STABLE_MS ? FIRST_DELAY_MS : Math.min(MAX_DELAY_MS, delay * 2)
      log.warn({ agent: agent.id, code, signal, again_in_ms: delay }, 'agent process ended, starting it again')
      const timer = setTimeout(() => {
        timers.delete(timer)
        start(agent, next)
      }, delay)
      timers.add(timer)
    })
  }
  void warmCompileCache(entry, compileCache, env).then(() => {
    if (!stopping) for (const agent of agents) start(agent, FIRST_DELAY_MS)
  })

  return {
    get pids() {
      return [...children.values()].flatMap((child) => child.pid ?? [])
    },
    get ids() {
      return [...children.keys()]
    },
    kill(id) {
      const child = children.get(id)
      return child?.kill('SIGKILL') ? child.pid : undefined
    },
    async stop() {
      stopping = true
      for (const timer of timers) clearTimeout(timer)
      await Promise.all(
        [...children.values()].map(
          (child) =>
            new Promise<void>((resolve) => {
              child.once('exit', () => resolve())
              child.kill('SIGTERM')
              setTimeout(() => child.kill('SIGKILL'), STOP_MS).unref()
            }),
        ),
      )
    },
  }
}

/** Compiles an agent's sources once, so that no agent carries the compiler. A failure only costs memory. */
function warmCompileCache(entry: string, compileCache: string, env: AgentChildrenOptions['env']): Promise<void> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [...LEAN, entry, '--warm'], {
      stdio: 'ignore',
      env: { ...env, NODE_COMPILE_CACHE: compileCache } as NodeJS.ProcessEnv,
    })
    child.once('error', () => resolve())
    child.once('exit', () => resolve())
  })
}

/** An agent holds no database credential. */
function withoutDatabase(env: Readonly<Record<string, string | undefined>>): Record<string, string | undefined> {
  const {
    DATABASE_URL: _a,
    POSTGRES_URL: _b,
    COORDINATION_URL: _h,
    PGPASSWORD: _c,
    PGUSER: _d,
    PGHOST: _e,
    PGDATABASE: _f,
    API_KEY: _g,
    ...rest
  } = env
  return rest
}
