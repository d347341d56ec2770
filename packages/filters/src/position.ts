import type { Region, Size } from "./operation.ts";
import type * as v from "valibot";
import { oneOf } from "./parameters.ts";

/** Where something smaller lies in something larger. */
const positions = [
  "center",
  "north",
  "northeast",
  "east",
  "southeast",
  "south",
  "southwest",
  "west",
  "northwest",
] as const;
export type Position = (typeof positions)[number];

export function position(): v.GenericSchema<Position> {
  return oneOf(positions);
}

/** The place of `inner` in `outer`; of a pixel that cannot be halved the right and the bottom get more. */
export function place(inner: Size, outer: Size, where: Position): Region {
  const across = where.endsWith("west") ? 0 : where.endsWith("east") ? 1 : 0.5;
  const down = where.startsWith("north") ? 0 : where.startsWith("south") ? 1 : 0.5;
  return {
    left: Math.floor((outer.width - inner.width) * across),
    top: Math.floor((outer.height - inner.height) * down),
    width: inner.width,
    height: inner.height,
  };
}
