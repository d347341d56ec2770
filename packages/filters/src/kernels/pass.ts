import type { Channels, Kernel, PlacedKernel, PointKernel, StencilKernel } from "./kernel.ts";

/** What one walk over the image does, in this order. */
export interface Pass {
  readonly before: readonly PointKernel[];
  readonly stencil: StencilKernel | undefined;
  readonly after: readonly (PointKernel | PlacedKernel)[];
}

/** Groups kernels into the fewest walks that give what running them one by one gives. */
export function planPasses(kernels: readonly Kernel[]): Pass[] {
  const passes: Pass[] = [];
  let before: PointKernel[] = [];
  let after: (PointKernel | PlacedKernel)[] = [];
  let stencil: StencilKernel | undefined;
  for (const kernel of kernels) {
    if (kernel.kind === "stencil") {
      // Neighbourhood and place need the finished result of what came before, also beyond the tile.
      if (stencil !== undefined || after.length > 0) {
        passes.push({ before, stencil, after });
        before = [];
        after = [];
      }
      stencil = kernel;
    } else if (kernel.kind === "point" && stencil === undefined && after.length === 0) {
      before.push(kernel);
    } else {
      after.push(kernel);
    }
  }
  if (stencil !== undefined || before.length + after.length > 0) passes.push({ before, stencil, after });
  return passes;
}

/** Channels of the image before the pass and after each of its kernels. */
export function channelsAlong(
  { before, after }: Pass,
  channels: Channels,
): readonly [Channels, ...Channels[]] {
  const along: [Channels, ...Channels[]] = [channels];
  let current = channels;
  for (const kernel of [...before, ...after]) {
    if (kernel.kind === "point") current = kernel.outputChannels(current);
    along.push(current);
  }
  return along;
}
