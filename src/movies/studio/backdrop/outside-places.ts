import type { OutsideKind } from '../read/place.ts'
import type { Canvas } from './canvas.ts'
import { TOWN } from './town-places.ts'
import { WILD } from './wild-places.ts'

/** One backdrop a kind of place outside. */
export const OUTSIDE: Record<OutsideKind, (c: Canvas) => void> = { ...WILD, ...TOWN }
