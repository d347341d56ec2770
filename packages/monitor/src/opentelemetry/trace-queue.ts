import { context } from "@opentelemetry/api";
import type { AddOptions, Claim, Queue, SettleReply } from "@imgq/queue";
import { inSpan } from "./spans.ts";
import { continued, traceparentOf } from "./trace-parent.ts";

/**
 * The same queue, with a span `send` around each add and a span `settle` around each complete, fail and release. Adds
 * hand their span on in the task, so that whoever runs it continues the trace, in whatever process and however much later.
 */
export function traceQueue<P, R>(queue: Queue<P, R>): Queue<P, R> {
  const { name } = queue;
  const traced: Partial<Queue<P, R>> = {
    add: (payload, options = {}) =>
      inSpan("send", name, {}, context.active(), async (span) => {
        const id = await queue.add(payload, handedOn(options, traceparentOf(span.spanContext())));
        span.setAttribute("messaging.message.id", id);
        return id;
      }),
    addMany: (tasks) =>
      inSpan("send", name, { "messaging.batch.message_count": tasks.length }, context.active(), (span) => {
        const trace = traceparentOf(span.spanContext());
        return queue.addMany(tasks.map((task) => handedOn(task, trace)));
      }),
    complete: (claim, result) => settling(claim, "complete", () => queue.complete(claim, result)),
    fail: (claim, error, options) => settling(claim, "fail", () => queue.fail(claim, error, options)),
    release: (claim, options) => settling(claim, "release", () => queue.release(claim, options)),
  };

  const settling = (claim: Claim<P>, how: string, settle: () => Promise<SettleReply>): Promise<SettleReply> =>
    inSpan(
      "settle",
      name,
      { "messaging.message.id": claim.id, "imgq.settle": how, "imgq.attempt": claim.attempt },
      continued(claim.trace),
      async (span) => {
        const reply = await settle();
        span.setAttribute("imgq.settle.reply", reply);
        return reply;
      },
    );

  return new Proxy(queue, {
    get(target, property) {
      const own: unknown = Reflect.get(traced, property);
      if (own !== undefined) return own;
      const value: unknown = Reflect.get(target, property, target);
      // Methods keep their object: it has private fields, which no proxy has.
      return typeof value === "function" ? value.bind(target) : value;
    },
  });
}

/** A trace the caller chose stays. */
function handedOn<T extends AddOptions>(options: T, trace: string | undefined): T {
  return trace === undefined || options.trace !== undefined ? options : { ...options, trace };
}
