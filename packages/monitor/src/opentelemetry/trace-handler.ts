import type { Claim } from "@imgq/queue";
import { inSpan } from "./spans.ts";
import { continued } from "./trace-parent.ts";

/** What a handler is told about its task, as far as tracing needs it. */
export interface TracedContext {
  readonly task: Pick<Claim, "id" | "queue" | "attempt" | "worker" | "trace">;
}

/**
 * The same handler, with a span `process` around each run: a child of the span that added the task, and the parent of
 * whatever the handler traces itself.
 */
export function traceHandler<P, R, C extends TracedContext>(
  handler: (payload: P, context: C) => Promise<R>,
): (payload: P, context: C) => Promise<R> {
  return (payload, handlerContext) => {
    const { id, queue, attempt, worker, trace } = handlerContext.task;
    const attributes = {
      "messaging.message.id": id,
      "messaging.consumer.group.name": queue,
      "messaging.client.id": worker,
      "imgq.attempt": attempt,
    };
    return inSpan("process", queue, attributes, continued(trace), () => handler(payload, handlerContext));
  };
}
