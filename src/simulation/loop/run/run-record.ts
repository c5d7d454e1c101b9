import path from 'node:path'
import { messageOf } from '../core/errors.ts'
import type { Operation } from '../lifecycle/lifecycle-manager.ts'
import { httpTransport } from '../llm/http-transports.ts'
import type { LlmTransport } from '../llm/llm-transport.ts'
import { recordingTransport } from '../llm/recorded-answers.ts'
import { appendLine } from './append-line.ts'
import { type RunFs, writeAtomically } from './atomic-file.ts'
import { ANSWERS_FILE, buildManifest, MANIFEST_FILE, type Manifest, OPERATIONS_FILE, stateHash } from './manifest.ts'
import type { RunParts } from './run-parts.ts'
import type { RunResult } from './run-result.ts'

/** An operation from outside: applied in the lifecycle phase of `turn`, or between turns after it. */
export type RecordedOperation = { turn: number; when: 'in' | 'after'; operation: Operation }

/** Keeps what a repetition of the run needs. What cannot be kept is logged: a record never stops a run. */
export class RunRecord {
  readonly #fs: RunFs
  readonly #parts: () => RunParts
  #manifest: Manifest | undefined

  constructor(fsys: RunFs, parts: () => RunParts) {
    this.#fs = fsys
    this.#parts = parts
  }

  /** Writes the manifest as it stands. */
  save(about: Omit<Parameters<typeof buildManifest>[0], 'runId' | 'loaded'>): void {
    this.#manifest ??= buildManifest({ ...this.#parts(), ...about })
    this.#write(this.#manifest)
  }

  #write(manifest: Manifest): void {
    const file = path.join(this.#parts().runDir, MANIFEST_FILE)
    writeAtomically(this.#fs, file, `${JSON.stringify(manifest, null, 2)}\n`)
  }

  #append(name: string, value: unknown): void {
    const { runDir, log } = this.#parts()
    try {
      appendLine(this.#fs, path.join(runDir, name), value)
    } catch (error) {
      log.warning('record_not_kept', { file: name, message: messageOf(error) })
    }
  }

  operation(recorded: RecordedOperation): void {
    this.#append(OPERATIONS_FILE, recorded)
  }

  /** The transport to ask models through, with every answer kept. */
  transport(given: LlmTransport | undefined): LlmTransport {
    return recordingTransport(given ?? httpTransport(), (answer) => this.#append(ANSWERS_FILE, answer))
  }

  /** Adds how the run ended. */
  end({ status, stats, final_state: state }: RunResult): void {
    if (!this.#manifest) return
    const outcome = {
      status,
      termination_reason: stats.termination_reason,
      final_turn: stats.final_turn,
      final_state_sha256: state && stateHash(state),
    }
    try {
      this.#write({ ...this.#manifest, outcome })
    } catch (error) {
      this.#parts().log.warning('record_not_kept', { file: MANIFEST_FILE, message: messageOf(error) })
    }
  }
}
