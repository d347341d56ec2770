import type { QueueOptions } from "@imgq/queue";

/** Nothing for what is the default anyway. */
export function retentionOf(keepCompleted: number): Pick<QueueOptions, "retention"> {
  return Number.isFinite(keepCompleted) ? {} : { retention: { maxCount: 10_000_000 } };
}
