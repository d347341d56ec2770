import type { builtinFilters } from "@imgq/filters";
import type { ImageTask, StepOf } from "@imgq/pipeline";

/** A picture and the built-in filters it goes through. */
export type ChaosImage = ImageTask<StepOf<typeof builtinFilters>>;

/** What the tasks of the scenarios do. All but `image` are synthetic, each a way in which real handlers misbehave. */
export type ChaosTask =
  /** Waits, and stops when its signal aborts. */
  | { readonly do: "sleep"; readonly ms: number }
  /** Waits and ignores its signal. */
  | { readonly do: "ignore-signal"; readonly ms: number }
  /** Keeps the main loop busy. */
  | { readonly do: "block"; readonly ms: number }
  /** Keeps threads of libuv's pool busy, as slow pictures do. */
  | { readonly do: "occupy-pool"; readonly ms: number; readonly threads: number }
  /** Throws in its first `times` attempts. */
  | { readonly do: "fail"; readonly times: number }
  | { readonly do: "abort" }
  | { readonly do: "segfault" }
  | { readonly do: "exhaust-memory" }
  /** Returns what objects have inherited that they should not have. */
  | { readonly do: "inspect-prototypes" }
  | { readonly do: "image"; readonly image: ChaosImage };
