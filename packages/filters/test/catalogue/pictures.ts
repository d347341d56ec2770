import type { Filter, RawImage, Step } from "@imgq/filters";
import { builtinFilters } from "@imgq/filters";
import { applyFilter } from "../apply-filter.ts";

/** A picture of the given samples, row by row. */
export function picture(width: number, channels: RawImage["channels"], samples: readonly number[]): RawImage {
  return { data: Uint8Array.from(samples), width, height: samples.length / channels / width, channels };
}

/** A picture of one colour. */
export function flat(width: number, height: number, color: readonly number[]): RawImage {
  const samples = Array.from({ length: width * height }, () => color).flat();
  return picture(
    width,
    color.length === 1 ? 1 : color.length === 2 ? 2 : color.length === 3 ? 3 : 4,
    samples,
  );
}

/** A picture whose samples tell their place: column in the first channel, row in the second, 7 in the third. */
export function placeMap(width: number, height: number): RawImage {
  const samples = Array.from({ length: width * height }, (_, at) => [at % width, Math.floor(at / width), 7]);
  return picture(width, 3, samples.flat());
}

/** The samples of one pixel. */
export function pixelOf({ data, width, channels }: RawImage, x: number, y: number): number[] {
  const at = (y * width + x) * channels;
  return [...data.subarray(at, at + channels)];
}

/** Does the built-in filter that a step names. */
export function apply(
  step: Step,
  image: RawImage,
  files: Readonly<Record<string, RawImage>> = {},
): Promise<RawImage> {
  const filters: readonly Filter[] = builtinFilters;
  const filter = filters.find(({ name }) => name === step.filter);
  if (filter === undefined) throw new Error(`no filter ${step.filter}`);
  return applyFilter(filter, step, image, files);
}

export function sizeOf({ width, height, channels }: RawImage): {
  width: number;
  height: number;
  channels: number;
} {
  return { width, height, channels };
}
