import type { PointDef, StateDef, TaskDef, WorkflowDef } from './workflow-def.ts'

/**
 * A workflow as a Mermaid flowchart, from nothing but its definition: states as boxes, tasks with their agents, gates and
 * decision points with the ways they lead. Dashed are tasks that may fail; N and F mark those of the larger profiles.
 */
export function drawWorkflow(workflow: WorkflowDef): string {
  const lines = ['flowchart TD', '  start([start])']
  let before = 'start'
  for (const state of workflow.states) {
    lines.push(...drawState(state))
    lines.push(`  ${before} --> ${entry(state)}`)
    before = exit(state)
  }
  lines.push('  done([completed])', `  ${before} --> done`, '  cancelled([cancelled])')
  for (const state of workflow.states) lines.push(...ways(workflow, state))
  lines.push('  classDef optional stroke-dasharray: 4 3', '  classDef ask fill:#fdf0d5,stroke:#b45309,color:#111')
  return `${lines.join('\n')}\n`
}

const node = (state: StateDef, id: string) => `${state.id}_${id}`
const gate = (state: StateDef) => node(state, 'gate')
const entry = (state: StateDef) => node(state, 'in')
const afterGate = (state: StateDef) => state.points.filter((point) => point.after.includes('gate'))
const exit = (state: StateDef) => {
  const point = afterGate(state)[0]
  return point ? node(state, point.point) : gate(state)
}

const PROFILE = { short: '', standard: ' · N', full: ' · F' } as const
const FAN_OUT = {
  concept_option: ' ×4 when asked for',
  character: ' per character',
  new_character: ' per new character',
  frame: ' per frame',
  line: ' per line',
  segment: ' per segment',
} as const
const words = (id: string) => id.replaceAll('_', ' ')

const taskLabel = (task: TaskDef) =>
  `${words(task.id)}${task.fanOut ? FAN_OUT[task.fanOut] : ''}${PROFILE[task.profile]}<br/><i>${words(task.agent)}</i>`

function drawState(state: StateDef): string[] {
  const lines = [
    `  subgraph ${state.id}["${words(state.id)} (weight ${state.weight}${state.when ? `, when ${words(state.when)}` : ''})"]`,
  ]
  lines.push(`    ${entry(state)}(( ))`)
  for (const task of state.tasks)
    lines.push(`    ${node(state, task.id)}["${taskLabel(task)}"]${task.optional ? ':::optional' : ''}`)
  for (const point of state.points) lines.push(`    ${node(state, point.point)}{"${words(point.point)}?"}:::ask`)
  const checks = [...state.gate.checks, ...(state.gate.standardChecks ?? []).map((check) => `${check} (N, F)`)]
  lines.push(`    ${gate(state)}{{"${state.gate.id}: ${checks.map(words).join(', ')}"}}`)
  lines.push(...edges(state).map(([from, to]) => `    ${from} --> ${to}`))
  lines.push('  end')
  return lines
}

/** What follows what within a state; what nothing else follows leads to the gate. */
function edges(state: StateDef): [from: string, to: string][] {
  const own = new Set<string>([...state.tasks.map((t) => t.id), ...state.points.map((p) => p.point)])
  const out: [string, string][] = []
  const led = new Set<string>()
  for (const one of [
    ...state.tasks.map((t) => ({ id: t.id, after: t.after })),
    ...state.points.map((p) => ({ id: p.point as string, after: p.after })),
  ]) {
    const after = one.after.filter((id) => own.has(id))
    for (const id of after) {
      out.push([node(state, id), node(state, one.id)])
      led.add(id)
    }
    if (one.after.includes('gate')) out.push([gate(state), node(state, one.id)])
    else if (after.length === 0) out.push([entry(state), node(state, one.id)])
  }
  const behind = new Set<string>(afterGate(state).map((p) => p.point))
  for (const id of own) if (!led.has(id) && !behind.has(id)) out.push([node(state, id), gate(state)])
  return out
}

/** Ways back and out: of decisions, of gates that do not pass, of quality control. */
function ways(workflow: WorkflowDef, state: StateDef): string[] {
  const lines: string[] = []
  for (const point of state.points) lines.push(...choices(state, point))
  const { repeat, max, exhausted } = state.gate.onFail
  const home = workflow.states.find(
    (s) => s.tasks.some((t) => t.id === repeat) && (s === state || !state.tasks.some((t) => t.id === repeat)),
  )
  if (repeat && home)
    lines.push(`  ${gate(state)} -. "fails, at most ${max}×, then ${words(exhausted)}" .-> ${node(home, repeat)}`)
  if (state.qc) {
    const { after, segments, other } = state.qc
    lines.push(
      `  ${node(state, after)} -. "bad segments, at most ${segments.max}×" .-> ${node(stateOf(workflow, segments.state), 'segments')}`,
    )
    lines.push(
      `  ${node(state, after)} -. "other faults, at most ${other.max}×, then quality override" .-> ${node(stateOf(workflow, other.state), other.task)}`,
    )
  }
  return lines
}

const stateOf = (workflow: WorkflowDef, id: string) => workflow.states.find((s) => s.id === id)!

function choices(state: StateDef, point: PointDef): string[] {
  return Object.entries(point.branches).flatMap(([choice, branch]) => {
    const from = node(state, point.point)
    if (branch.to === 'cancelled') return [`  ${from} -. "${words(choice)}" .-> cancelled`]
    if (branch.to === 'next') return []
    const label = `${words(choice)}${branch.limited ? ', at most 3×' : ''}`
    return branch.tasks.map((task) => `  ${from} -. "${label}" .-> ${branch.state}_${task}`)
  })
}

const PAGE_HEAD = `# The three workflows

Generated from the definitions in \`src/movies/workflows\` by \`node scripts/write-movie-workflows.ts\`; a test compares them. Tasks name
their agent in italics. N: made in the profiles standard and full, F: in full only, without a mark: in all three. Dashed boxes may
fail without stopping anything. Solid arrows: what has to be done before. Dotted arrows: ways back and out.
`

/** The whole page: a diagram and the deliverables of each workflow. */
export function workflowPage(workflows: readonly WorkflowDef[]): string {
  return [
    PAGE_HEAD,
    ...workflows.map((workflow) => {
      const rows = workflow.deliverables.map((d) => {
        const notes = [
          d.when ? `when ${words(d.when)}` : '',
          d.insteadOf ? `profile short: ${d.insteadOf} will do` : '',
        ]
        return `| \`${d.name}\` | ${d.profile} | ${notes.filter(Boolean).join('; ')} |`
      })
      return `## ${workflow.title} (\`${workflow.type}\`)\n\n\`\`\`mermaid\n${drawWorkflow(workflow)}\`\`\`\n\nDelivers:\n\n| artifact | from profile | |\n|---|---|---|\n${rows.join('\n')}\n`
    }),
  ].join('\n')
}
