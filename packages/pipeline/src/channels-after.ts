import type { Operation, PixelOperation, PossibleChannels, RawImage } from "@imgq/filters";
import { hasAlpha } from "./raw-pixels.ts";

export function channelsOfPixels({ channels }: Pick<RawImage, "channels">): PossibleChannels {
  return { alpha: hasAlpha(channels), grey: channels < 3 };
}

/** What is known once an operation is done. */
export function channelsAfter(operation: Operation, before: PossibleChannels): PossibleChannels {
  switch (operation.kind) {
    case "chain": {
      const { slots, addsAlpha, colour } = operation;
      const unknown = slots.length === 0;
      const grey = colour === "grey" || (before.grey && colour !== "colour");
      return { alpha: before.alpha || addsAlpha === true || unknown, grey: grey || unknown };
    }
    case "pixels":
      return afterKernels(operation, before);
    default:
      return before;
  }
}

function afterKernels({ kernels }: PixelOperation, before: PossibleChannels): PossibleChannels {
  if (kernels === undefined) return { alpha: true, grey: true };
  // What becomes of alpha does not depend on the colours, nor what stays grey on alpha.
  const after = (channels: RawImage["channels"]): RawImage["channels"] =>
    kernels.reduce((now, kernel) => (kernel.kind === "point" ? kernel.outputChannels(now) : now), channels);
  const alpha = after(before.alpha ? 4 : 3) % 2 === 0;
  return { alpha, grey: after(before.grey ? 1 : 3) < 3 };
}
