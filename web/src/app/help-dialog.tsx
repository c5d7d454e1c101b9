import { Dialog } from '../components/dialog.tsx'
import { listHotkeys } from '../lib/hotkeys.ts'

const show = (keys: string) =>
  keys.replace('mod', /mac/i.test(navigator.userAgent) ? '⌘' : 'Ctrl').replace('escape', 'esc')

/** Every key that works on this screen. */
export default function HelpDialog({ onClose }: { onClose: () => void }) {
  const keys = [...new Map(listHotkeys().map((hotkey) => [hotkey.keys, hotkey])).values()]
  return (
    <Dialog open onClose={onClose} title="Keys" describe="They work wherever no field has the focus.">
      <dl className="grid grid-cols-[auto_1fr] gap-x-4 gap-y-2 text-sm">
        {keys.map((hotkey) => (
          <div key={hotkey.keys} className="contents">
            <dt className="flex gap-1">
              {show(hotkey.keys)
                .split(' ')
                .map((key) => (
                  <kbd key={key} className="rounded border border-line-strong bg-sunken px-1.5 text-xs leading-5">
                    {key}
                  </kbd>
                ))}
            </dt>
            <dd className="text-ink-2">{hotkey.does}</dd>
          </div>
        ))}
      </dl>
    </Dialog>
  )
}
