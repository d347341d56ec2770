import { type ForkOptions, fork } from "node:child_process";
import { fileURLToPath } from "node:url";

/** What a process that does nothing else is asked to do: all four filters, jpeg to jpeg. */
export interface BatchOrder {
  readonly folder: string;
  /** Taken by turns. */
  readonly inputs: readonly string[];
  /** Pictures in all; a multiple of `parts`. */
  readonly pictures: number;
  /** Told of one by one. */
  readonly parts: number;
  readonly inFlight: number;
}

/** What a part of the pictures took. */
export interface PartCost {
  /** Milliseconds of processor time a picture. */
  readonly cpuMs: number;
  /** Mebibytes after the part. */
  readonly residentMiB: number;
  /** The most mebibytes since the process began. */
  readonly peakMiB: number;
}

/** Runs a batch in a process of its own, which starts as this one did unless told otherwise. */
export function runBatchProcess(
  order: BatchOrder,
  how: Pick<ForkOptions, "env" | "execArgv"> = {},
): Promise<readonly PartCost[]> {
  return new Promise((resolve, reject) => {
    const child = fork(
      fileURLToPath(new URL("batch-child.ts", import.meta.url)),
      [JSON.stringify(order)],
      how,
    );
    const costs: PartCost[] = [];
    child.on("message", (cost) => costs.push(cost as PartCost));
    child.once("error", reject);
    child.once("exit", (code) => {
      if (code === 0 && costs.length === order.parts) resolve(costs);
      else reject(new Error(`The process of a batch ended with ${code}.`));
    });
  });
}
