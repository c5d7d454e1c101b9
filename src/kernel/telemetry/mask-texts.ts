const isPlain = (value: object): value is Record<string, unknown> => {
  const prototype = Object.getPrototypeOf(value)
  return prototype === Object.prototype || prototype === null
}

/**
 * A copy of data in which every text went through `mask`, for what leaves the house as a file: somebody may have typed a secret of this installation
 * into it. Dates, bytes and other objects stay as they are.
 */
export function maskTexts<T>(mask: (text: string) => string, value: T): T {
  const copy = (one: unknown): unknown => {
    if (typeof one === 'string') return mask(one)
    if (Array.isArray(one)) return one.map(copy)
    if (one instanceof Map) return new Map([...one].map(([key, item]) => [key, copy(item)]))
    if (typeof one !== 'object' || one === null || !isPlain(one)) return one
    return Object.fromEntries(Object.entries(one).map(([key, item]) => [key, copy(item)]))
  }
  return copy(value) as T
}
