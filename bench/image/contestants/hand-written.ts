import { readFile, writeFile } from "node:fs/promises";
import { performance } from "node:perf_hooks";
import type { RawImage } from "@imgq/filters";
import { affine, gaussianBlur, gradient, type Kernel, luma, runKernels } from "@imgq/filters/kernels";
import sharp, { type Sharp } from "sharp";
import type { Contestant } from "../contestant.ts";
import type { FilterWork } from "../works.ts";

const jpeg = { quality: 80, optimiseCoding: false };

/** The fastest construction known of sharp and the same kernels, without anything around it. */
export function handWritten(): Contestant {
  return {
    name: "hand-written",
    version: sharp.versions.sharp,
    form: "The fastest construction known of sharp and imgq's own kernels, written out; no checks, plain write.",
    takes: () => true,
    async run(work, input, output) {
      if (work === "codec") return codec(input, output);
      const begun = performance.now();
      await writeFile(output, await encode(work, await readFile(input)));
      return performance.now() - begun;
    },
  };
}

async function codec(input: string, output: string): Promise<number> {
  const begun = performance.now();
  const pixels = await decode(await readFile(input));
  const decoded = performance.now();
  const grey = await runKernels(pixels, [luma()]);
  const resumed = performance.now();
  await writeFile(output, await finish(grey));
  return decoded - begun + performance.now() - resumed;
}

async function encode(work: FilterWork, bytes: Buffer): Promise<Buffer> {
  switch (work) {
    case "blur":
      return sharp(bytes).autoOrient().blur({ sigma: 2 }).jpeg(jpeg).toBuffer();
    case "thumbnail":
      return sharp(bytes).autoOrient().resize(320).jpeg(jpeg).toBuffer();
    case "grayscale":
      return filtered(bytes, [luma()]);
    case "brightness":
      return filtered(bytes, [affine({ multiply: 1.2 })]);
    case "edges":
      return filtered(bytes, [luma(), sobel]);
    case "four":
      return filtered(bytes, [luma(), ...softly, affine({ multiply: 1.2 }), sobel]);
  }
}

const sobel = gradient({ operator: "sobel", norm: "l2" });
const softly = gaussianBlur(2) ?? [];
if (softly.length === 0) throw new Error("There is no kernel for a blur of 2.");

/** All kernels in one walk, over the decoded pixels' own memory. */
async function filtered(bytes: Buffer, kernels: readonly Kernel[]): Promise<Buffer> {
  return finish(await runKernels(await decode(bytes), kernels, { reuseInput: true }));
}

function decode(bytes: Buffer): Promise<RawImage> {
  return raw(sharp(bytes).autoOrient());
}

async function raw(image: Sharp): Promise<RawImage> {
  const { data, info } = await image.raw().toBuffer({ resolveWithObject: true });
  return { data, width: info.width, height: info.height, channels: info.channels };
}

function open({ data, width, height, channels }: RawImage): Sharp {
  return sharp(data, { raw: { width, height, channels } });
}

function finish(pixels: RawImage): Promise<Buffer> {
  const image = open(pixels);
  return (pixels.channels === 1 ? image.toColourspace("b-w") : image).jpeg(jpeg).toBuffer();
}
