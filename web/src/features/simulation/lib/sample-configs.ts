export type SampleConfig = { name: string; hint: string; yaml: string }

/** Worlds that run without a model, offered when a run is started. */
export const SAMPLE_CONFIGS: SampleConfig[] = [
  {
    name: 'Three traders',
    hint: 'Forty turns of buying and selling',
    yaml: `simulation:
  name: Three traders
  max_turns: 40
  checkpoint_interval: 10
engine: { type: simple_economic }
validator: { type: basic }
event_stream: { verbosity: DETAIL }
agents:
  - { name: ada, type: simple }
  - name: bo
    type: scripted
    config:
      actions:
        - { action_name: trade, parameters: { amount: 40, partner: ada } }
        - { action_name: hold }
        - { action_name: trade, parameters: { amount: 25, partner: cy } }
  - name: cy
    type: scripted
    config:
      actions:
        - { action_name: hold }
        - { action_name: trade, parameters: { amount: 30, partner: ada } }
`,
  },
  {
    name: 'A small map',
    hint: 'Two walkers on a grid',
    yaml: `simulation:
  name: A small map
  max_turns: 24
  checkpoint_interval: 6
engine: { type: simple_economic }
validator: { type: spatial_movement }
event_stream: { verbosity: STATE }
spatial:
  topology: { type: grid, width: 6, height: 4 }
agents:
  - name: north
    type: scripted
    initial_location: "0,0"
    config:
      actions:
        - { action_name: move, parameters: { target: "1,0" } }
        - { action_name: move, parameters: { target: "2,0" } }
        - { action_name: move, parameters: { target: "1,0" } }
        - { action_name: move, parameters: { target: "0,0" } }
  - name: south
    type: scripted
    initial_location: "5,3"
    config:
      actions:
        - { action_name: move, parameters: { target: "5,2" } }
        - { action_name: trade, parameters: { amount: 15 } }
        - { action_name: move, parameters: { target: "5,3" } }
`,
  },
  {
    name: 'Two nations',
    hint: 'Interest at work, agents of fixed strategy',
    yaml: `simulation:
  name: Two nations
  max_turns: 30
  checkpoint_interval: 10
engine: { type: economic, interest_rate: 0.05 }
validator: { type: always_valid }
event_stream: { verbosity: STATE }
agents:
  - { name: northland, type: nation, initial_economic_strength: 1000, config: { strategy: grow } }
  - { name: southland, type: nation, initial_economic_strength: 1500, config: { strategy: maintain } }
`,
  },
]
