export { builtinFilters } from "./builtin-filters.ts";
export { autoOrient } from "./catalogue/auto-orient.ts";
export { blur, type BlurParams } from "./catalogue/blur.ts";
export { border, type BorderParams } from "./catalogue/border.ts";
export { boxBlur, type BoxBlurParams } from "./catalogue/box-blur.ts";
export { brightness, type BrightnessParams } from "./catalogue/brightness.ts";
export { channel, type ChannelParams } from "./catalogue/channel.ts";
export { contrast, type ContrastParams } from "./catalogue/contrast.ts";
export { convolve, type ConvolveParams } from "./catalogue/convolve.ts";
export { crop, type CropParams, type CropInput } from "./catalogue/crop.ts";
export { duotone, type DuotoneParams } from "./catalogue/duotone.ts";
export { edges, type EdgeOperator, type EdgesParams } from "./catalogue/edges.ts";
export { emboss, type EmbossParams } from "./catalogue/emboss.ts";
export { equalize, type EqualizeParams } from "./catalogue/equalize.ts";
export { flatten, type FlattenParams } from "./catalogue/flatten.ts";
export { flip, flop } from "./catalogue/flip.ts";
export { gamma, type GammaParams } from "./catalogue/gamma.ts";
export { grayscale } from "./catalogue/grayscale.ts";
export { hue, type HueParams } from "./catalogue/hue.ts";
export { mask, type MaskSource, type MaskParams } from "./catalogue/mask.ts";
export { median, type MedianParams } from "./catalogue/median.ts";
export { motionBlur, type MotionBlurParams } from "./catalogue/motion-blur.ts";
export { negate } from "./catalogue/negate.ts";
export { noise, type NoiseParams } from "./catalogue/noise.ts";
export { normalize, type NormalizeParams } from "./catalogue/normalize.ts";
export { pad, type PadParams } from "./catalogue/pad.ts";
export { pixelate, type PixelateParams } from "./catalogue/pixelate.ts";
export { posterize, type PosterizeParams } from "./catalogue/posterize.ts";
export { resize, type ResizeParams } from "./catalogue/resize.ts";
export { rotate, type RotateParams } from "./catalogue/rotate.ts";
export { roundCorners, type RoundCornersParams } from "./catalogue/round-corners.ts";
export { saturation, type SaturationParams } from "./catalogue/saturation.ts";
export { sepia, type SepiaParams } from "./catalogue/sepia.ts";
export { sharpen, type SharpenParams } from "./catalogue/sharpen.ts";
export { smartCrop, type SmartCropStrategy, type SmartCropParams } from "./catalogue/smart-crop.ts";
export { threshold, type ThresholdParams } from "./catalogue/threshold.ts";
export { tint, type TintParams } from "./catalogue/tint.ts";
export { trim, type TrimParams } from "./catalogue/trim.ts";
export { unsharp, type UnsharpParams } from "./catalogue/unsharp.ts";
export { vignette, type VignetteParams } from "./catalogue/vignette.ts";
export { watermark, type WatermarkParams } from "./catalogue/watermark.ts";
export { color, parseColor, type Rgba } from "./color.ts";
export { defineFilter, type FuseDeclaration, type SharpFilterDeclaration } from "./define-filter.ts";
export { defineGeometryFilter, type GeometryFilterDeclaration } from "./define-geometry-filter.ts";
export { defineKernelFilter, type KernelFilterDeclaration } from "./define-kernel-filter.ts";
export { definePixelFilter, type PixelFilterDeclaration } from "./define-pixel-filter.ts";
export { defineToneFilter, type ToneFilterDeclaration, type ToneLine } from "./define-tone-filter.ts";
export { describeFilter, type FilterDescription, type ParameterDescription } from "./describe-filter.ts";
export { InvalidFilterError, InvalidParametersError, type ParameterIssue } from "./errors.ts";
export type { Fit } from "./fit.ts";
export type { BoundStep, Filter, FilterDeclaration, Step } from "./filter.ts";
export {
  type ChainOperation,
  type CropOperation,
  type FilterContext,
  type NoOperation,
  type Operation,
  type OrientOperation,
  type PixelOperation,
  type PossibleChannels,
  type Region,
  type ResizeKernel,
  type ResizeOperation,
  resizeKernels,
  type SharpForm,
  type Size,
  type ToneOperation,
} from "./operation.ts";
export { about, flag, integerFrom, numberFrom, oneOf, parameters, text } from "./parameters.ts";
export type { Position } from "./position.ts";
export type { RawImage } from "./raw-image.ts";
export { type SharpSlot, sharpSlots } from "./sharp-slots.ts";
