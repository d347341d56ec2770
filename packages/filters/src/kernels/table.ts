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
  const steps = tables.length === 1 ? fewSteps(first) : undefined;
  const colours = tables.length === 3 ? tables : [first, first, first];
  return {
    kind: "point",
    name: "table",
    outputChannels: (channels) => channels,
    run(wasm, at, pixels, channels) {
      const memory = new Uint8Array(wasm.memory.buffer, tileMemory.parameters, 1024);
      if (steps !== undefined) {
        memory.set(steps.list);
        wasm.steps(at, pixels * channels, channels, steps.first, steps.count, tileMemory.parameters);
        return;
      }
      planes(colours, channels).forEach((plane, channel) => memory.set(plane, channel * 256));
      wasm.table(at, pixels * channels, channels, tileMemory.parameters);
    },
  };
}

/** Up to here comparing with each level in SIMD is faster than looking up. */
const MOST_STEPS = 15;

/** A table as the value of 0, and level and change of each step up or down; undefined when it has many. */
function fewSteps(
  table: Uint8Array,
): { readonly first: number; readonly count: number; readonly list: Uint8Array } | undefined {
  const list = new Uint8Array(2 * MOST_STEPS);
  let count = 0;
  for (let level = 1; level < 256; level++) {
    const change = (table[level] ?? 0) - (table[level - 1] ?? 0);
    if (change === 0) continue;
    if (count === MOST_STEPS) return undefined;
    list.set([level, change & 255], 2 * count);
    count++;
  }
  return { first: table[0] ?? 0, count, list };
}

const identity: Uint8Array = Uint8Array.from({ length: 256 }, (_, value) => value);

function planes(colours: readonly Uint8Array[], channels: Channels): readonly Uint8Array[] {
  const used = colours.slice(0, channels < 3 ? 1 : 3);
  return channels % 2 === 0 ? [...used, identity] : used;
}
