import { fork } from "node:child_process";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import sharp from "sharp";
import { quantile } from "../report/statistics.ts";

/** What the child is asked to do. */
export interface MemoryWork {
  readonly folder: string;
  readonly inputs: readonly string[];
  /** Pictures in all; a multiple of 20. */
  readonly pictures: number;
  readonly inFlight: number;
}

/** Resident MiB of a process that does nothing else: after each twentieth of its pictures. */
export interface MemoryFigure {
  readonly pictures: number;
  readonly inFlight: number;
  readonly residentMiB: readonly number[];
}

/** Runs a batch over pictures of 2, 1 and 0.5 MP by turns, in a process of its own. */
export async function measureMemory(
  folder: string,
  picture: string,
  pictures: number,
  inFlight: number,
): Promise<MemoryFigure> {
  const inputs = [basename(picture)];
  for (const width of [1154, 816]) {
    const name = `memory-${width}.jpg`;
    await sharp(picture).resize(width).jpeg({ quality: 90 }).toFile(join(folder, name));
    inputs.push(name);
  }
  const work: MemoryWork = { folder, inputs, pictures, inFlight };
  const residentMiB = await new Promise<readonly number[]>((resolve, reject) => {
    const child = fork(fileURLToPath(new URL("memory-child.ts", import.meta.url)), [JSON.stringify(work)]);
    const taken: number[] = [];
    child.on("message", (mebibytes) => taken.push(Number(mebibytes)));
    child.once("error", reject);
    child.once("exit", (code) => {
      if (code === 0 && taken.length === 20) resolve(taken);
      else reject(new Error(`The process whose memory is measured ended with ${code}.`));
    });
  });
  return { pictures, inFlight, residentMiB };
}

/**
 * How much more the process holds in the last quarter than in the first, as a part of the latter: medians, since an allocator
 * gives pages back when it likes.
 */
export function growthOf({ residentMiB }: MemoryFigure): number {
  const quarter = residentMiB.length / 4;
  const warm = quantile(residentMiB.slice(0, quarter), 0.5);
  return (quantile(residentMiB.slice(-quarter), 0.5) - warm) / warm;
}
