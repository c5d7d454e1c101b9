/** Three figures joined: a troupe. */
export function Logo({ size = 24 }: { size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 32 32" aria-hidden="true" className="shrink-0">
      <rect width="32" height="32" rx="8" fill="#0f766e" />
      <path d="M14 13.5 10.5 18.5M18 13.5l3.5 5M12.2 21h7.6" stroke="#99f6e4" strokeWidth="1.6" strokeLinecap="round" />
      <circle cx="16" cy="10" r="4" fill="#fff" />
      <circle cx="9" cy="21" r="3.2" fill="#99f6e4" />
      <circle cx="23" cy="21" r="3.2" fill="#99f6e4" />
    </svg>
  )
}
