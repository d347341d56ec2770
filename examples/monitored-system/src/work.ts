import { readdir } from "node:fs/promises";
import { parse } from "node:path";
import { fileURLToPath } from "node:url";
import type { EncodeOptions, ImageTask, Pipeline } from "@imgq/pipeline";

export const imagesFolder: string = fileURLToPath(new URL("../../../images", import.meta.url));
export const outputFolder: string = fileURLToPath(new URL("../../../output", import.meta.url));

interface Recipe {
  readonly name: string;
  readonly filters: string;
  readonly encode: EncodeOptions;
}

/** What is done to every picture. */
const recipes: readonly Recipe[] = [
  { name: "grey", filters: "grayscale", encode: { format: "jpeg", quality: 85 } },
  { name: "soft", filters: "blur(3)", encode: { format: "webp", quality: 80 } },
  { name: "bright", filters: "brightness(1.3)", encode: { format: "jpeg" } },
  { name: "edges", filters: "edges", encode: { format: "png" } },
  { name: "sketch", filters: "grayscale | blur(2) | brightness(1.2) | edges", encode: { format: "png" } },
  {
    name: "dark-soft",
    filters: "brightness(0.6) | blur(1.5)",
    encode: { format: "avif", quality: 55, effort: 2 },
  },
];

/** Every picture of images/ with every recipe, `rounds` times over. */
export async function listWork(pipeline: Pipeline, rounds: number): Promise<ImageTask[]> {
  const pictures = (await readdir(imagesFolder))
    .filter((name) => /\.(jpe?g|png|webp)$/.test(name))
    .toSorted();
  const round = (suffix: string): ImageTask[] =>
    pictures.flatMap((input) => recipes.map((recipe) => toTask(pipeline, input, recipe, suffix)));
  return Array.from({ length: rounds }, (_, index) => round(index === 0 ? "" : `-${index + 1}`)).flat();
}

function toTask(
  pipeline: Pipeline,
  input: string,
  { name, filters, encode }: Recipe,
  suffix: string,
): ImageTask {
  const output = `${parse(input).name}-${name}${suffix}.${encode.format === "jpeg" ? "jpg" : encode.format}`;
  return { input, output, filters: pipeline.parse(filters), encode };
}
