import { readFile, writeFile } from "node:fs/promises";
import { performance } from "node:perf_hooks";
import type { RawImage } from "@imgq/filters";
import { affine, gradient, luma, runKernels } from "@imgq/filters/kernels";
import sharp, { type Sharp } from "sharp";
import type { Contestant } from "../contestant.ts";
import type { Work } from "../works.ts";

const jpeg = { quality: 80, optimiseCoding: false };

/** The fastest construction known of sharp and the same kernels, without anything around it. */
export function handWritten(): Contestant {
  return {
    name: "hand-written",
    version: sharp.versions.sharp,
    form: "The fastest construction known of sharp and imgq's own kernels, written out; no checks, plain write.",
    takes: () => true,
    async run(work, input, output) {
      const begun = performance.now();
      await writeFile(output, await encode(work, await readFile(input)));
      return performance.now() - begun;
    },
  };
}

async function encode(work: Work, bytes: Buffer): Promise<Buffer> {
  switch (work) {
    case "blur":
      return sharp(bytes).autoOrient().blur({ sigma: 2 }).jpeg(jpeg).toBuffer();
    case "thumbnail":
      return sharp(bytes).autoOrient().resize(320).jpeg(jpeg).toBuffer();
    case "grayscale":
      return finish(await runKernels(await decode(bytes), [luma()]));
    case "brightness":
      return finish(await runKernels(await decode(bytes), [affine({ multiply: 1.2 })]));
    case "edges":
      return finish(
        await runKernels(await decode(bytes), [luma(), gradient({ operator: "sobel", norm: "l2" })]),
      );
    case "four": {
      const grey = await runKernels(await decode(bytes), [luma()]);
      const soft = await raw(open(grey).blur({ sigma: 2 }).toColourspace("b-w"));
      const last = [affine({ multiply: 1.2 }), gradient({ operator: "sobel", norm: "l2" })];
      return finish(await runKernels(soft, last));
    }
  }
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
