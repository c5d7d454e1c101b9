import { useEffect, useRef } from 'react'

export type Hotkey = { keys: string; does: string; run: (event: KeyboardEvent) => void; hidden?: boolean }

const active = new Set<{ current: Hotkey[] }>()
let prefix = ''
let prefixAt = 0

/** Whether typing belongs to a field rather than to the page. */
export function isTyping(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName))
}

/** The key of an event as written in a hotkey: "mod+k", "?", "j", "enter". */
export function keyName(event: Pick<KeyboardEvent, 'key' | 'metaKey' | 'ctrlKey' | 'altKey'>): string {
  const key = event.key === ' ' ? 'space' : event.key.toLowerCase()
  return `${event.metaKey || event.ctrlKey ? 'mod+' : ''}${event.altKey ? 'alt+' : ''}${key}`
}

function onKey(event: KeyboardEvent): void {
  if (event.defaultPrevented || event.isComposing) return
  const name = keyName(event)
  const typing = isTyping(event.target)
  if (typing && !name.startsWith('mod+')) return
  if (document.querySelector('[role="dialog"][data-state="open"]') && name !== 'mod+k') return
  const sequence = prefix && event.timeStamp - prefixAt < 1200 ? `${prefix} ${name}` : name
  const all = [...active].reverse().flatMap((ref) => ref.current)
  const hit = all.find((hotkey) => hotkey.keys === sequence) ?? all.find((hotkey) => hotkey.keys === name)
  prefix = ''
  if (hit) {
    // A focused button or link keeps its own Enter.
    if (name === 'enter' && event.target instanceof HTMLElement && event.target.closest('button,a,summary')) return
    event.preventDefault()
    hit.run(event)
  } else if (all.some((hotkey) => hotkey.keys.startsWith(`${name} `))) {
    prefix = name
    prefixAt = event.timeStamp
  }
}

/** Offers keys while the caller is mounted; the one mounted last wins. They never fire while a field has the focus. */
export function useHotkeys(hotkeys: Hotkey[]): void {
  const ref = useRef(hotkeys)
  ref.current = hotkeys
  useEffect(() => {
    if (active.size === 0) window.addEventListener('keydown', onKey)
    active.add(ref)
    return () => {
      active.delete(ref)
      if (active.size === 0) window.removeEventListener('keydown', onKey)
    }
  }, [])
}

/** All keys on offer now, for the help page. */
export function listHotkeys(): Hotkey[] {
  return [...active].flatMap((ref) => ref.current).filter((hotkey) => !hotkey.hidden)
}
