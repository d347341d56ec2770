import type { Rgba } from "./color.ts";
import { padPixels } from "./pad-pixels.ts";
import type { Operation, Region, Size } from "./operation.ts";

/** Where a picture comes to lie, and how large the ground is. */
export interface Ground {
  readonly size: Size;
  readonly place: Pick<Region, "left" | "top">;
}

/**
 * Lays a picture on a larger ground of one colour. Black and white, which any layout of channels has room for, are laid by
 * sharp, in a pass with its neighbours; other colours may add channels first.
 */
export function padOperation(color: Rgba, groundOf: (size: Size) => Ground): Operation {
  const [r, g, b, alpha] = color;
  const neutral = r === g && g === b && (r === 0 || r === 255);
  if (!neutral || alpha !== 255) {
    return {
      kind: "pixels",
      size: (before) => groundOf(before).size,
      apply: (pixels, { signal }) => {
        const { size, place } = groundOf(pixels);
        return padPixels(pixels, size, place, color, signal);
      },
    };
  }
  return {
    kind: "chain",
    slots: ["extend"],
    size: (before) => groundOf(before).size,
    apply: (image, before) => {
      const { size, place } = groundOf(before);
      return image.extend({
        left: place.left,
        top: place.top,
        right: size.width - before.width - place.left,
        bottom: size.height - before.height - place.top,
        background: { r, g, b, alpha: 1 },
      });
    },
  };
}
