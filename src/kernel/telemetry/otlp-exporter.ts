import type { Attributes, AttributeValue, HrTime } from '@opentelemetry/api'
import type { ReadableSpan, SpanExporter } from '@opentelemetry/sdk-trace-base'

type ExportResult = Parameters<Parameters<SpanExporter['export']>[1]>[0]
export type OtlpOptions = {
  /** Base address of the collector; spans go to `/v1/traces` below it. */
  endpoint: string
  headers?: Record<string, string>
  timeoutMs?: number
  /** Who sends: service.name and the like. */
  resource?: Attributes
  /** Last look at the body: secrets go out. */
  mask?: (body: string) => string
  onFailure?: (message: string) => void
  fetch?: typeof fetch
}

const nanos = ([seconds, rest]: HrTime) => String(BigInt(seconds) * 1_000_000_000n + BigInt(rest))

function anyValue(value: AttributeValue | undefined): Record<string, unknown> {
  if (Array.isArray(value)) return { arrayValue: { values: value.map((item) => anyValue(item ?? undefined)) } }
  if (typeof value === 'boolean') return { boolValue: value }
  if (typeof value === 'number')
    return Number.isSafeInteger(value) ? { intValue: String(value) } : { doubleValue: value }
  return { stringValue: String(value ?? '') }
}

const keyValues = (attributes: Attributes = {}) =>
  Object.entries(attributes).map(([key, value]) => ({ key, value: anyValue(value) }))

const spanJson = (span: ReadableSpan) => ({
  traceId: span.spanContext().traceId,
  spanId: span.spanContext().spanId,
  ...(span.parentSpanContext && { parentSpanId: span.parentSpanContext.spanId }),
  name: span.name,
  kind: span.kind + 1, // the protocol counts from 1: 0 is "unspecified"
  startTimeUnixNano: nanos(span.startTime),
  endTimeUnixNano: nanos(span.endTime),
  attributes: keyValues(span.attributes),
  events: span.events.map(({ name, time, attributes }) => ({
    name,
    timeUnixNano: nanos(time),
    attributes: keyValues(attributes),
  })),
  links: span.links.map(({ context, attributes }) => ({
    traceId: context.traceId,
    spanId: context.spanId,
    attributes: keyValues(attributes),
  })),
  status: { code: span.status.code, ...(span.status.message && { message: span.status.message }) },
})

/** The OTLP/HTTP JSON body of some spans, grouped by resource and scope. */
export function otlpBody(spans: readonly ReadableSpan[], sender: Attributes = {}): unknown {
  const byResource = Map.groupBy(spans, (span) => span.resource)
  return {
    resourceSpans: [...byResource].map(([resource, ofResource]) => ({
      resource: { attributes: keyValues({ ...resource.attributes, ...sender }) },
      scopeSpans: [...Map.groupBy(ofResource, (span) => span.instrumentationScope.name)].map(([name, ofScope]) => ({
        scope: { name, version: ofScope[0]!.instrumentationScope.version ?? '' },
        spans: ofScope.map(spanJson),
      })),
    })),
  }
}

const RETRIED = new Set([429, 502, 503, 504])

/** Sends spans to a collector as OTLP/HTTP JSON; one repeat for what the protocol calls retryable. A failure costs spans, never work. */
export function createOtlpExporter(options: OtlpOptions): SpanExporter {
  const url = `${options.endpoint.replace(/\/+$/, '').replace(/\/v1\/traces$/, '')}/v1/traces`
  const send = options.fetch ?? fetch
  const pending = new Set<Promise<void>>()

  async function post(spans: readonly ReadableSpan[], attempt = 1): Promise<void> {
    const body = JSON.stringify(otlpBody(spans, options.resource))
    const answer = await send(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...options.headers },
      body: options.mask ? options.mask(body) : body,
      signal: AbortSignal.timeout(options.timeoutMs ?? 10_000),
    })
    await answer.arrayBuffer()
    if (answer.ok) return
    if (attempt === 1 && RETRIED.has(answer.status)) return post(spans, 2)
    throw new Error(`the collector answered ${answer.status}`)
  }

  return {
    export(spans: ReadableSpan[], done: (result: ExportResult) => void) {
      const work = post(spans).then(
        () => done({ code: 0 }),
        (error: unknown) => {
          const failure = error instanceof Error ? error : new Error(String(error))
          options.onFailure?.(failure.message)
          done({ code: 1, error: failure })
        },
      )
      pending.add(work)
      void work.finally(() => pending.delete(work))
    },
    forceFlush: async () => void (await Promise.allSettled(pending)),
    shutdown: async () => void (await Promise.allSettled(pending)),
  }
}
