import { AppError } from '../errors/app-error.ts'
import { exportTool, type ToolDescriptor, type ToolExport } from './tool-descriptor.ts'

export type ToolRegistry = {
  /** By name or alias. Throws TOOL_NOT_FOUND naming what exists. */
  get(name: string): ToolDescriptor
  find(name: string): ToolDescriptor | undefined
  list(): readonly ToolDescriptor[]
  /** A registry of these tools only; unknown names throw. */
  pick(names: readonly string[]): ToolRegistry
  toJson(): ToolExport[]
}

/** An immutable set of tools. Two tools with one name or alias stop the start. */
export function createToolRegistry(tools: readonly ToolDescriptor[]): ToolRegistry {
  const byName = new Map<string, ToolDescriptor>()
  for (const tool of tools)
    for (const name of [tool.name, ...(tool.aliases ?? [])]) {
      if (!/^[a-zA-Z][\w-]{0,63}$/.test(name))
        throw new Error(`Tool name ${JSON.stringify(name)} is not usable: letters, digits, _ and -`)
      if (byName.has(name)) throw new Error(`Two tools are called ${name}: rename one`)
      byName.set(name, tool)
    }
  const get = (name: string) => {
    const tool = byName.get(name)
    if (!tool)
      throw new AppError(
        'TOOL_NOT_FOUND',
        `There is no tool ${name}. Available: ${tools.map((t) => t.name).join(', ') || 'none'}.`,
        {
          tool: name,
        },
      )
    return tool
  }
  return {
    get,
    find: (name) => byName.get(name),
    list: () => tools,
    pick: (names) => createToolRegistry([...new Set(names.map(get))]),
    toJson: () => tools.map(exportTool),
  }
}
