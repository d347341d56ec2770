import { backgroundOf, roomFor } from "./background.ts";
import type { Rgba } from "./color.ts";
import type { Operation, Region, Size } from "./operation.ts";

/** Where a picture comes to lie, and how large the ground is. */
export interface Ground {
  readonly size: Size;
  readonly place: Pick<Region, "left" | "top">;
}

/** Lays a picture on a larger ground of one colour. */
export function padOperations(color: Rgba, groundOf: (size: Size) => Ground): readonly Operation[] {
  return [
    roomFor(color),
    {
      kind: "chain",
      slots: ["extend"],
      addsAlpha: color[3] < 255,
      size: (before) => groundOf(before).size,
      apply: (image, before) => {
        const { size, place } = groundOf(before);
        return image.extend({
          left: place.left,
          top: place.top,
          right: size.width - before.width - place.left,
          bottom: size.height - before.height - place.top,
          background: backgroundOf(color, before),
        });
      },
    },
  ];
}
