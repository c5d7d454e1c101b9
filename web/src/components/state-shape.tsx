import type { Tone } from '../lib/states.ts'

/** One shape per meaning, so that state is readable without colour. Drawn in the current colour, 12×12. */
export function StateShape({ tone, size = 12 }: { tone: Tone; size?: number }) {
  return (
    <svg
      width={size}
      height={size}
      viewBox="0 0 12 12"
      aria-hidden="true"
      className="shrink-0"
      fill="none"
      strokeWidth="1.6"
    >
      {SHAPES[tone]}
    </svg>
  )
}

const SHAPES: Record<Tone, React.ReactNode> = {
  waiting: (
    <>
      <path d="M6 1 11 6 6 11 1 6Z" fill="currentColor" />
    </>
  ),
  running: (
    <>
      <circle cx="6" cy="6" r="4.6" stroke="currentColor" opacity="0.35" />
      <path d="M6 1.4A4.6 4.6 0 0 1 10.6 6" stroke="currentColor" strokeLinecap="round" />
      <circle cx="6" cy="6" r="1.8" fill="currentColor" className="pulse-dot" />
    </>
  ),
  done: (
    <path
      d="M1.8 6.4 4.8 9.4 10.4 2.8"
      stroke="currentColor"
      strokeWidth="2"
      strokeLinecap="round"
      strokeLinejoin="round"
    />
  ),
  failed: <path d="M2.4 2.4l7.2 7.2M9.6 2.4 2.4 9.6" stroke="currentColor" strokeWidth="2" strokeLinecap="round" />,
  blocked: (
    <>
      <rect x="1.2" y="1.2" width="9.6" height="9.6" rx="1.6" stroke="currentColor" />
      <path d="M3.4 6h5.2" stroke="currentColor" strokeWidth="2" strokeLinecap="round" />
    </>
  ),
  paused: <path d="M3.8 2v8M8.2 2v8" stroke="currentColor" strokeWidth="2.2" strokeLinecap="round" />,
  draft: <circle cx="6" cy="6" r="4.4" stroke="currentColor" strokeDasharray="2.2 2.4" strokeLinecap="round" />,
}
