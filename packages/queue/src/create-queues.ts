import { createQueue } from "./create-queue.ts";
import type { QueueOptions } from "./options.ts";
import type { Queue } from "./queue.ts";

/** What one queue carries. */
export interface QueueContents {
  readonly payload: unknown;
  readonly result?: unknown;
}

/** Opens a queue by its name; its payload and result types come with the name. */
export type OpenQueue<Contents extends object> = <Name extends keyof Contents & string>(
  name: Name,
  options?: Omit<QueueOptions, "name">,
) => Queue<PayloadOf<Contents[Name]>, ResultOf<Contents[Name]>>;

type PayloadOf<C> = C extends { readonly payload: infer P } ? P : never;
type ResultOf<C> = C extends { readonly result: infer R } ? R : undefined;

/**
 * Says once what each queue of a program carries and how all are opened, so that a wrong name, payload or result does not
 * compile:
 * `const open = createQueues<{ resize: { payload: Resize; result: Size } }>({ redis }); open("resize").add(…)`.
 */
export function createQueues<Contents extends { readonly [Name in keyof Contents]: QueueContents }>(
  shared: Omit<QueueOptions, "name"> = {},
): OpenQueue<Contents> {
  return (name, options) => createQueue({ ...shared, ...options, name });
}
