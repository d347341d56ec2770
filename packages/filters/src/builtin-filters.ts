import { blur } from "./catalogue/blur.ts";
import { brightness } from "./catalogue/brightness.ts";
import { edges } from "./catalogue/edges.ts";
import { grayscale } from "./catalogue/grayscale.ts";

/** Every filter that comes with imgq. */
export const builtinFilters: readonly [typeof grayscale, typeof blur, typeof brightness, typeof edges] = [
  grayscale,
  blur,
  brightness,
  edges,
];
