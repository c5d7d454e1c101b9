import { spawn } from 'node:child_process'
import { childEnvironment } from '../../config/child-environment.ts'
import { AuthenticationError, asModelError, InvalidAnswerError, ModelError, RateLimitError } from '../errors.ts'
import type { ModelCall, Provider } from '../types.ts'
import { readTextTools, textToolsInstruction, toTranscript } from './text-tools.ts'

export type CommandResult = { exitCode: number | null; stdout: string; stderr: string }
export type RunCommand = (
  path: string,
  args: readonly string[],
  options: { input: string; env: Record<string, string>; signal: AbortSignal },
) => Promise<CommandResult>

// Withheld from the child only: the client signs in by itself and must not think it runs inside another session.
const WITHHELD = [
  'ANTHROPIC_API_KEY',
  'LLM_API_KEY',
  'OPENROUTER_API_KEY',
  'MODEL_API_KEY',
  'DATABASE_URL',
  'POSTGRES_URL',
  'COORDINATION_URL',
  'CLAUDECODE',
]
const MAX_OUTPUT = 10_000_000

export const runCommand: RunCommand = (path, args, { input, env, signal }) => {
  const { promise, resolve, reject } = Promise.withResolvers<CommandResult>()
  const child = spawn(path, args, { env, signal, stdio: ['pipe', 'pipe', 'pipe'], killSignal: 'SIGKILL' })
  const texts = { stdout: '', stderr: '' }
  for (const name of ['stdout', 'stderr'] as const) {
    child[name].setEncoding('utf8')
    child[name].on('data', (chunk: string) => {
      if (texts[name].length < MAX_OUTPUT) texts[name] += chunk
    })
  }
  child.on('error', reject)
  child.on('close', (exitCode) => resolve({ exitCode, ...texts }))
  child.stdin.on('error', () => undefined) // the child ended without reading; its exit code tells why
  child.stdin.end(input)
  return promise
}

type Envelope = {
  is_error?: boolean
  result?: string
  usage?: {
    input_tokens?: number
    output_tokens?: number
    cache_read_input_tokens?: number
    cache_creation_input_tokens?: number
  }
}

function classify(text: string): ModelError {
  const excerpt = text.trim().slice(0, 300)
  if (/api key|log ?in|logged in|oauth|authenticat|unauthori[sz]ed|credential/i.test(text))
    return new AuthenticationError('claude_code', `The command-line client is not signed in: ${excerpt}`)
  if (/rate.?limit|usage limit|429|overloaded/i.test(text))
    return new RateLimitError(`The command-line client is limited: ${excerpt}`)
  return new ModelError(
    'MODEL_UNAVAILABLE',
    'server_error',
    `The command-line client failed: ${excerpt || 'no output'}`,
  )
}

/**
 * The locally installed command-line client as a provider: one print-mode call without its own tools. Tools of ours are spoken of in text.
 * Keys and database addresses are withheld from the child; the parent's environment does not change.
 */
export function createClaudeCodeProvider(options: { path: string; runCommand?: RunCommand }): Provider {
  const run = options.runCommand ?? runCommand
  return {
    name: 'claude_code',
    async call(call: ModelCall) {
      const system = [call.system, textToolsInstruction(call.tools)].filter(Boolean).join('\n\n')
      const args = ['-p', '--output-format', 'json', '--max-turns', '1', '--tools', '', '--system-prompt', system]
      if (call.model) args.push('--model', call.model)
      let result: CommandResult
      try {
        result = await run(options.path, args, {
          input: toTranscript(call.messages),
          env: childEnvironment(WITHHELD),
          signal: call.signal,
        })
      } catch (error) {
        call.signal.throwIfAborted()
        const { code } = error as NodeJS.ErrnoException
        if (code === 'ENOENT' || code === 'EACCES')
          throw new ModelError(
            'MODEL_UNAVAILABLE',
            'client_error',
            `The command-line client ${options.path} cannot be started (${code}).`,
            {
              suggestion: 'Install it, set CLAUDE_CODE_PATH to its place, or unset CLAUDECODE and set a key.',
            },
          )
        throw asModelError(error)
      }
      const envelope = readEnvelope(result)
      const { text, toolCalls } = readTextTools(envelope.result ?? '', call.tools)
      if (call.onDelta && text) call.onDelta({ kind: 'text', text })
      const cached = envelope.usage?.cache_read_input_tokens ?? 0
      return {
        text,
        toolCalls,
        finish: toolCalls.length > 0 ? 'tool-calls' : 'stop',
        usage: {
          inputTokens:
            (envelope.usage?.input_tokens ?? 0) + cached + (envelope.usage?.cache_creation_input_tokens ?? 0),
          cachedInputTokens: cached,
          outputTokens: envelope.usage?.output_tokens ?? 0,
        },
        model: call.model || 'claude_code',
      }
    },
  }
}

function readEnvelope({ exitCode, stdout, stderr }: CommandResult): Envelope {
  let envelope: Envelope | undefined
  try {
    envelope = JSON.parse(stdout) as Envelope
  } catch {
    if (exitCode === 0) throw new InvalidAnswerError(['the command-line client printed no JSON'], stdout.slice(0, 1000))
  }
  if (exitCode !== 0 || envelope?.is_error || !envelope) throw classify(envelope?.result ?? (stderr || stdout))
  return envelope
}
