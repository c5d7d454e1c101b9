import { Id } from '../../../components/id.tsx'
import { JsonView } from '../../../components/json-view.tsx'
import { Facts } from '../../../components/run-header.tsx'
import { When } from '../../../components/when.tsx'
import { formatBytes } from '../../../lib/format.ts'
import type { SimDetail } from '../types.ts'

/** The configuration the run was started with and what it ended with. */
export default function AboutTab({ sim }: { sim: SimDetail }) {
  return (
    <div
      role="region"
      aria-label="Configuration and result"
      tabIndex={0}
      className="min-h-0 flex-1 overflow-y-auto p-4 -outline-offset-2 md:p-6"
    >
      <div className="mx-auto flex max-w-4xl flex-col gap-5">
        <section className="panel p-4">
          <Facts
            facts={[
              { label: 'Run id', value: <Id value={sim.id} /> },
              { label: 'Started', value: <When at={sim.start_time} /> },
              { label: 'Last event', value: <When at={sim.last_event_time} /> },
              { label: 'Files', value: sim.file_count ?? '–' },
              { label: 'Size', value: formatBytes(sim.total_bytes ?? 0) },
            ]}
          />
        </section>
        {sim.result ? <Part title="Result" value={sim.result} /> : null}
        {sim.config ? <Part title="Configuration" value={sim.config} /> : null}
        {sim.run_metadata ? <Part title="Metadata" value={sim.run_metadata} /> : null}
      </div>
    </div>
  )
}

function Part({ title, value }: { title: string; value: unknown }) {
  return (
    <section>
      <h3 className="mb-2 font-semibold">{title}</h3>
      <JsonView value={value} label={title} maxHeight={520} />
    </section>
  )
}
