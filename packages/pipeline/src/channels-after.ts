import type { Operation, RawImage } from "@imgq/filters";

/** Whether a picture may have transparency once an operation is done; true where the operation does not tell. */
export function alphaAfter(operation: Operation, alpha: boolean): boolean {
  switch (operation.kind) {
    case "chain":
      return alpha || operation.addsAlpha === true || operation.slots.length === 0;
    case "pixels": {
      if (operation.kernels === undefined) return true;
      let channels: RawImage["channels"] = alpha ? 4 : 3;
      for (const kernel of operation.kernels)
        if (kernel.kind === "point") channels = kernel.outputChannels(channels);
      return channels % 2 === 0;
    }
    default:
      return alpha;
  }
}
