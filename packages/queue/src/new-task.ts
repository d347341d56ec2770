import { MAX_DELAY_MS } from "./backoff.ts";
import type { Durability, NewTask } from "./broker.ts";
import { checkPriority, checkTaskId, checkText, checkTrace, checkWhole } from "./identifiers.ts";
import type { ResolvedQueueOptions } from "./options.ts";
import { dedupeKeyOf, encodeJson } from "./payload.ts";
import type { AddOptions } from "./queue.ts";
import { randomTaskId } from "./task-id.ts";

/** A payload and its options, checked and complete. Throws what `add` is documented to throw. */
export function newTaskOf(payload: unknown, options: AddOptions, queue: ResolvedQueueOptions): NewTask {
  const json = encodeJson("payload", payload, queue.maxPayloadBytes);
  const { id, delayMs, priority, maxRetries, timeoutMs, dedupe, trace } = options;
  return {
    id: id === undefined ? randomTaskId() : checkTaskId(id),
    payload: json,
    priority: priority === undefined ? "normal" : checkPriority(priority),
    maxRetries: maxRetries === undefined ? queue.maxRetries : checkWhole("maxRetries", maxRetries, 0, 1000),
    timeoutMs:
      timeoutMs === undefined ? queue.taskTimeoutMs : checkWhole("timeoutMs", timeoutMs, 1, MAX_DELAY_MS),
    delayMs: delayMs === undefined ? 0 : checkWhole("delayMs", delayMs, 0, MAX_DELAY_MS),
    dedupe: dedupe === true ? dedupeKeyOf(json) : dedupe === false ? undefined : checkText("dedupe", dedupe),
    trace: trace === undefined ? undefined : checkTrace(trace),
  };
}

/** Tasks that travel together are all as durable as the one that asks for most. */
export function strongestDurability(tasks: readonly AddOptions[]): Durability | undefined {
  const wanted = new Set(tasks.map((task) => task.durability));
  return wanted.has("fsynced") ? "fsynced" : wanted.has("replicated") ? "replicated" : undefined;
}
