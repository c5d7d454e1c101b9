import type { Attributes, Point } from '../svg.ts'

export type Mood = 'calm' | 'happy' | 'sad' | 'angry' | 'afraid' | 'surprised' | 'determined'

export type HeadStyle = { ink: string; line: number; skin: string; hair: string; hat: string; accent: string }

export type At = (x: number, y: number) => Point

export type Pen = (extra?: Attributes) => Attributes
