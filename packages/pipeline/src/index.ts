export type { BatchItem, BatchOptions, BatchProgress, BatchReport } from "./batch.ts";
export { type EncodeOptions, type OutputFormat, outputFormats } from "./encode-options.ts";
export {
  InputError,
  InvalidImageError,
  type InvalidImageReason,
  InvalidPipelineError,
  InvalidTaskError,
  LimitExceededError,
  OperationFailedError,
  TimeLimitError,
  UnsafePathError,
} from "./errors.ts";
export type { Plan, PlannedPass, PlannedVariant } from "./explain.ts";
export type { ImageOutput, ImageResult, ImageTimings } from "./image-result.ts";
export type { ImageTask, Variant } from "./image-task.ts";
export { type Limits, type PipelineOptions, pipelineDefaults } from "./options.ts";
export { createPipeline, type Pipeline, type StepOf, type TaskOf } from "./pipeline.ts";
export type { PictureFacts } from "./pass.ts";
export type { Placeholder } from "./placeholder.ts";
export type { PassTiming } from "./run-passes.ts";
