import * as v from "valibot";
import { color, parseColor } from "../color.ts";
import { definePixelFilter } from "../define-pixel-filter.ts";
import type { Filter } from "../filter.ts";
import { addAlpha } from "../kernels/alpha.ts";
import { toRgb } from "../kernels/ramp.ts";
import { runKernels } from "../kernels/run-kernels.ts";
import { inSlices } from "../kernels/slices.ts";
import { type LayerPlace, layOver } from "../lay-over.ts";
import type { FilterContext } from "../operation.ts";
import { about, flag, integerFrom, numberFrom, parameters, text } from "../parameters.ts";
import { type Position, place, position } from "../position.ts";
import type { RawImage } from "../raw-image.ts";
import { throughSharp } from "../raw-sharp.ts";
import { renderText } from "../render-text.ts";

export interface WatermarkParams {
  /** Path of a picture in the pipeline's input folder. Either this or `text` is given. */
  readonly image?: string | undefined;
  /** Words to draw, without markup. */
  readonly text?: string | undefined;
  /** @default "southeast" */
  readonly position: Position;
  /** Distance from the edges, and between tiles, in pixels, 0 to 10,000. @default 10 */
  readonly margin: number;
  /** 0 is invisible, 1 as it is. @default 0.7 */
  readonly opacity: number;
  /** Whether to repeat it all over the picture. @default false */
  readonly tile: boolean;
  /** Width of the mark as a part of the picture's width, 0.01 to 1; without it the mark keeps its own size. */
  readonly scale?: number | undefined;
  /** Height of the letters, in pixels, 4 to 1,000. @default 24 */
  readonly size: number;
  /** Of the letters. @default "white" */
  readonly color: string;
  /** A font family that the machine has. @default "sans" */
  readonly font: string;
}

/** Draws a picture or words over the picture. A coloured mark gives a grey picture colours. */
export const watermark: Filter<"watermark", Partial<WatermarkParams>, WatermarkParams> = definePixelFilter({
  name: "watermark",
  description: "Draws a picture or words over the picture, once or all over.",
  params: v.pipe(
    parameters({
      image: v.optional(about("The mark.", text("a path in the input folder", 4096))),
      text: v.optional(about("Words instead of a picture.", text("words", 500))),
      position: v.optional(about("Where it goes.", position()), "southeast"),
      margin: v.optional(about("Pixels from the edges, and between tiles.", integerFrom(0, 10_000)), 10),
      opacity: v.optional(about("0 is invisible, 1 as it is.", numberFrom(0, 1)), 0.7),
      tile: v.optional(about("Whether to repeat it all over.", flag()), false),
      scale: v.optional(about("Its width as a part of the picture's.", numberFrom(0.01, 1))),
      size: v.optional(about("Height of the letters, in pixels.", integerFrom(4, 1000)), 24),
      color: v.optional(about("Colour of the letters.", color()), "white"),
      font: v.optional(about("Font of the letters.", text("a font family of the machine", 100)), "sans"),
    }),
    v.check(
      (given) => (given.image === undefined) !== (given.text === undefined),
      "must have either image or text",
    ),
  ),
  positional: ["image", "position", "opacity"],
  example: 'watermark(text="© imgq", size=28)',
  apply: async (pixels, params, context) => {
    const { signal, reuseInput } = context;
    const mark = await fade(await readMark(pixels, params, context), params.opacity, signal);
    const gainsColors = mark.channels === 4 && pixels.channels < 3;
    const ground = gainsColors ? await runKernels(pixels, [toRgb()], { signal }) : pixels;
    const isOurs = gainsColors || reuseInput;
    const image = isOurs ? ground : { ...ground, data: Buffer.from(ground.data) };
    const layer = image.channels > 2 ? await runKernels(mark, [toRgb()], { signal }) : mark;
    await layOver(image, layer, placeOf(layer, image, params), signal);
    return image;
  },
});

/** The mark in the size it is drawn in, with alpha. */
async function readMark(
  pixels: RawImage,
  params: WatermarkParams,
  context: FilterContext,
): Promise<RawImage> {
  const { width, height } = pixels;
  const mark =
    params.text === undefined
      ? await context.readImage(params.image ?? "")
      : await renderText(params.text, {
          size: params.size,
          color: parseColor(params.color),
          font: params.font,
          room: { width: Math.max(1, width - 2 * params.margin), height },
        });
  const withAlpha = await runKernels(mark, [addAlpha()], { signal: context.signal });
  if (params.scale === undefined) return withAlpha;
  const wanted = Math.max(1, Math.round(width * params.scale));
  // Never higher than the picture either, whatever the mark's proportions.
  return throughSharp(withAlpha, (image) => image.resize({ width: wanted, height, fit: "inside" }));
}

async function fade(mark: RawImage, opacity: number, signal: AbortSignal | undefined): Promise<RawImage> {
  if (opacity === 1) return mark;
  const { width, height, channels } = mark;
  const data = Buffer.from(mark.data);
  const rowBytes = width * channels;
  await inSlices(height, signal, (y) => {
    for (let at = y * rowBytes + channels - 1; at < (y + 1) * rowBytes; at += channels) {
      data[at] = Math.round((data[at] ?? 0) * opacity);
    }
  });
  return { ...mark, data };
}

function placeOf(
  mark: RawImage,
  image: RawImage,
  { margin, position: where, tile }: WatermarkParams,
): LayerPlace {
  // On a picture smaller than its margins the mark must not vanish.
  const across = Math.min(margin, Math.floor((image.width - 1) / 2));
  const down = Math.min(margin, Math.floor((image.height - 1) / 2));
  const inner = { width: image.width - 2 * across, height: image.height - 2 * down };
  const { left, top } = place(mark, inner, where);
  const repeat = tile ? { across: mark.width + margin, down: mark.height + margin } : undefined;
  return { left: left + across, top: top + down, repeat };
}
