import type { Operation, Size } from "@imgq/filters";

/** The size of a picture once an operation is done; undefined when only doing it tells. */
export function sizeAfter(operation: Operation, size: Size): Size | undefined {
  switch (operation.kind) {
    case "resize":
      return operation.target(size);
    case "crop":
      return operation.region(size);
    case "orient":
      return operation.quarterTurns % 2 === 0 ? size : { width: size.height, height: size.width };
    case "chain":
      if (operation.size === "unknown") return undefined;
      return operation.size === undefined ? size : operation.size(size);
    case "pixels":
      if (operation.size !== undefined) return operation.size(size);
      // One that computes on its own may crop, as trim does.
      return operation.kernels === undefined ? undefined : size;
    case "tone":
    case "nothing":
      return size;
  }
}
