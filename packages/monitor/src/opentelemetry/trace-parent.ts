import { type Context, context, isSpanContextValid, type SpanContext, trace } from "@opentelemetry/api";

/** The W3C `traceparent` of a span; undefined for one that is not recorded anywhere. */
export function traceparentOf(span: SpanContext): string | undefined {
  if (!isSpanContextValid(span)) return undefined;
  const flags = span.traceFlags.toString(16).padStart(2, "0");
  return `00-${span.traceId}-${span.spanId}-${flags}`;
}

/** The active context, continued from the span that a `traceparent` names. */
export function continued(traceparent: string | undefined): Context {
  const [, traceId = "", spanId = "", flags = ""] = traceparent?.split("-") ?? [];
  const span: SpanContext = { traceId, spanId, traceFlags: Number.parseInt(flags, 16) || 0, isRemote: true };
  return isSpanContextValid(span) ? trace.setSpanContext(context.active(), span) : context.active();
}
