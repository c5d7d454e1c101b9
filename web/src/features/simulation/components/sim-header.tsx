import { Link } from '@tanstack/react-router'
import { Download, GitBranch, Pause, Play, Square, Users } from 'lucide-react'
import { DropdownMenu } from 'radix-ui'
import { useState } from 'react'
import { download } from '../../../api/client.ts'
import { Button } from '../../../components/button.tsx'
import { Chip } from '../../../components/chip.tsx'
import { Confirm } from '../../../components/dialog.tsx'
import { Switch } from '../../../components/switch.tsx'
import { toastError } from '../../../components/toast.tsx'
import { WhyLink } from '../../../components/why-link.tsx'
import { formatNumber, plural } from '../../../lib/format.ts'
import { manifestPath, metricsPath, tracePath } from '../api/analysis.ts'
import { useSimActions } from '../api/served.ts'
import { exportPath } from '../api/simulations.ts'
import type { Follow } from '../api/use-follow.ts'
import type { ServedRun, SimDetail } from '../types.ts'
import { BranchDialog } from './branch-dialog.tsx'
import { PopulationDialog } from './population-dialog.tsx'

type HeaderProps = {
  sim: SimDetail
  served: ServedRun | undefined
  follow: Follow
  stick: boolean
  onStick: (on: boolean) => void
}

/** What the run is, how it stands, what was left out of its record, and what can be done with it. */
export function SimHeader({ sim, served, follow, stick, onStick }: HeaderProps) {
  const missing = follow.gaps.reduce((sum, gap) => sum + gap.count, 0)
  return (
    <header className="flex flex-wrap items-center gap-x-4 gap-y-2 border-b border-line bg-surface px-4 py-2">
      <h2 className="min-w-0 truncate font-semibold">{sim.name}</h2>
      <Chip status={served?.status ?? sim.status} />
      <p className="tabular text-xs text-ink-2">
        {plural(sim.last_turn ?? 0, 'turn')}
        {served?.max_turns ? ` of ${formatNumber(served.max_turns)}` : ''} · {plural(sim.event_count, 'event')} ·{' '}
        {plural(sim.agents?.length ?? 0, 'agent')}
        {sim.verbosity ? ` · recorded to ${sim.verbosity.toLowerCase()}` : ''}
      </p>
      {(sim.corrupted_lines ?? 0) > 0 ? <Chip status="failed" word={`${sim.corrupted_lines} corrupted lines`} /> : null}
      {missing > 0 ? (
        <Chip
          status="blocked"
          word={`${plural(missing, 'event')} left out`}
          title={follow.gaps.map((gap) => `${gap.reason}: ${gap.count}`).join('\n')}
        />
      ) : null}
      {served?.continued_as ? (
        <Link
          to={`/simulation/${served.continued_as}` as never}
          className="rounded text-xs font-medium text-accent-ink underline underline-offset-2"
        >
          continued after a crash
        </Link>
      ) : null}
      {served?.resumed_from ? (
        <Link
          to={`/simulation/${served.resumed_from.run_id}` as never}
          className="rounded text-xs text-accent-ink underline underline-offset-2"
        >
          from turn {served.resumed_from.turn} of another run
        </Link>
      ) : null}
      {served?.resumed_from ? (
        <Link
          to={'/simulation/compare' as never}
          search={{ a: served.resumed_from.run_id, b: sim.id } as never}
          className="rounded text-xs text-accent-ink underline underline-offset-2"
        >
          compare with it
        </Link>
      ) : null}
      {served ? <WhyLink kind="simulation" id={sim.id} small /> : null}
      <span className="ml-auto flex flex-wrap items-center gap-2">
        {sim.status === 'running' ? <Switch label="Follow" checked={stick} onChange={onStick} /> : null}
        {served ? <Controls id={sim.id} served={served} agents={sim.agents ?? []} /> : null}
        <ExportMenu id={sim.id} />
      </span>
    </header>
  )
}

function Controls({ id, served, agents }: { id: string; served: ServedRun; agents: string[] }) {
  const { control } = useSimActions(id)
  const [dialog, setDialog] = useState<'branch' | 'agents' | undefined>()
  const go = (verb: 'pause' | 'resume' | 'stop') =>
    control.mutate(verb, { onError: (error) => toastError('The run was not changed', error) })
  const alive = served.status === 'running' || served.status === 'paused'
  return (
    <>
      {served.status === 'running' ? (
        <Button size="sm" icon={Pause} busy={control.isPending} onClick={() => go('pause')}>
          Pause
        </Button>
      ) : null}
      {served.status === 'paused' ? (
        <Button size="sm" look="primary" icon={Play} busy={control.isPending} onClick={() => go('resume')}>
          Continue
        </Button>
      ) : null}
      {alive || served.status === 'queued' ? (
        <Confirm
          title="Stop this run?"
          action="Stop run"
          danger
          onConfirm={() => go('stop')}
          trigger={(ask) => (
            <Button size="sm" look="danger" icon={Square} onClick={ask}>
              Stop
            </Button>
          )}
        >
          It ends after the turn under way. What it recorded stays, and it can be branched from a checkpoint.
        </Confirm>
      ) : null}
      {alive ? (
        <Button size="sm" icon={Users} onClick={() => setDialog('agents')}>
          Agents
        </Button>
      ) : null}
      <Button size="sm" icon={GitBranch} onClick={() => setDialog('branch')}>
        Branch
      </Button>
      {dialog === 'branch' ? <BranchDialog id={id} onClose={() => setDialog(undefined)} /> : null}
      {dialog === 'agents' ? <PopulationDialog id={id} agents={agents} onClose={() => setDialog(undefined)} /> : null}
    </>
  )
}

const EXPORTS = [
  { word: 'All events as JSONL', path: (id: string) => exportPath(id, 'jsonl'), name: 'jsonl' },
  { word: 'All events as CSV', path: (id: string) => exportPath(id, 'csv'), name: 'csv' },
  { word: 'Variables by turn as CSV', path: metricsPath, name: 'metrics.csv' },
  { word: 'Trace for ui.perfetto.dev (300,000 entries at most)', path: tracePath, name: 'trace.json' },
  { word: 'Manifest to repeat it', path: manifestPath, name: 'manifest.json' },
] as const

function ExportMenu({ id }: { id: string }) {
  return (
    <DropdownMenu.Root>
      <DropdownMenu.Trigger asChild>
        <Button size="sm" look="quiet" icon={Download}>
          Export
        </Button>
      </DropdownMenu.Trigger>
      <DropdownMenu.Portal>
        <DropdownMenu.Content
          align="end"
          sideOffset={4}
          className="fade-in z-50 min-w-44 rounded-md border border-line bg-raised p-1 text-sm shadow-pop"
        >
          {EXPORTS.map(({ word, path, name }) => (
            <DropdownMenu.Item
              key={word}
              className="cursor-pointer rounded px-2 py-1.5 outline-none data-[highlighted]:bg-hover"
              onSelect={() =>
                void download(path(id), `${id}.${name}`).catch((error) =>
                  toastError('The run could not be exported', error),
                )
              }
            >
              {word}
            </DropdownMenu.Item>
          ))}
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  )
}
