import type { Queue } from "@imgq/queue";
import { RequestError } from "../errors.ts";
import type { DashboardOptions } from "../options.ts";

/** The queue of this name. Throws a {@link RequestError} when the dashboard does not show it. */
export function queueNamed(options: DashboardOptions, name: string): Queue {
  const queue = options.queues.find((each) => each.name === name);
  if (queue === undefined) throw new RequestError(404, `There is no queue ${name}.`);
  return queue;
}
