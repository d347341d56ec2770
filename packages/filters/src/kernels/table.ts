import { InvalidOptionError } from "@imgq/core";
import type { Channels, PointKernel } from "./kernel.ts";
import { tileMemory } from "./tile-memory.ts";

/**
 * Replaces each colour value by `tables[channel][value]`; alpha is kept. One table serves all colours, or one each
 * for red, green and blue; on grey images the first counts. Throws {@link InvalidOptionError} for another number of
 * tables or entries.
 */
export function table(tables: readonly Uint8Array[]): PointKernel {
  const [first] = tables;
  if (first === undefined || (tables.length !== 1 && tables.length !== 3)) {
    throw new InvalidOptionError(
      "tables",
      "be one table or three",
      tables.length,
      "Give one, or red, green, blue.",
    );
  }
  for (const { length } of tables) {
    if (length === 256) continue;
    throw new InvalidOptionError("tables", "have 256 entries each", length, "Give an entry for each value.");
  }
  const colours = tables.length === 3 ? tables : [first, first, first];
  return {
    kind: "point",
    name: "table",
    outputChannels: (channels) => channels,
    run(wasm, at, pixels, channels) {
      const memory = new Uint8Array(wasm.memory.buffer, tileMemory.parameters, 1024);
      planes(colours, channels).forEach((plane, channel) => memory.set(plane, channel * 256));
      wasm.table(at, pixels * channels, channels, tileMemory.parameters);
    },
  };
}

const identity: Uint8Array = Uint8Array.from({ length: 256 }, (_, value) => value);

function planes(colours: readonly Uint8Array[], channels: Channels): readonly Uint8Array[] {
  const used = colours.slice(0, channels < 3 ? 1 : 3);
  return channels % 2 === 0 ? [...used, identity] : used;
}
