import { readFile, writeFile } from "node:fs/promises";
import { performance } from "node:perf_hooks";
import sharp, { type Sharp } from "sharp";
import type { Contestant } from "../contestant.ts";
import type { Work } from "../works.ts";
import { sobel } from "./plain-sobel.ts";

/** What most people write: one chain of sharp, and a loop of JavaScript for what sharp lacks. */
export function plainSharp(): Contestant {
  return {
    name: "sharp",
    version: sharp.versions.sharp,
    form: "One chain of sharp's own operations, and a Sobel in plain JavaScript over its raw pixels.",
    takes: (work) => work !== "codec",
    async run(work, input, output) {
      const begun = performance.now();
      await writeFile(output, await encode(work, await readFile(input)));
      return performance.now() - begun;
    },
  };
}

async function encode(work: Work, bytes: Buffer): Promise<Buffer> {
  const image = sharp(bytes).autoOrient();
  switch (work) {
    case "grayscale":
      return image.greyscale().jpeg({ quality: 80 }).toBuffer();
    case "blur":
      return image.blur(2).jpeg({ quality: 80 }).toBuffer();
    case "brightness":
      return image.linear(1.2, 0).jpeg({ quality: 80 }).toBuffer();
    case "thumbnail":
      return image.resize(320).jpeg({ quality: 80 }).toBuffer();
    case "edges":
      return edges(image.greyscale());
    case "four":
      return edges(image.greyscale().blur(2).linear(1.2, 0));
    case "codec":
      throw new Error("Not taken.");
  }
}

async function edges(grey: Sharp): Promise<Buffer> {
  const { data, info } = await grey.raw().toBuffer({ resolveWithObject: true });
  const { width, height } = info;
  return sharp(sobel(data, width, height), { raw: { width, height, channels: 1 } })
    .toColourspace("b-w")
    .jpeg({ quality: 80 })
    .toBuffer();
}
