/**
 * The places where sharp performs its operations, in the fixed order in which it performs them, whatever the order of
 * the calls. Each holds one value: a second call overwrites the first. (Order of sharp 0.35, `src/pipeline.cc`.)
 */
export const sharpSlots = [
  "trim",
  "extract-before-resize",
  "flatten",
  "gamma",
  "greyscale",
  "resize",
  "orient",
  "join-channel",
  "crop-or-embed",
  "rotate",
  "extract",
  "affine",
  "extend",
  "median",
  "threshold",
  "dilate",
  "erode",
  "blur",
  "unflatten",
  "convolve",
  "recomb",
  "modulate",
  "sharpen",
  "composite",
  "gamma-out",
  "linear",
  "normalise",
  "clahe",
  "boolean",
  "bandbool",
  "tint",
  "alpha",
  "extract-channel",
  "negate",
] as const;

export type SharpSlot = (typeof sharpSlots)[number];
