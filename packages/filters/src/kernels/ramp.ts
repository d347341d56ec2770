import { InvalidOptionError } from "@imgq/core";
import { packed, type Rgb } from "./color.ts";
import type { PointKernel } from "./kernel.ts";
import { luma } from "./luma.ts";
import { tileMemory } from "./tile-memory.ts";

/**
 * Gives each grey the colour at its place in a list of 256; colour pictures are made grey by luma first. The result is
 * RGB, with alpha when there was alpha. Throws {@link InvalidOptionError}.
 */
export function ramp(colors: readonly Rgb[]): PointKernel {
  if (colors.length !== 256) {
    throw new InvalidOptionError("colors", "have 256 entries", colors.length, "Give a colour for each grey.");
  }
  const table = Uint32Array.from(colors, packed);
  const grey = luma();
  return {
    kind: "point",
    name: "ramp",
    outputChannels: (channels) => (channels % 2 === 0 ? 4 : 3),
    run(wasm, at, pixels, channels) {
      grey.run(wasm, at, pixels, channels);
      new Uint32Array(wasm.memory.buffer, tileMemory.parameters, 256).set(table);
      wasm.ramp(at, pixels, grey.outputChannels(channels), tileMemory.parameters);
    },
  };
}

const greys: readonly Rgb[] = Array.from({ length: 256 }, (_, grey) => [grey, grey, grey] as const);

/** Grey to RGB of the same look; colour pictures stay. */
export function toRgb(): PointKernel {
  const grey = ramp(greys);
  return {
    kind: "point",
    name: "toRgb",
    only: "grey",
    outputChannels: (channels) => (channels < 3 ? grey.outputChannels(channels) : channels),
    run(wasm, at, pixels, channels) {
      if (channels < 3) grey.run(wasm, at, pixels, channels);
    },
  };
}
