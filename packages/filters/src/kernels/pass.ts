import type { Channels, Kernel, PlacedKernel, Placement, PointKernel, StencilKernel } from "./kernel.ts";
import type { WasmKernels } from "./wasm.ts";

/** Kernels that need no neighbours. */
export type LocalKernel = PointKernel | PlacedKernel;

/** A stencil, and what is done to its result before the next one reads it. */
export interface Stage {
  readonly stencil: StencilKernel;
  readonly after: readonly LocalKernel[];
}

/** What one walk over the image does, in this order. */
export interface Pass {
  readonly before: readonly LocalKernel[];
  readonly stages: readonly Stage[];
}

/** Stencils share a walk while together they reach no further: what they keep of earlier rows stays in the cache. */
const SHARED_REACH = 40;

/** Groups kernels into the fewest walks that give what running them one by one gives. */
export function planPasses(kernels: readonly Kernel[]): Pass[] {
  const passes: Pass[] = [];
  let before: LocalKernel[] = [];
  let stages: { stencil: StencilKernel; after: LocalKernel[] }[] = [];
  for (const kernel of kernels) {
    if (kernel.kind !== "stencil") {
      (stages.at(-1)?.after ?? before).push(kernel);
      continue;
    }
    if (stages.length > 0 && furthest([...stages.map(({ stencil }) => stencil), kernel]) > SHARED_REACH) {
      passes.push({ before, stages });
      before = [];
      stages = [];
    }
    stages.push({ stencil: kernel, after: [] });
  }
  if (stages.length + before.length > 0) passes.push({ before, stages });
  return passes;
}

function furthest(stencils: readonly StencilKernel[]): number {
  const { x, y } = reachOf(stencils);
  return Math.max(x, y);
}

/** How far a result depends on the input when stencils follow each other. */
export function reachOf(stencils: readonly StencilKernel[]): StencilKernel["reach"] {
  return stencils.reduce(({ x, y }, { reach }) => ({ x: x + reach.x, y: y + reach.y }), { x: 0, y: 0 });
}

/** Channels before the kernels and after each of them. */
export function channelsAlong(
  kernels: readonly LocalKernel[],
  channels: Channels,
): readonly [Channels, ...Channels[]] {
  const along: [Channels, ...Channels[]] = [channels];
  let current = channels;
  for (const kernel of kernels) {
    if (kernel.kind === "point") current = kernel.outputChannels(current);
    along.push(current);
  }
  return along;
}

export function channelsAfter({ before, stages }: Pass, channels: Channels): Channels {
  return channelsAlong([...before, ...stages.flatMap(({ after }) => after)], channels).at(-1) ?? channels;
}

/** Neighbouring rows in the kernels' memory. */
export interface Rows {
  readonly at: number;
  readonly rows: number;
  readonly rowPixels: number;
  readonly channels: Channels;
}

/** Runs kernels over rows, in place; `placement` is the first pixel's place. */
export function runLocally(
  wasm: WasmKernels,
  kernels: readonly LocalKernel[],
  { at, rows, rowPixels, channels: before }: Rows,
  placement: Placement,
): void {
  let channels = before;
  for (const kernel of kernels) {
    if (kernel.kind === "point") {
      kernel.run(wasm, at, rowPixels * rows, channels);
      channels = kernel.outputChannels(channels);
      continue;
    }
    for (let row = 0; row < rows; row++) {
      const start = at + row * rowPixels * channels;
      kernel.run(wasm, start, rowPixels, channels, { ...placement, y: placement.y + row });
    }
  }
}
