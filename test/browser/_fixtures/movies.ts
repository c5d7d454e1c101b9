import type { FixtureRoute } from '../_fixture-server.ts'

type Row = Record<string, unknown>
const NOW = Date.now()
const ago = (minutes: number) => new Date(NOW - minutes * 60_000).toISOString()
export const LIGHTHOUSE = '7b6f1f3e-1f2a-4c1e-9a70-0d5f3f1b2a01'
export const BELL = '7b6f1f3e-1f2a-4c1e-9a70-0d5f3f1b2a05'
export const KITE = '7b6f1f3e-1f2a-4c1e-9a70-0d5f3f1b2a02'
const STATES = [
  'concept_development',
  'character_creation',
  'scene_planning',
  'media_generation',
  'post_production',
  'final_assembly',
]

const film = (id: string, title: string, at: number, rest: Row): Row => ({
  workflow_id: id,
  project_id: `p-${id.slice(-2)}`,
  workflow_type: 'movie_creation',
  title,
  description: 'A keeper must choose between the light and the storm.',
  genre: 'drama',
  target_duration: 24,
  style_preferences: {},
  priority: 5,
  custom_parameters: {},
  current_state: STATES[Math.min(at, 5)],
  completed_states: STATES.slice(0, at),
  status: 'running',
  pause_reason: null,
  progress_percentage: [8, 20, 42, 66, 88, 100][Math.min(at, 5)],
  estimated_completion: new Date(NOW + 900_000).toISOString(),
  created_at: ago(60),
  updated_at: ago(2),
  started_at: ago(59),
  completed_at: null,
  results: {
    concept_development: { concept_brief: {}, story_arc: {}, scene_list: {} },
    character_creation: { character_profiles: {} },
    scene_planning: { storyboard_frames: {}, dialogue_script: {}, shot_list: {} },
    media_generation: { generated_frames: {}, video_segments: {} },
  },
  pending_decision: null,
  error_details: null,
  deliverables: [],
  queue_position: null,
  draft: true,
  waiting_on: [],
  pending_tasks: [],
  assigned_agents: [],
  user_decisions: [],
  error_history: [],
  version: 4,
  ...rest,
})
const deliverable = (name: string, status: string): Row => ({
  name,
  status,
  location: status === 'ready' ? `/api/v1/files/${name}` : null,
  checksum: status === 'ready' ? `sha256:${'4f'.repeat(32)}` : null,
})
const films: Row[] = [
  film(LIGHTHOUSE, 'The Last Lighthouse', 5, {
    status: 'paused',
    pause_reason: 'decision',
    progress_percentage: 96,
    results: {
      concept_development: { concept_brief: {}, story_arc: {}, scene_list: {} },
      character_creation: { character_profiles: {} },
      scene_planning: { storyboard_frames: {}, dialogue_script: {}, shot_list: {} },
      media_generation: { generated_frames: {}, video_segments: {} },
      post_production: { final_edit: {}, subtitles: {} },
      final_assembly: { qc_report: {} },
    },
    deliverables: [
      'story_arc',
      'character_profiles',
      'storyboard_frames',
      'final_edit',
      'qc_report',
      'distribution_record',
    ].map((name) => deliverable(name, name === 'distribution_record' ? 'pending' : 'ready')),
    pending_decision: {
      decision_id: 'final_approval_001',
      prompt: 'Is the film finished?',
      options: ['approved', 'revise_edit', 'regenerate_media', 'rejected'],
      context: { artifacts: ['qc_report', 'story_arc'], qc_status: 'pass', loop_count: 0 },
      timeout: new Date(NOW + 20 * 3_600_000).toISOString(),
    },
  }),
  film(KITE, 'Kite over Harbour Street', 3, { genre: 'adventure', error_details: null }),
  film('7b6f1f3e-1f2a-4c1e-9a70-0d5f3f1b2a03', 'Night Market', 0, { genre: 'comedy', queue_position: 1, draft: false }),
  film('7b6f1f3e-1f2a-4c1e-9a70-0d5f3f1b2a04', 'Snow Without Sound', 2, {
    status: 'failed',
    genre: 'mystery',
    error_details: {
      error_type: 'timeout',
      error_message: 'storyboard_artist did not answer within 300 s',
      failed_task: 't9',
      retry_count: 3,
      next_retry: null,
    },
  }),
]
films.push(
  film(BELL, 'The Drowned Bell', 0, {
    project_id: 'drowned-bell',
    status: 'paused',
    pause_reason: 'decision',
    genre: 'mystery',
    pending_decision: {
      decision_id: 'concept_selection_001',
      prompt: 'Which of the four concepts shall become the film?',
      options: ['option_1', 'option_2', 'option_3', 'option_4', 'regenerate'],
      context: {
        artifacts: {
          concept_options: ['told by Ada', 'told by the bell', 'told in one night', 'told years later'].map((how) => ({
            title: 'The Drowned Bell',
            logline: `A bell rings before each storm, ${how}.`,
            core_conflict: 'Ada wants to raise it; the council wants it silent.',
            genre_tags: ['mystery'],
            tone_keywords: ['hushed'],
          })),
        },
        loop_count: 0,
      },
      timeout: new Date(NOW + 20 * 3_600_000).toISOString(),
    },
  }),
)
const of = (id: string | undefined) => films.find((one) => one.workflow_id === id)

