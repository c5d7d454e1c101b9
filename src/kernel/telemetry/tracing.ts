import { type Attributes, type Span, SpanStatusCode, trace } from '@opentelemetry/api'
import type { Log } from './logger.ts'
import type { Secrets } from './secrets.ts'

export type Tracing = { readonly enabled: boolean; shutdown(): Promise<void> }

/**
 * Turns tracing on when a collector is configured; otherwise every span is a no-op and the SDK is not even loaded. A collector that is away is
 * reported once until it answers again.
 */
export async function startTracing(options: {
  endpoint: string | undefined
  serviceName: string
  version?: string
  headers?: Record<string, string>
  log: Log
  secrets: Secrets
}): Promise<Tracing> {
  if (!options.endpoint) return { enabled: false, shutdown: async () => undefined }
  const [{ NodeTracerProvider, BatchSpanProcessor }, { createOtlpExporter }] = await Promise.all([
    import('@opentelemetry/sdk-trace-node'),
    import('./otlp-exporter.ts'),
  ])
  let reported = false
  const exporter = createOtlpExporter({
    endpoint: options.endpoint,
    mask: options.secrets.mask,
    resource: { 'service.name': options.serviceName, ...(options.version && { 'service.version': options.version }) },
    ...(options.headers && { headers: options.headers }),
    onFailure: (reason) => {
      if (!reported)
        options.log.warn({ endpoint: options.endpoint, reason }, 'traces are not delivered: the collector is away')
      reported = true
    },
  })
  const provider = new NodeTracerProvider({
    spanProcessors: [new BatchSpanProcessor(exporter, { maxQueueSize: 4096, scheduledDelayMillis: 2000 })],
  })
  provider.register()
  return {
    enabled: true,
    shutdown: async () => {
      await provider.shutdown().catch(() => undefined) // spans that could not be delivered: reported above
      trace.disable()
    },
  }
}

/** Runs work inside a span; a throw marks the span as failed and goes on. */
export async function withSpan<T>(name: string, attributes: Attributes, work: (span: Span) => Promise<T>): Promise<T> {
  return trace.getTracer('troupe').startActiveSpan(name, { attributes }, async (span) => {
    try {
      return await work(span)
    } catch (error) {
      span.recordException(error instanceof Error ? error : String(error))
      span.setStatus({ code: SpanStatusCode.ERROR, message: error instanceof Error ? error.message : String(error) })
      throw error
    } finally {
      span.end()
    }
  })
}

/** The id under which the current work is found in the trace store, if it is traced. */
export const currentTraceId = (): string | undefined => trace.getActiveSpan()?.spanContext().traceId
