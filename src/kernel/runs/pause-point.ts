/** Named places where a test can stop the engine, to kill or race it there. Nothing listens outside tests. */
export type PausePoint = 'write-committed' | 'step-done' | 'stage-begun' | 'stage-ended' | 'before-end'

type Listener = (point: PausePoint, key: string) => Promise<void> | void
let listener: Listener | undefined

export function onPausePoint(hear: Listener | undefined): void {
  listener = hear
}

export async function pausePoint(point: PausePoint, key: string): Promise<void> {
  if (listener) await listener(point, key)
}