const scenes = [
  {
    scene_number: 1,
    goal: 'Ida lights the lamp against orders.',
    location: 'EXT. LIGHTHOUSE CLIFF - DUSK',
    primary_characters: ['Ida', 'Captain Rook'],
    visual_hook: 'A single beam cuts the fog.',
    beat_notes: ['order', 'refusal'],
  },
  {
    scene_number: 2,
    goal: 'The lamp fails while a ship turns in.',
    location: 'INT. LAMP ROOM - NIGHT',
    primary_characters: ['Ida'],
    visual_hook: 'Her hands hold the mirror.',
    beat_notes: ['failure'],
  },
  {
    scene_number: 3,
    goal: 'The ship passes. The keeper lets go.',
    location: 'EXT. SEA - DAWN',
    primary_characters: ['Ida', 'Captain Rook'],
    visual_hook: 'Gulls over still water.',
    beat_notes: ['release'],
  },
]
const frames = [1, 2, 3].flatMap((n) =>
  [1, 2].map((m) => ({
    frame_id: `SCENE_${n}_SHOT_${m}`,
    scene_number: n,
    shot_order: m,
    description: [
      'Fog over the cliff, the tower dark',
      'Ida turns from the captain',
      'The lamp flickers and dies',
      'Hands on the mirror',
      'The ship glides past',
      'Ida on the step, light off',
    ][(n - 1) * 2 + m - 1],
    camera_notes: m === 1 ? 'wide, slow push' : 'close, handheld',
    characters_present: m === 1 ? [] : ['Ida'],
    lighting_mood: 'cold dusk',
  })),
)
const artifacts: Record<string, Row> = {
  concept_brief: {
    title: 'The Last Lighthouse',
    logline: 'A keeper must choose between an order and a ship in the fog.',
    genre_tags: ['drama'],
    tone_keywords: ['quiet', 'cold', 'hopeful'],
    core_conflict: 'Duty against order',
    validation_notes: [],
  },
  story_arc: {
    setup: 'Ida keeps a light that is to be put out.',
    escalation: 'Fog comes, a ship turns in, the lamp fails.',
    resolution: 'She holds the mirror by hand until it passes.',
    emotional_beats: ['defiance', 'fear', 'release'],
    continuity_flags: [],
  },
  scene_list: { scenes, continuity_flags: [] },
  dialogue_script: {
    scenes: [
      {
        scene_number: 1,
        lines: [
          {
            line_id: 'L1',
            character: 'Captain Rook',
            text: 'The light stays dark tonight.',
            emotion: 'firm',
            direction: '',
          },
          {
            line_id: 'L2',
            character: 'Ida',
            text: 'Then someone must be the light.',
            emotion: 'calm',
            direction: 'turning away',
          },
        ],
      },
      {
        scene_number: 3,
        lines: [
          { line_id: 'L3', character: 'Captain Rook', text: 'You saw them home.', emotion: 'moved', direction: '' },
        ],
      },
    ],
  },
  character_profiles: {
    characters: [
      {
        name: 'Ida',
        role: 'protagonist',
        motivation: 'Bring every ship home.',
        visual_signature: 'Oilskin coat, brass keys.',
        relationships: ['respects Captain Rook'],
        continuity_notes: [],
      },
      {
        name: 'Captain Rook',
        role: 'antagonist',
        motivation: 'Follow the order to the end.',
        visual_signature: 'Straight back, white gloves.',
        relationships: [],
        continuity_notes: [],
      },
    ],
    unresolved_references: [],
  },
  character_designs: {
    items: [
      {
        character: 'Ida',
        appearance: 'fifty, wind-burnt',
        clothing: 'yellow oilskin',
        features: ['grey braid'],
        palette: ['#d9a441', '#2b3a4a', '#e8e3d5'],
      },
    ],
  },
  voice_profiles: {
    items: [
      {
        character: 'Ida',
        age: 'fifties',
        timbre: 'low, dry',
        accent: 'northern',
        pace: 'slow',
        emotional_range: [],
        sample_text: 'Someone must be the light.',
      },
    ],
  },
  storyboard_frames: { frames, continuity_notes: [] },
  shot_list: {
    items: frames.map((frame, i) => ({
      shot_id: `S${i + 1}`,
      frame_id: frame.frame_id,
      angle: 'eye level',
      lens: i % 2 ? '50 mm' : '24 mm',
      movement: i % 2 ? 'handheld' : 'push in',
      duration: 4,
    })),
  },
  generated_frames: {
    frames: frames.slice(0, 5).map((frame, i) => ({
      frame_id: frame.frame_id,
      image_url: `/api/v1/files/${frame.frame_id}.svg`,
      provider_metadata: {},
      quality_score: 78 + i * 4,
    })),
    failed_frames: [],
  },
  video_segments: {
    segments: [1, 2, 3].map((n) => ({
      segment_id: `SEGMENT_${n}`,
      associated_frames: [`SCENE_${n}_SHOT_1`, `SCENE_${n}_SHOT_2`],
      video_url: `/api/v1/files/seg${n}.mp4`,
      duration_seconds: 8,
      provider_metadata: {},
    })),
    failed_segments: [],
  },
  final_edit: {
    video_url: '/api/v1/files/film.mp4',
    duration_seconds: 24,
    edit_timeline: [1, 2, 3].map((n) => ({
      segment_id: `SEGMENT_${n}`,
      start_time: (n - 1) * 8,
      end_time: n * 8,
      transition_out: n === 3 ? 'fade_out' : 'hard_cut',
    })),
    checksum: `sha256:${'ab'.repeat(32)}`,
  },
  subtitles: { srt: '', vtt: 'WEBVTT\n\n00:00.500 --> 00:03.000\nThe light stays dark tonight.\n', language: 'en' },
  qc_report: {
    status: 'pass',
    issues: [
      { code: 'DRAFT_MEDIA', severity: 'low', description: 'Pictures are drawn by rule.', segment_id: 'SEGMENT_1' },
    ],
    recommended_actions: ['Watch the cut at 0:08.'],
    preview_images: [],
    technical: { duration: 24, codec: 'h264', resolution: '1280x720', fps: 24 },
  },
}
const LATE = new Set(['final_edit', 'subtitles', 'qc_report'])

