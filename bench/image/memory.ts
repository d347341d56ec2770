import { basename, join } from "node:path";
import sharp from "sharp";
import { quantile } from "../report/statistics.ts";
import { runBatchProcess } from "./batch-process.ts";

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
  const costs = await runBatchProcess({ folder, inputs, pictures, parts: 20, inFlight });
  return { pictures, inFlight, residentMiB: costs.map(({ residentMiB }) => residentMiB) };
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
