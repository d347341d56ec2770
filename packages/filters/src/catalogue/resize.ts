import * as v from "valibot";
import { color, parseColor } from "../color.ts";
import { defineGeometryFilter } from "../define-geometry-filter.ts";
import { type Fit, type FitTarget, fits, fittedSize } from "../fit.ts";
import type { Filter } from "../filter.ts";
import { type Operation, type ResizeKernel, resizeKernels, type Size } from "../operation.ts";
import { padOperations } from "../pad-operation.ts";
import { about, flag, integerFrom, oneOf, parameters } from "../parameters.ts";
import { type Position, place, position } from "../position.ts";

const MAX_SIDE = 32_768;

export interface ResizeParams {
  /** In pixels; without it the picture keeps its proportions. */
  readonly width?: number | undefined;
  /** In pixels; without it the picture keeps its proportions. */
  readonly height?: number | undefined;
  /** What to do when width and height have other proportions than the picture. @default "cover" */
  readonly fit: Fit;
  /** Which part `cover` keeps, where `contain` puts the picture. @default "center" */
  readonly position: Position;
  /** How pixels are mixed. @default "lanczos3" */
  readonly kernel: ResizeKernel;
  /** Whether a smaller picture may grow. @default true */
  readonly enlarge: boolean;
  /** Colour of the room that `contain` leaves. @default "black" */
  readonly background: string;
}

/**
 * Scales to a size. `cover` fills it and cuts what is over, `contain` shows all and fills the rest with `background`,
 * `fill` stretches, `inside` is the largest that fits in, `outside` the smallest that covers it. At least one of width
 * and height is given.
 */
export const resize: Filter<"resize", Partial<ResizeParams>, ResizeParams> = defineGeometryFilter({
  name: "resize",
  description: "Scales the picture to a width, a height, or both.",
  params: v.pipe(
    parameters({
      width: v.optional(about("Pixels across.", integerFrom(1, MAX_SIDE))),
      height: v.optional(about("Pixels down.", integerFrom(1, MAX_SIDE))),
      fit: v.optional(about("What to do about other proportions.", oneOf(fits)), "cover"),
      position: v.optional(about("Which part cover keeps, where contain puts it.", position()), "center"),
      kernel: v.optional(about("How pixels are mixed.", oneOf(resizeKernels)), "lanczos3"),
      enlarge: v.optional(about("Whether a smaller picture may grow.", flag()), true),
      background: v.optional(about("Colour of the room that contain leaves.", color()), "black"),
    }),
    v.check(
      ({ width, height }) => width !== undefined || height !== undefined,
      "must have width, height or both",
    ),
  ),
  positional: ["width", "height", "fit"],
  example: "resize(160, 160, cover)",
  operations: operationsOf,
});

function operationsOf(params: ResizeParams): readonly Operation[] {
  const { width, height, fit, enlarge, kernel } = params;
  const target: FitTarget = { width, height, fit, enlarge };
  const scale: Operation = { kind: "resize", kernel, target: (size) => fittedSize(size, target) };
  if (width === undefined || height === undefined) return [scale];
  const frame = { width, height };
  if (fit === "cover")
    return [scale, { kind: "crop", region: (size) => cover(size, frame, params.position) }];
  if (fit === "contain") return [scale, ...contain(frame, params.position, params.background)];
  return [scale];
}

function cover(size: Size, frame: Size, where: Position): ReturnType<typeof place> {
  const kept = { width: Math.min(size.width, frame.width), height: Math.min(size.height, frame.height) };
  return place(kept, size, where);
}

function contain(frame: Size, where: Position, background: string): readonly Operation[] {
  return padOperations(parseColor(background), (size) => ({ size: frame, place: place(size, frame, where) }));
}
