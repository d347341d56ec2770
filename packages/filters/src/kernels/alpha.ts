import { packed, type Rgb } from "./color.ts";
import type { PointKernel } from "./kernel.ts";
import { toRgb } from "./ramp.ts";

/** Gives a picture without alpha an opaque alpha channel; others stay. */
export function addAlpha(): PointKernel {
  return {
    kind: "point",
    name: "addAlpha",
    outputChannels: (channels) => (channels === 1 ? 2 : channels === 3 ? 4 : channels),
    run(wasm, at, pixels, channels) {
      if (channels % 2 === 1) wasm.addAlpha(at, pixels, channels);
    },
  };
}

/**
 * Lays a picture over an opaque colour, exactly rounded, and drops its alpha; others stay. Grey over a colour that is
 * not grey becomes RGB.
 */
export function flatten(color: Rgb): PointKernel {
  const neutral = color[0] === color[1] && color[1] === color[2];
  const rgb = toRgb();
  return {
    kind: "point",
    name: "flatten",
    only: "alpha",
    outputChannels: (channels) => (channels === 4 ? 3 : channels === 2 ? (neutral ? 1 : 3) : channels),
    run(wasm, at, pixels, channels) {
      if (channels % 2 === 1) return;
      if (channels === 2 && !neutral) rgb.run(wasm, at, pixels, channels);
      wasm.flatten(at, pixels, channels === 2 && neutral ? 2 : 4, packed(color));
    },
  };
}
