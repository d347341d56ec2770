import { autoOrient } from "./catalogue/auto-orient.ts";
import { blur } from "./catalogue/blur.ts";
import { border } from "./catalogue/border.ts";
import { boxBlur } from "./catalogue/box-blur.ts";
import { brightness } from "./catalogue/brightness.ts";
import { channel } from "./catalogue/channel.ts";
import { contrast } from "./catalogue/contrast.ts";
import { convolve } from "./catalogue/convolve.ts";
import { crop } from "./catalogue/crop.ts";
import { duotone } from "./catalogue/duotone.ts";
import { edges } from "./catalogue/edges.ts";
import { emboss } from "./catalogue/emboss.ts";
import { equalize } from "./catalogue/equalize.ts";
import { flatten } from "./catalogue/flatten.ts";
import { flip, flop } from "./catalogue/flip.ts";
import { gamma } from "./catalogue/gamma.ts";
import { grayscale } from "./catalogue/grayscale.ts";
import { hue } from "./catalogue/hue.ts";
import { mask } from "./catalogue/mask.ts";
import { median } from "./catalogue/median.ts";
import { motionBlur } from "./catalogue/motion-blur.ts";
import { negate } from "./catalogue/negate.ts";
import { noise } from "./catalogue/noise.ts";
import { normalize } from "./catalogue/normalize.ts";
import { pad } from "./catalogue/pad.ts";
import { pixelate } from "./catalogue/pixelate.ts";
import { posterize } from "./catalogue/posterize.ts";
import { resize } from "./catalogue/resize.ts";
import { rotate } from "./catalogue/rotate.ts";
import { roundCorners } from "./catalogue/round-corners.ts";
import { saturation } from "./catalogue/saturation.ts";
import { sepia } from "./catalogue/sepia.ts";
import { sharpen } from "./catalogue/sharpen.ts";
import { smartCrop } from "./catalogue/smart-crop.ts";
import { threshold } from "./catalogue/threshold.ts";
import { tint } from "./catalogue/tint.ts";
import { trim } from "./catalogue/trim.ts";
import { unsharp } from "./catalogue/unsharp.ts";
import { vignette } from "./catalogue/vignette.ts";
import { watermark } from "./catalogue/watermark.ts";

/** Every filter that comes with imgq, in the order of the gallery: geometry, colour and tone, neighbourhoods, layers. */
export const builtinFilters: readonly [
  typeof autoOrient,
  typeof resize,
  typeof crop,
  typeof smartCrop,
  typeof rotate,
  typeof flip,
  typeof flop,
  typeof trim,
  typeof pad,
  typeof border,
  typeof flatten,
  typeof grayscale,
  typeof brightness,
  typeof contrast,
  typeof gamma,
  typeof saturation,
  typeof hue,
  typeof tint,
  typeof sepia,
  typeof duotone,
  typeof negate,
  typeof normalize,
  typeof equalize,
  typeof threshold,
  typeof posterize,
  typeof channel,
  typeof blur,
  typeof boxBlur,
  typeof motionBlur,
  typeof median,
  typeof sharpen,
  typeof unsharp,
  typeof edges,
  typeof emboss,
  typeof convolve,
  typeof pixelate,
  typeof noise,
  typeof vignette,
  typeof roundCorners,
  typeof mask,
  typeof watermark,
] = [
  autoOrient,
  resize,
  crop,
  smartCrop,
  rotate,
  flip,
  flop,
  trim,
  pad,
  border,
  flatten,
  grayscale,
  brightness,
  contrast,
  gamma,
  saturation,
  hue,
  tint,
  sepia,
  duotone,
  negate,
  normalize,
  equalize,
  threshold,
  posterize,
  channel,
  blur,
  boxBlur,
  motionBlur,
  median,
  sharpen,
  unsharp,
  edges,
  emboss,
  convolve,
  pixelate,
  noise,
  vignette,
  roundCorners,
  mask,
  watermark,
];
