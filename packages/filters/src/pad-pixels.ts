import type { Rgba } from "./color.ts";
import { runKernels } from "./kernels/run-kernels.ts";
import { inSlices } from "./kernels/slices.ts";
import type { Size } from "./operation.ts";
import type { RawImage } from "./raw-image.ts";
import { roomFor, samplesOf } from "./room-for.ts";

/** A picture on a larger ground of one colour, its top left corner at `left`, `top`. */
export async function padPixels(
  pixels: RawImage,
  size: Size,
  { left, top }: { readonly left: number; readonly top: number },
  color: Rgba,
  signal: AbortSignal | undefined,
): Promise<RawImage> {
  const inner = await runKernels(pixels, roomFor(color), { signal });
  const { channels } = inner;
  const { width, height } = size;
  const data = Buffer.allocUnsafeSlow(width * height * channels);
  const sample = Uint8Array.from(samplesOf(color, channels));
  const ground = Buffer.alloc(width * channels, sample);
  const rowBytes = inner.width * channels;
  await inSlices(height, signal, (y) => {
    data.set(ground, y * width * channels);
    const row = y - top;
    if (row < 0 || row >= inner.height) return;
    data.set(inner.data.subarray(row * rowBytes, (row + 1) * rowBytes), (y * width + left) * channels);
  });
  return { data, width, height, channels };
}
