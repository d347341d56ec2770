import { performance } from "node:perf_hooks";
import sharp from "sharp";
import type { Contestant } from "../contestant.ts";
import { sobel } from "./plain-sobel.ts";

/** A PNG file between one filter and the next, as pipelines of single tools do. */
export function throughFiles(): Contestant {
  return {
    name: "through files",
    version: sharp.versions.sharp,
    form: "Each filter by itself, from a PNG file to a PNG file, the last to jpeg.",
    takes: (work) => work === "four",
    async run(_work, input, output) {
      const begun = performance.now();
      const files = [1, 2, 3].map((step) => `${output}.${step}.png`);
      const [first = "", second = "", third = ""] = files;
      await sharp(input).autoOrient().greyscale().toFile(first);
      await sharp(first).blur(2).toFile(second);
      await sharp(second).linear(1.2, 0).toFile(third);
      const { data, info } = await sharp(third).greyscale().raw().toBuffer({ resolveWithObject: true });
      const { width, height } = info;
      await sharp(sobel(data, width, height), { raw: { width, height, channels: 1 } })
        .jpeg({ quality: 80 })
        .toFile(output);
      return performance.now() - begun;
    },
  };
}
