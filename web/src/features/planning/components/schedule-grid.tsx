import { TriangleAlert } from 'lucide-react'
import { useMemo } from 'react'
import { cx } from '../../../lib/cx.ts'
import { clock, shortDay } from '../lib/dates.ts'
import { conflicts, scheduleGrid } from '../lib/schedule-grid.ts'
import type { Roster, Session } from '../types.ts'

const HOUR = 3_600_000
const LANE = 46

/** The programme as rooms × time, a drawing per day; sessions that clash are outlined red and say why. */
export function ScheduleGrid({ sessions, roster, now }: { sessions: Session[]; roster: Roster | null; now?: number }) {
  const clash = useMemo(() => {
    const units = new Map(
      (roster?.resources ?? []).flatMap((r) => [[r.id, r.quantity ?? 1] as const, [r.name, r.quantity ?? 1] as const]),
    )
    return conflicts(sessions, (resource) => units.get(resource) ?? 1)
  }, [sessions, roster])
  const days = useMemo(() => scheduleGrid(sessions, clash), [sessions, clash])
  return (
    <div className="flex flex-col gap-5">
      {days.map((day) => {
        const hours = Math.max(1, Math.round((day.toMs - day.fromMs) / HOUR))
        const share = (ms: number) => `${((ms - day.fromMs) / (day.toMs - day.fromMs)) * 100}%`
        return (
          <section key={day.day} aria-label={`Programme of ${shortDay(day.fromMs)}`}>
            <h3 className="mb-2 text-xs font-semibold text-ink-2">{shortDay(day.fromMs, true)}</h3>
            <div
              className="overflow-x-auto rounded-md border border-line"
              role="region"
              tabIndex={0}
              aria-label={`Rooms and times, ${shortDay(day.fromMs)}`}
            >
              <div style={{ minWidth: 120 + hours * 64 }}>
                <div className="flex h-6 border-b border-line bg-sunken text-2xs text-ink-3">
                  <span className="w-28 shrink-0" />
                  <div className="relative flex-1">
                    {Array.from({ length: hours }, (_, i) => (
                      <span
                        key={i}
                        className="tabular absolute top-1 pl-1"
                        style={{ left: share(day.fromMs + i * HOUR) }}
                      >
                        {clock(day.fromMs + i * HOUR)}
                      </span>
                    ))}
                  </div>
                </div>
                {day.rooms.map((room) => (
                  <div key={room.name} className="flex border-b border-line last:border-b-0">
                    <span
                      className="w-28 shrink-0 truncate border-r border-line px-2 py-2 text-xs font-medium"
                      title={room.name}
                    >
                      {room.name}
                    </span>
                    <ul className="relative flex-1" style={{ height: room.lanes * LANE + 6 }}>
                      {now !== undefined && now > day.fromMs && now < day.toMs ? (
                        <li
                          aria-hidden="true"
                          className="absolute inset-y-0 z-10 w-0.5 bg-accent"
                          style={{ left: share(now) }}
                        />
                      ) : null}
                      {room.sessions.map((session) => (
                        <li
                          key={session.id}
                          title={`${session.title}, ${clock(session.fromMs)}–${clock(session.toMs)}${session.conflict ? `: ${session.conflict}` : ''}`}
                          className={cx(
                            'absolute overflow-hidden rounded border px-1.5 py-1 text-2xs leading-4',
                            session.conflict
                              ? 'border-2 border-failed bg-failed-soft text-failed-ink'
                              : 'border-line-strong bg-surface text-ink-2',
                          )}
                          style={{
                            left: share(session.fromMs),
                            width: `calc(${((session.toMs - session.fromMs) / (day.toMs - day.fromMs)) * 100}% - 3px)`,
                            top: 4 + session.lane * LANE,
                            height: LANE - 4,
                          }}
                        >
                          <span className="flex items-center gap-1 font-medium text-ink">
                            {session.conflict ? (
                              <TriangleAlert size={11} className="shrink-0 text-failed-ink" aria-label="conflict" />
                            ) : null}
                            <span className="truncate">{session.title}</span>
                          </span>
                          <span className="tabular block truncate">
                            {clock(session.fromMs)}–{clock(session.toMs)}
                            {session.track ? ` · ${session.track}` : ''}
                          </span>
                        </li>
                      ))}
                    </ul>
                  </div>
                ))}
              </div>
            </div>
          </section>
        )
      })}
      {clash.size > 0 ? (
        <ul className="text-sm text-failed-ink">
          {sessions
            .filter((session) => clash.has(session.id))
            .map((session) => (
              <li key={session.id}>
                {session.title}: {clash.get(session.id)}
              </li>
            ))}
        </ul>
      ) : null}
    </div>
  )
}
