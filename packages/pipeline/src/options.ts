import { type Filter, builtinFilters } from "@imgq/filters";
import { InvalidOptionError, MINUTE } from "@imgq/core";

/** What one picture may cost. */
export interface Limits {
  /** Bytes of an input file. @default 25 MB */
  readonly maxBytes: number;
  /** Pixels of an input, all its frames together. @default 50 million */
  readonly maxInputPixels: number;
  /** Pixels of any picture on the way and at the end, all its frames together. @default 50 million */
  readonly maxOutputPixels: number;
  /** Frames read of an animated input when the task asks for animation. @default 256 */
  readonly maxFrames: number;
  /** Steps in one task, those of its variants included. @default 64 */
  readonly maxSteps: number;
  /** Milliseconds one task may take. A native call is not interrupted: its result is dropped. @default 2 minutes */
  readonly timeMs: number;
}

export interface PipelineOptions<Filters extends readonly Filter[] = readonly Filter[]> {
  /** The filters that steps may name. @default the built-in ones */
  readonly filters?: Filters;
  /** Folder that inputs are read from; a path that leads out of it, by `..` or a link, is refused. */
  readonly inputRoot: string;
  /** Folder that outputs are written to. Made when it does not exist. */
  readonly outputRoot: string;
  readonly limits?: Partial<Limits>;
  /** Threads that libvips uses for one picture. Throughput is best with 1 and several pictures at once. @default 1 */
  readonly threads?: number;
}

const MEGABYTE = 1_000_000;

/** What an option is when it is left out. */
export const pipelineDefaults: {
  readonly filters: typeof builtinFilters;
  readonly limits: Limits;
  readonly threads: number;
} = {
  filters: builtinFilters,
  limits: {
    maxBytes: 25 * MEGABYTE,
    maxInputPixels: 50_000_000,
    maxOutputPixels: 50_000_000,
    maxFrames: 256,
    maxSteps: 64,
    timeMs: 2 * MINUTE,
  },
  threads: 1,
};

/** Defaults filled in, every limit checked. @throws {InvalidOptionError} */
export function resolveLimits(limits: Partial<Limits> = {}): Limits {
  const resolved = { ...pipelineDefaults.limits, ...limits };
  for (const [name, value] of Object.entries(resolved)) {
    if (!Number.isSafeInteger(value) || value < 1) {
      throw new InvalidOptionError(
        `limits.${name}`,
        "be a whole number of at least 1",
        value,
        "Leave it out for the default.",
      );
    }
  }
  return resolved;
}
