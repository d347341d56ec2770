import { SpanKind, SpanStatusCode, context, trace } from "@opentelemetry/api";
import { AsyncLocalStorageContextManager } from "@opentelemetry/context-async-hooks";
import {
  BasicTracerProvider,
  InMemorySpanExporter,
  type ReadableSpan,
  SimpleSpanProcessor,
} from "@opentelemetry/sdk-trace-base";
import { createQueue, type Queue } from "@imgq/queue";
import { traceHandler, traceQueue } from "@imgq/monitor/opentelemetry";
import { redisForTests } from "@imgq/testing";
import { createWorker } from "@imgq/worker";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";

const redis = redisForTests();
const exporter = new InMemorySpanExporter();
let queue: Queue;

beforeAll(() => {
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  trace.setGlobalTracerProvider(
    new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] }),
  );
});
beforeEach(() => {
  queue = traceQueue(createQueue({ name: "images", redis: redis.url, backoff: "none" }));
});
afterEach(async () => {
  await queue.clear();
  await queue.close();
  exporter.reset();
});
afterAll(() => {
  trace.disable();
  context.disable();
});

function spanNamed(name: string): ReadableSpan {
  const span = exporter.getFinishedSpans().find((each) => each.name === name);
  if (span === undefined) throw new Error(`No span ${name}.`);
  return span;
}

const handler = traceHandler(async (payload: unknown) =>
  trace.getTracer("program").startActiveSpan("blur", async (span) => {
    span.end();
    if (payload === "bad") throw new TypeError("not a picture");
    return "done";
  }),
);

async function runOne(): Promise<void> {
  const [claim] = await queue.claim({ worker: "worker-1" });
  if (claim === undefined) throw new Error("Nothing to claim.");
  try {
    await queue.complete(claim, await handler(claim.payload, { task: claim }));
  } catch (error) {
    await queue.fail(claim, error);
  }
}

describe("a trace", () => {
  it("goes through a real worker, all attempts of a task in one", async () => {
    let attempts = 0;
    const run = traceHandler(() => {
      attempts += 1;
      return attempts === 1 ? Promise.reject(new Error("busy")) : Promise.resolve("done");
    });
    const worker = createWorker({ queue, handler: run, heartbeatIntervalMs: 100, leaseMs: 1000 });
    await worker.start();
    try {
      const id = await queue.add({ input: "a.png" });
      expect((await queue.wait(id, { timeoutMs: 10_000 })).state).toBe("completed");
    } finally {
      await worker.stop();
    }
    const spans = exporter.getFinishedSpans();
    expect(new Set(spans.map((span) => span.spanContext().traceId)).size).toBe(1);
    expect(spans.map((span) => span.name).toSorted((one, other) => one.localeCompare(other))).toEqual([
      "process images",
      "process images",
      "send images",
      "settle images",
      "settle images",
    ]);
  });

  it("goes on from who adds a task to who runs and settles it, without touching the payload", async () => {
    const id = await trace.getTracer("program").startActiveSpan("upload", async (span) => {
      const added = await queue.add({ input: "a.png" });
      span.end();
      return added;
    });
    expect((await queue.get(id))?.payload).toEqual({ input: "a.png" });
    await runOne();
    const [upload, send, process, blur, settle] = [
      "upload",
      "send images",
      "process images",
      "blur",
      "settle images",
    ].map(spanNamed);
    expect(
      new Set([upload, send, process, blur, settle].map((span) => span?.spanContext().traceId)).size,
    ).toBe(1);
    expect(send?.parentSpanContext?.spanId).toBe(upload?.spanContext().spanId);
    expect(process?.parentSpanContext).toMatchObject({ spanId: send?.spanContext().spanId, isRemote: true });
    expect(blur?.parentSpanContext?.spanId).toBe(process?.spanContext().spanId);
    expect([send?.kind, process?.kind, settle?.kind]).toEqual([
      SpanKind.PRODUCER,
      SpanKind.CONSUMER,
      SpanKind.CLIENT,
    ]);
    expect(process?.attributes).toMatchObject({
      "messaging.system": "imgq",
      "messaging.operation.type": "process",
      "messaging.destination.name": "images",
      "messaging.message.id": id,
      "imgq.attempt": 1,
    });
    expect(settle?.attributes).toMatchObject({ "imgq.settle": "complete", "imgq.settle.reply": "ok" });
  });

  it("says what a handler threw", async () => {
    await queue.add("bad");
    await runOne();
    const process = spanNamed("process images");
    expect(process.status).toEqual({ code: SpanStatusCode.ERROR, message: "not a picture" });
    expect(process.attributes["error.type"]).toBe("TypeError");
    expect(spanNamed("settle images").attributes["imgq.settle"]).toBe("fail");
  });

  it("begins anew with a task that was added without one", async () => {
    const plain = createQueue({ name: "images", redis: redis.url });
    await plain.add({});
    await runOne();
    expect(spanNamed("process images").parentSpanContext).toBeUndefined();
    await plain.close();
  });

  it("covers a batch of adds with one span", async () => {
    await queue.addMany([{ payload: 1 }, { payload: 2 }]);
    const send = spanNamed("send images");
    expect(send.attributes["messaging.batch.message_count"]).toBe(2);
    const claims = await queue.claim({ worker: "worker-1", limit: 2 });
    for (const claim of claims) expect(claim.trace).toContain(send.spanContext().spanId);
  });
});
