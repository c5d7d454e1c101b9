import type { Kernel, Part } from '../../kernel/kernel.ts'
import type { ModelGateway } from '../../kernel/models/gateway.ts'
import { models } from '../../kernel/models/part.ts'
import type { Usage } from '../../kernel/models/types.ts'
import { addUsage, NO_USAGE } from '../../kernel/models/usage.ts'

/** The same kernel, with a gateway that counts what is used of the model. */
export function watchModels(kernel: Kernel): { kernel: Kernel; used(): Usage | undefined } {
  let used: Usage | undefined
  const count = (usage: Usage) => {
    used = addUsage(used ?? NO_USAGE, usage)
  }
  const watched = (gateway: ModelGateway): ModelGateway => ({
    ...gateway,
    async generate(request) {
      const made = await gateway.generate(request)
      if (made.source === 'model') count(made.usage)
      return made
    },
    async turn(request) {
      const made = await gateway.turn(request)
      count(made.usage)
      return made
    },
  })
  const use = <T>(part: Part<T>): T =>
    part.name === models.name ? (watched(kernel.use(models)) as T) : kernel.use(part)
  return { kernel: Object.create(kernel, { use: { value: use } }) as Kernel, used: () => used }
}