const task = (n: number, state: number, type: string, agent: string, status: string, rest: Row = {}): Row => ({
  task_id: `t${n}`,
  workflow_id: LIGHTHOUSE,
  project_id: 'p-01',
  agent_id: agent,
  capability: type,
  task_type: type,
  state: STATES[state],
  name: type,
  description: '',
  input_data: {},
  output_data: null,
  dependencies: [],
  status,
  priority: 5,
  optional: false,
  fan_out: null,
  retry_count: 0,
  max_retries: 3,
  timeout: 300,
  created_at: ago(50 - n),
  started_at: ago(40),
  completed_at: status === 'completed' ? ago(38) : null,
  next_retry_at: null,
  error_message: null,
  error_type: null,
  resource_usage: {},
  quality_score: status === 'completed' ? 86 : null,
  external_job_id: null,
  progress: null,
  warnings: [],
  ...rest,
})
const tasksOf = (id: string): Row[] => {
  const done = id === LIGHTHOUSE
  return [
    task(1, 0, 'concept_brief', 'series_creator', 'completed'),
    task(2, 0, 'story_arc', 'story_architect', 'completed', { retry_count: 1 }),
    task(3, 0, 'scene_list', 'episode_breakdown', 'completed'),
    task(4, 1, 'character_profiles', 'character_creator', 'completed'),
    task(5, 2, 'dialogue_script', 'dialogue_writer', 'completed'),
    task(6, 2, 'storyboard', 'storyboard_artist', 'completed'),
    ...frames.map((_, i) =>
      task(10 + i, 3, 'frames', 'image_generation', i === 5 ? 'failed' : 'completed', {
        fan_out: { of: 'storyboard_frames', index: i, count: 6 },
        quality_score: i === 5 ? null : 78 + i * 4,
        ...(i === 5
          ? { error_message: 'The task service refused the prompt', error_type: 'permanent', retry_count: 2 }
          : {}),
      }),
    ),
    task(19, 3, 'frames', 'image_generation', 'completed', {
      fan_out: { of: 'storyboard_frames', index: 0, count: 6 },
      quality_score: 78,
      created_at: ago(20),
    }),
    task(20, 3, 'segments', 'video_generation', done ? 'completed' : 'running'),
    ...(done
      ? [
          task(21, 4, 'rough_cut', 'video_editor', 'completed'),
          task(22, 4, 'final_edit', 'video_editor', 'completed'),
          task(23, 5, 'final_qc', 'quality_control', 'completed'),
        ]
      : []),
  ]
}
const agent = (id: string, type: string, department: string, status: string, capabilities: string[]): Row => ({
  agent_id: id,
  agent_type: type,
  name: id,
  description: '',
  capabilities,
  specializations: [],
  configuration: {},
  endpoint_url: `builtin:${id}`,
  health_check_url: '',
  transport: 'builtin',
  resource_requirements: { cpu_cores: 1, memory_gb: 1, gpu_memory_gb: 0, storage_gb: 0 },
  max_concurrent_tasks: 2,
  version: '1.0.0',
  department,
  status,
  current_tasks: status === 'busy' ? ['t1', 't2'] : [],
  success_rate: 98,
  average_execution_time: 1.4,
  last_heartbeat: ago(1),
  performance_score: 90,
  reliability_score: 95,
  error_count: 0,
  health_status: {},
  created_at: ago(9000),
  updated_at: ago(1),
})
const agents = [
  agent('series_creator', 'story', 'Story development', 'available', ['concept_brief']),
  agent('story_architect', 'story', 'Story development', 'busy', ['story_arc', 'story_revision']),
  agent('character_creator', 'character', 'Character and casting', 'available', ['character_profiles']),
  agent('image_generation', 'visual', 'Media', 'maintenance', ['generated_frames']),
  agent('quality_control', 'production', 'Finishing', 'offline', ['qc_report']),
]
const picture = (id: string) => {
  const n = [...id].reduce((sum, char) => sum + char.charCodeAt(0), 0) % 60
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1280 720"><rect width="1280" height="720" fill="hsl(${205 + n} 38% 24%)"/><circle cx="${820 + n * 3}" cy="${190 + n}" r="84" fill="#f3d9a0"/><path d="M0 ${500 + n}Q320 ${420 - n} 640 ${520}T1280 ${470 + n}V720H0Z" fill="#10202c"/><path d="M300 620V330l26-22 26 22v290Z" fill="#e8e3d5"/></svg>`
}
const nodes = [
  ...tasksOf(LIGHTHOUSE)
    .filter((one) => one.fan_out === null)
    .map((one) => ({
      id: String(one.task_id),
      type: 'task',
      name: one.task_type,
      state: one.state,
      status: one.status,
      agent_id: one.agent_id,
      started_at: one.started_at,
      completed_at: one.completed_at,
      execution_time: 42,
    })),
  {
    id: 'd1',
    type: 'decision',
    name: 'final_approval',
    state: STATES[5],
    status: 'waiting',
    agent_id: null,
    started_at: null,
    completed_at: null,
    execution_time: null,
  },
]
const missing = (what: string) => ({
  status: 404,
  body: {
    error: `${what} not found`,
    message: `${what} not found`,
    code: 'WORKFLOW_NOT_FOUND',
    details: {},
    timestamp: ago(0),
    correlation_id: 'c',
  },
})
const W = '^/api/v1/workflows/([^/]+)'
const route = (method: string, pattern: string, handler: FixtureRoute[2]): FixtureRoute => [
  method,
  new RegExp(pattern),
  handler,
]

