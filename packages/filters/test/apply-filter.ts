import type { BoundStep, Filter, FilterContext, Operation, RawImage, Step } from "@imgq/filters";
import type { Sharp } from "sharp";
import sharp from "sharp";
import { luma, runKernels } from "@imgq/filters/kernels";
import { tone } from "../src/reference/tone.ts";

/** Does a step by itself, each of its operations on raw pixels, without any planner. */
export async function applyFilter(
  filter: Filter,
  step: Step,
  image: RawImage,
  files: Readonly<Record<string, RawImage>> = {},
  { reuseInput = false }: { readonly reuseInput?: boolean } = {},
): Promise<RawImage> {
  const bound: BoundStep = filter.bind(step.params);
  let current = image;
  for (const operation of bound.operations)
    current = await applyOperation(operation, current, files, reuseInput);
  return current;
}

async function applyOperation(
  operation: Operation,
  image: RawImage,
  files: Readonly<Record<string, RawImage>>,
  reuseInput: boolean,
): Promise<RawImage> {
  const context: FilterContext = {
    width: image.width,
    height: image.height,
    channels: image.channels,
    signal: undefined,
    reuseInput,
    readImage: (path) => {
      const file = files[path];
      return file === undefined ? Promise.reject(new Error(`no file ${path}`)) : Promise.resolve(file);
    },
  };
  switch (operation.kind) {
    case "nothing":
      return image;
    case "tone":
      return tone(image, operation.table);
    case "pixels":
      return operation.apply(image, context);
    case "chain":
      return finish(await operation.apply(open(image), context), image, operation.addsAlpha);
    case "crop":
      return finish(open(image).extract(operation.region(image)), image);
    case "resize":
      return finish(
        open(image).resize({ ...operation.target(image), fit: "fill", kernel: operation.kernel }),
        image,
      );
    case "orient": {
      const mirrored = operation.flop ? await finish(open(image).flop(), image) : image;
      return finish(open(mirrored).rotate(operation.quarterTurns * 90), image);
    }
    default:
      throw operation satisfies never;
  }
}

function open({ data, width, height, channels }: RawImage): Sharp {
  return sharp(data, { raw: { width, height, channels } });
}

async function finish(chain: Sharp, before: RawImage, addsAlpha = false): Promise<RawImage> {
  const image = before.channels === 1 && !addsAlpha ? chain.toColourspace("b-w") : chain;
  const { data, info } = await image.raw({ depth: "uchar" }).toBuffer({ resolveWithObject: true });
  const after: RawImage = { data, width: info.width, height: info.height, channels: info.channels };
  // Grey with alpha comes back as RGB with alpha.
  return before.channels < 3 && after.channels > 2 ? runKernels(after, [luma()]) : after;
}
