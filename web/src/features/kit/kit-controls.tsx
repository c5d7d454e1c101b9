import { Check, Trash2 } from 'lucide-react'
import { useState } from 'react'
import { ApiError } from '../../api/api-error.ts'
import { Button } from '../../components/button.tsx'
import { Chip, Tag } from '../../components/chip.tsx'
import { Confirm } from '../../components/dialog.tsx'
import { Change, Diff } from '../../components/diff.tsx'
import { Empty } from '../../components/empty.tsx'
import { ErrorPanel } from '../../components/error-panel.tsx'
import { Id } from '../../components/id.tsx'
import { JsonView } from '../../components/json-view.tsx'
import { Markdown } from '../../components/markdown.tsx'
import { Money } from '../../components/money.tsx'
import { ProgressBar } from '../../components/progress-bar.tsx'
import { SchemaForm } from '../../components/schema-form.tsx'
import { type FormSchema, formIssues } from '../../components/schema-form-rules.ts'
import { Skeleton } from '../../components/skeleton.tsx'
import { Sparkline } from '../../components/sparkline.tsx'
import { Switch } from '../../components/switch.tsx'
import { toast } from '../../components/toast.tsx'
import { Elapsed, When } from '../../components/when.tsx'
import { TONES } from '../../lib/states.ts'
import { Sample } from './kit-viewers.tsx'

const schema: FormSchema = {
  type: 'object',
  required: ['venue', 'guests', 'note'],
  properties: {
    venue: { title: 'Which venue?', enum: ['Harbour Hall', 'Old Mill', 'Neither'] },
    guests: { type: 'integer', minimum: 1, maximum: 800, description: 'At most 800' },
    start_date: { type: 'string', format: 'date' },
    note: { type: 'string', maxLength: 500 },
    catering: { type: 'boolean', title: 'With catering' },
  },
}
const text =
  '# Findings\n\nRevenue rose **12 %** in *March*; see [the table](https://example.org).\n\n- North leads\n- South follows\n\n| Region | Revenue |\n|---|---|\n| North | 3500 |\n| South | 1300 |\n\n`SELECT 1` and <script>alert(1)</script> stay text.'

/** Everything that is no viewer. */
export function KitControls() {
  const [value, setValue] = useState<Record<string, unknown>>({ guests: 900 })
  const [on, setOn] = useState(true)
  return (
    <div className="grid gap-6 lg:grid-cols-2">
      <Sample title="States">
        <div className="flex flex-wrap gap-2">
          {TONES.map((tone) => (
            <Chip key={tone} status={tone} />
          ))}
        </div>
        <div className="mt-3 flex flex-wrap gap-2">
          <Tag>data_analysis</Tag>
          <Tag mono>POST /tasks</Tag>
        </div>
        <div className="mt-4 flex flex-col gap-2">
          <ProgressBar
            label="5 of 8 done"
            total={8}
            parts={[
              { tone: 'done', value: 5 },
              { tone: 'running', value: 1 },
              { tone: 'failed', value: 1 },
            ]}
          />
          <div className="flex items-center gap-4 text-sm">
            <Sparkline values={[3, 5, 4, 8, 7, 9, 12, 11]} label="Rising from 3 to 11" />
            <Money amount={1234.5} /> <Money amount={-320} signed /> <When at={Date.now() - 400_000} />{' '}
            <Elapsed from={Date.now() - 95_000} />
          </div>
          <Id value="task_251108101500_0123456789ab" />
        </div>
      </Sample>
      <Sample title="Buttons">
        <div className="flex flex-wrap gap-2">
          <Button look="primary" icon={Check}>
            Approve budget
          </Button>
          <Button>Ask again</Button>
          <Button look="quiet">Skip</Button>
          <Button busy>Saving</Button>
          <Button disabled>Not now</Button>
          <Confirm
            title="Delete this task?"
            action="Delete task"
            danger
            onConfirm={() => toast({ tone: 'done', title: 'Task deleted' })}
            trigger={(ask) => (
              <Button look="danger" icon={Trash2} onClick={ask}>
                Delete
              </Button>
            )}
          >
            Its results and files are removed for good.
          </Confirm>
          <Button
            onClick={() =>
              toast({ tone: 'failed', title: 'The run could not be paused', detail: 'It has already ended.' })
            }
          >
            Show a toast
          </Button>
        </div>
        <div className="mt-4">
          <Switch label="Auto-refresh" checked={on} onChange={setOn} />
        </div>
        <div className="mt-4">
          <Change before={120} after={200} />
        </div>
      </Sample>
      <Sample title="Form from schema">
        <SchemaForm schema={schema} value={value} onChange={setValue} issues={formIssues(schema, value)} />
      </Sample>
      <Sample title="Text">
        <Markdown text={text} />
      </Sample>
      <Sample title="Difference">
        <Diff
          before={{ guests: 120, venue: 'Harbour Hall', budget: 20_000 }}
          after={{ guests: 200, venue: 'Harbour Hall', budget: 31_500 }}
        />
      </Sample>
      <Sample title="JSON">
        <JsonView value={{ success: true, data: { factorial_10: 3_628_800 } }} label="Output" />
      </Sample>
      <Sample title="Nothing yet">
        <Empty title="No results yet" action={<Button look="primary">Try the sample</Button>}>
          Results appear here as agents finish.
        </Empty>
      </Sample>
      <Sample title="Trouble">
        <ErrorPanel
          title="The task was refused"
          error={
            new ApiError(400, 'VALIDATION_ERROR', 'description is too short: write at least 10 characters', {
              fields: [{ field: 'description', message: 'at least 10 characters' }],
            })
          }
          onRetry={() => undefined}
        />
        <div className="mt-4">
          <Skeleton />
        </div>
      </Sample>
    </div>
  )
}