/** Contract-shaped answers of movies: four productions, one of them waiting for its final decision. */
export const movieRoutes: FixtureRoute[] = [
  route('GET', '^/api/v1/workflows$', ({ query }) => {
    const workflows = films.filter(
      (one) =>
        (!query.get('status') || one.status === query.get('status')) &&
        (!query.get('workflow_type') || one.workflow_type === query.get('workflow_type')),
    )
    return { body: { workflows, total_count: workflows.length, has_more: false } }
  }),
  route('POST', '^/api/v1/workflows$', ({ body }) => ({
    status: 201,
    body: { ...film(KITE, 'x', 0, {}), ...(JSON.parse(body) as Row) },
  })),
  route('POST', '^/api/v1/screenplays/import$', () => ({
    body: {
      title: 'Tide',
      description: '',
      artifacts: { scene_list: artifacts.scene_list, character_profiles: artifacts.character_profiles },
      loss: ['Two notes in the margin were left out.'],
    },
  })),
  route('GET', `${W}$`, ({ params }) => (of(params[0]) ? { body: of(params[0]) } : missing('Workflow'))),
  route('GET', `${W}/tasks$`, ({ params }) => ({
    body: { tasks: tasksOf(String(params[0])), total_count: 12, has_more: false },
  })),
  route('GET', `${W}/graph$`, () => ({
    body: {
      nodes,
      edges: nodes.slice(1).map((node, i) => ({ source: nodes[i]?.id, target: node.id, condition: null })),
      current_node: 'd1',
    },
  })),
  route('GET', `${W}/events$`, () => ({
    body: {
      events: [
        'workflow.created',
        'task.started',
        'task.completed',
        'workflow.state_changed',
        'workflow.decision_required',
      ].map((type, i) => ({
        type,
        sequence: i + 1,
        timestamp: ago(50 - i * 8),
        workflow_id: LIGHTHOUSE,
        correlation_id: 'c',
        data: { task_type: 'story_arc', agent_id: 'story_architect' },
      })),
      last_sequence: 5,
    },
  })),
  route('GET', `${W}/decisions$`, () => ({
    body: {
      decisions: [
        {
          decision_id: 'story_approval_001',
          point: 'story_approval',
          prompt: 'Is the story right?',
          options: ['approved', 'revise', 'rejected'],
          status: 'answered',
          choice: 'approved',
          feedback: 'Keep the captain kind.',
          actor: 'dev',
          automatic: false,
          raised_at: ago(45),
          timeout: null,
          at: ago(40),
        },
      ],
    },
  })),
  route('GET', `${W}/checkpoints$`, () => ({
    body: [{ checkpoint_id: 'c1', state: STATES[2], step: 'storyboard', created_at: ago(30) }],
  })),
  route('GET', `${W}/deliverables$`, ({ params }) => ({ body: { deliverables: of(params[0])?.deliverables ?? [] } })),
  route('GET', `${W}/exports$`, () => ({
    body: {
      exports: [
        {
          format: 'screenplay_fountain',
          title: 'Screenplay (Fountain)',
          ending: '.fountain',
          available: true,
          loss: [],
        },
        {
          format: 'timeline_otio',
          title: 'Timeline (OpenTimelineIO)',
          ending: '.otio',
          available: true,
          loss: ['Fades are cuts in this format.'],
        },
      ],
    },
  })),
  route('GET', `${W}/artifacts/([^/]+)$`, ({ params, query }) => {
    const name = String(params[1])
    const content = artifacts[name]
    if (!content || (params[0] !== LIGHTHOUSE && LATE.has(name))) return missing('Artifact')
    const index = query.get('index')
    const one =
      index === null
        ? content
        : (((content.frames ?? content.segments ?? content.items) as Row[] | undefined)?.[Number(index)] ?? {})
    return {
      body: {
        artifact_id: name,
        workflow_id: params[0],
        project_id: 'p',
        name,
        index: index === null ? null : Number(index),
        version: 1,
        state: STATES[0],
        task_id: null,
        agent_id: 'story_architect',
        content: one,
        file: null,
        draft: true,
        generated_by: 'template',
        created_at: ago(30),
      },
    }
  }),
  route('POST', `${W}/decisions$`, ({ params }) => {
    Object.assign(of(params[0]) ?? {}, { pending_decision: null, status: 'running', pause_reason: null })
    return { body: { workflow_id: params[0], accepted_at: ago(0), workflow: of(params[0]) } }
  }),
  route('POST', `${W}/(pause|resume|cancel|start)$`, ({ params }) => {
    Object.assign(
      of(params[0]) ?? {},
      {
        pause: { status: 'paused', pause_reason: 'user' },
        resume: { status: 'running', pause_reason: null },
        cancel: { status: 'cancelled', pending_decision: null },
        start: { status: 'running', error_details: null },
      }[String(params[1])],
    )
    return { body: of(params[0]) }
  }),
  route('POST', `${W}/tasks/([^/]+)/retry$`, ({ params }) => ({ body: { task_id: params[1], status: 'pending' } })),
  route('GET', '^/api/v1/agents$', () => ({ body: { agents, total_count: agents.length, has_more: false } })),
  route('GET', '^/api/v1/agents/([^/]+)/health$', ({ params }) => ({
    body: {
      agent_id: params[0],
      status: 'healthy',
      last_check: ago(0),
      response_time: 3,
      error_message: null,
      message: 'answers',
      details: {},
    },
  })),
  route('PUT', '^/api/v1/agents/([^/]+)$', ({ params }) => ({
    body: agents.find((one) => one.agent_id === params[0]),
  })),
  route('GET', '^/api/v1/files/(.+)\\.svg$', ({ params }) => ({
    type: 'image/svg+xml',
    body: picture(String(params[0])),
  })),
]
/** The production socket of the fixture: its snapshot. */
export const movieSocket = {
  path: `/ws/workflows/${LIGHTHOUSE}`,
  connect: () => [
    { type: 'workflow.snapshot', sequence: 5, timestamp: ago(0), workflow_id: LIGHTHOUSE, data: of(LIGHTHOUSE) },
  ],
}
