export { builtinFilters } from "./builtin-filters.ts";
export { blur, type BlurParams } from "./catalogue/blur.ts";
export { brightness, type BrightnessParams } from "./catalogue/brightness.ts";
export { type EdgeOperator, edges, type EdgesParams } from "./catalogue/edges.ts";
export { grayscale } from "./catalogue/grayscale.ts";
export { defineFilter, type FuseDeclaration, type SharpFilterDeclaration } from "./define-filter.ts";
export { defineGeometryFilter, type GeometryFilterDeclaration } from "./define-geometry-filter.ts";
export { defineKernelFilter, type KernelFilterDeclaration } from "./define-kernel-filter.ts";
export { definePixelFilter, type PixelFilterDeclaration } from "./define-pixel-filter.ts";
export { defineToneFilter, type ToneFilterDeclaration, type ToneLine } from "./define-tone-filter.ts";
export { InvalidFilterError, InvalidParametersError, type ParameterIssue } from "./errors.ts";
export type { BoundStep, Filter, FilterDeclaration, Step } from "./filter.ts";
export {
  type ChainOperation,
  type CropOperation,
  type FilterContext,
  type NoOperation,
  type Operation,
  type OrientOperation,
  type PixelOperation,
  type Region,
  type ResizeKernel,
  type ResizeOperation,
  resizeKernels,
  type Size,
  type ToneOperation,
} from "./operation.ts";
export { integerFrom, numberFrom, oneOf, parameters } from "./parameters.ts";
export type { RawImage } from "./raw-image.ts";
export { type SharpSlot, sharpSlots } from "./sharp-slots.ts";
