import {
  type Attributes,
  type Context,
  context,
  type Span,
  SpanKind,
  SpanStatusCode,
  trace,
} from "@opentelemetry/api";

/** What one step of a task's way does, in the words of OpenTelemetry's messaging conventions. */
export type Operation = "send" | "process" | "settle";

const kinds = {
  send: SpanKind.PRODUCER,
  process: SpanKind.CONSUMER,
  settle: SpanKind.CLIENT,
} as const satisfies Record<Operation, SpanKind>;

/** Runs `work` inside a span `operation queue`, below `parent`. A rejection is recorded and passed on. */
export async function inSpan<T>(
  operation: Operation,
  queue: string,
  attributes: Attributes,
  parent: Context,
  work: (span: Span) => Promise<T>,
): Promise<T> {
  const span = trace.getTracer("imgq").startSpan(
    `${operation} ${queue}`,
    {
      kind: kinds[operation],
      attributes: {
        "messaging.system": "imgq",
        "messaging.operation.name": operation,
        "messaging.operation.type": operation,
        "messaging.destination.name": queue,
        ...attributes,
      },
    },
    parent,
  );
  try {
    return await context.with(trace.setSpan(parent, span), () => work(span));
  } catch (error) {
    const known = error instanceof Error ? error : new Error(String(error));
    span.recordException(known);
    span.setStatus({ code: SpanStatusCode.ERROR, message: known.message });
    span.setAttribute("error.type", known.name);
    throw error;
  } finally {
    span.end();
  }
}
