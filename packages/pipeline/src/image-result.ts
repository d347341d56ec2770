import type { OutputFormat } from "./encode-options.ts";
import type { Placeholder } from "./placeholder.ts";
import type { PassTiming } from "./run-passes.ts";

/** A file that was written. */
export interface ImageOutput {
  /** As the task names it, below `outputRoot`. */
  readonly output: string;
  readonly width: number;
  readonly height: number;
  readonly bytes: number;
  readonly format: OutputFormat;
  /** Of an animation, when it has more than one. `height` is that of a frame. */
  readonly frames?: number;
  /** Of the file's bytes, hexadecimal. The same task on the same versions makes the same bytes. */
  readonly sha256: string;
}

/** Milliseconds by stage. */
export interface ImageTimings {
  readonly readMs: number;
  readonly passes: readonly PassTiming[];
  readonly writeMs: number;
  readonly totalMs: number;
}

/** What became of a task. The first fields describe the task's own output. JSON throughout. */
export interface ImageResult extends Omit<ImageOutput, "output"> {
  /** How often all pixels were gone over, all outputs together. */
  readonly passes: number;
  readonly timings: ImageTimings;
  /** Of the task's own output, when the task asks for it. */
  readonly placeholder?: Placeholder;
  /** Every file written: the task's own output first, then its variants in their order. */
  readonly outputs: readonly ImageOutput[];
}
