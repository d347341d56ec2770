import * as v from "valibot";
import { backgroundOf, roomFor } from "../background.ts";
import { color, parseColor } from "../color.ts";
import { defineGeometryFilter } from "../define-geometry-filter.ts";
import type { Filter } from "../filter.ts";
import type { Operation } from "../operation.ts";
import { about, numberFrom, parameters } from "../parameters.ts";

export interface RotateParams {
  /** Clockwise, in degrees, −360 to 360. */
  readonly angle: number;
  /** Colour of the corners that an angle other than a quarter turn leaves. @default "transparent" */
  readonly background: string;
}

/** Turns clockwise: quarters exactly, other angles by bicubic sampling into a picture large enough for all of it. */
export const rotate: Filter<"rotate", { angle: number; background?: string }, RotateParams> =
  defineGeometryFilter({
    name: "rotate",
    description: "Turns the picture clockwise.",
    params: parameters({
      angle: about("Degrees, clockwise.", numberFrom(-360, 360)),
      background: v.optional(about("Colour of the corners left empty.", color()), "transparent"),
    }),
    positional: ["angle", "background"],
    example: "rotate(-8, white)",
    operations: ({ angle, background }) => {
      const quarters = angle / 90;
      return Number.isInteger(quarters) ? [quarterTurns(quarters)] : freeTurn(angle, background);
    },
  });

function quarterTurns(quarters: number): Operation {
  switch (((quarters % 4) + 4) % 4) {
    case 1:
      return { kind: "orient", flop: false, quarterTurns: 1 };
    case 2:
      return { kind: "orient", flop: false, quarterTurns: 2 };
    case 3:
      return { kind: "orient", flop: false, quarterTurns: 3 };
    default:
      return { kind: "nothing" };
  }
}

function freeTurn(angle: number, background: string): readonly Operation[] {
  const color = parseColor(background);
  return [
    roomFor(color),
    {
      kind: "chain",
      slots: ["rotate"],
      addsAlpha: color[3] < 255,
      size: "unknown",
      apply: (image, before) => image.rotate(angle, { background: backgroundOf(color, before) }),
    },
  ];
}
