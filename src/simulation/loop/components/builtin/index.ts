import type { AgentClass, EngineClass, ValidatorClass } from '../component-class.ts'
import { AlwaysValidValidator } from './always-valid-validator.ts'
import { BasicValidator } from './basic-validator.ts'
import { EconLLMAgent } from './econ-llm-agent.ts'
import { EconLLMEngine } from './econ-llm-engine.ts'
import { EconLLMValidator } from './econ-llm-validator.ts'
import { EconomicEngine } from './economic-engine.ts'
import { NationAgent } from './nation-agent.ts'
import { ScriptedAgent } from './scripted-agent.ts'
import { SimpleAgent } from './simple-agent.ts'
import { SimpleEconomicEngine } from './simple-economic-engine.ts'
import { SpatialMovementValidator } from './spatial-movement-validator.ts'

/** The components that come with the product. */
export const builtins: {
  agent: Record<string, AgentClass>
  engine: Record<string, EngineClass>
  validator: Record<string, ValidatorClass>
} = {
  agent: { simple: SimpleAgent, nation: NationAgent, scripted: ScriptedAgent, econ_llm_agent: EconLLMAgent },
  engine: { simple_economic: SimpleEconomicEngine, economic: EconomicEngine, econ_llm_engine: EconLLMEngine },
  validator: {
    basic: BasicValidator,
    always_valid: AlwaysValidValidator,
    spatial_movement: SpatialMovementValidator,
    econ_llm_validator: EconLLMValidator,
  },
}
